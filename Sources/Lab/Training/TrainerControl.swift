// What a trainer is told while it trains, by its own process and by others.
import Dispatch
import Foundation
import Synchronization

extension Trainer {
  /// Returns at once; the command is carried out between steps. Each but `predict` and
  /// `planStepBack` is answered by a `reply` event; `plan` hears the answer to `planStepBack`.
  public func perform(
    _ command: RunCommand, plan: (@Sendable (StepBack) -> Void)? = nil
  ) {
    queue.async {
      switch command {
      case .predict(let clips): self.answer(clips)
      case .planStepBack(let count): plan?(self.stepBackPlan(count))
      default: self.obey(command)
      }
    }
  }

  private func obey(_ command: RunCommand) {
    var refusal: String? = "the run is not going on"
    switch stage {
    case .learning, .evaluating: refusal = refusalOrDone(command)
    case .ready, .over: break
    }
    emit(.reply(Reply(command: command.name.rawValue, ok: refusal == nil, reason: refusal)))
    schedule()
  }

  /// Why the command is refused; nil where it is done.
  private func refusalOrDone(_ command: RunCommand) -> String? {
    switch command {
    case .pause:
      guard gate != .closed else { return "already paused" }
      close("paused")
    case .resume:
      guard gate == .closed else { return "not paused" }
      gate = .open
      announceStage()
    case .step(let count, let unit):
      gate = .stepping(max(1, count), unit)
      announceStage()
    case .stop(let mode):
      stopping = mode
      if mode != .afterEpoch || gate == .closed { gate = .open }
      emit(.state(StateChange(state: .stopping, what: mode.rawValue)))
    case .checkpoint:
      finishWalk()
      return save("manual") ? nil : "it failed"
    case .stepBack(let count): return stepBack(count)
    case .predict, .planStepBack: break
    }
    return nil
  }

  // MARK: other processes

  /// Takes commands at the socket in the run's folder from now on; without one, where the file
  /// system has no sockets, the run goes on all the same.
  func listen() {
    do {
      control = try ControlServer(plan.folder) { [weak self] command in
        guard let self, !isOver else { return ControlAnswer("the run is not going on") }
        if case .planStepBack = command { return planned(command) }
        perform(command)
        return ControlAnswer()
      }
    } catch { controlProblem = "no other process can attach (\(error))" }
  }

  func stopListening() {
    control?.close()
    control = nil
  }

  /// Seconds that a held run may take to say what going back needs.
  private static let patience = 5.0

  /// Blocks the queue of the socket until the trainer has answered.
  private func planned(_ command: RunCommand) -> ControlAnswer {
    let told = DispatchSemaphore(value: 0)
    let box = PlanBox()
    perform(command) { found in
      box.plan.withLock { $0 = found }
      told.signal()
    }
    guard told.wait(timeout: .now() + Self.patience) == .success else {
      return ControlAnswer("the run does not answer; expected it to be held")
    }
    return ControlAnswer(plan: box.plan.withLock(\.self))
  }
}

/// Where the answer of another queue is put.
private final class PlanBox: Sendable {
  let plan = Mutex<StepBack?>(nil)
}
