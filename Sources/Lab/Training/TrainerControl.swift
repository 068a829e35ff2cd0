// What a trainer does on request, from its own process and from others: commands, steps back,
// predictions.
import Autograd
import Dispatch
import Formats
import Foundation
import Layers
import Methods
import Synchronization

extension Trainer {
  /// Returns at once; the command is carried out between steps. Each but `predict` and
  /// `planStepBack` is answered by a `Reply`; `plan` gets the answer to `planStepBack`.
  public func perform(
    _ command: RunCommand, plan: (@Sendable (StepBack) -> Void)? = nil
  ) {
    queue.async {
      switch command {
      case .predict(let clips): self.predict(clips)
      case .planStepBack(let count): plan?(self.stepBackPlan(count))
      default: self.obey(command)
      }
    }
  }

  private func obey(_ command: RunCommand) {
    var refusal: String? = "the run is not going on"
    switch stage {
    case .learning, .evaluating: refusal = carryOut(command)
    case .ready, .over: break
    }
    emit(Reply(command: command.name.rawValue, ok: refusal == nil, reason: refusal))
    schedule()
  }

  /// Nil, or why the command is refused.
  private func carryOut(_ command: RunCommand) -> String? {
    switch command {
    case .pause:
      guard gate != .closed else { return "already paused" }
      close("paused")
    case .resume:
      guard gate == .closed else { return "not paused" }
      open(.open)
    case .step(let count, let unit): open(.stepping(max(1, count), unit))
    case .stop(let mode):
      stopping = mode
      if mode != .afterEpoch || gate == .closed { gate = .open }
      emit(StateChange(state: .stopping, what: mode.rawValue))
    case .checkpoint:
      finishWalk()
      return save("manual") ? nil : "it failed"
    case .stepBack(let count): return stepBack(count)
    case .predict, .planStepBack: break
    }
    return nil
  }

  // MARK: the gate

  func close(_ why: String) {
    gate = .closed
    keepState()
    stream?.settle()
    emit(StateChange(state: .paused, what: why))
    log?.flush()
  }

  func open(_ gate: Gate) {
    self.gate = gate
    announceStage()
  }

  func announceStage() {
    if case .evaluating = stage {
      emit(StateChange(state: .evaluating))
    } else {
      emit(StateChange(state: .running, what: stageName))
    }
  }

  /// Counts a unit of a bounded run; the last one closes the gate.
  func countDown(_ unit: StepUnit) {
    guard case .stepping(let left, unit) = gate else { return }
    if left > 1 {
      gate = .stepping(left - 1, unit)
    } else {
      close("step \(position.step)")
    }
  }

  // MARK: other processes

  /// Takes commands at the socket in the run's folder from now on. A file system without sockets
  /// does not prevent the run.
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

  /// Seconds in which a paused run answers `planStepBack`.
  private static let patience = 5.0

  /// Blocks the queue of the socket until the trainer has answered.
  private func planned(_ command: RunCommand) -> ControlAnswer {
    let hasAnswer = DispatchSemaphore(value: 0)
    let box = PlanBox()
    perform(command) { found in
      box.plan.withLock { $0 = found }
      hasAnswer.signal()
    }
    guard hasAnswer.wait(timeout: .now() + Self.patience) == .success else {
      return ControlAnswer("the run does not answer; expected it to be held")
    }
    return ControlAnswer(plan: box.plan.withLock(\.self))
  }

  // MARK: predictions

  /// Scores the clips in batches; a waiting step goes between two batches, so that hundreds of
  /// clips do not hold up the training.
  private func predict(_ ids: [String]) {
    let wanted = Set(ids)
    let parts = plan.splits.flatMap { data in
      let indices = data.clips.indices.filter { wanted.contains(data.clips[$0].id) }
      return stride(from: 0, to: indices.count, by: plan.batchSize).map {
        (data: data, indices: Array(indices[$0..<min($0 + plan.batchSize, indices.count)]))
      }
    }
    predict(parts[...])
  }

  private func predict(_ parts: ArraySlice<(data: any SplitData, indices: [Int])>) {
    guard let learner, let part = parts.first else { return }
    let networks = learner.isScored ? learner.networks : []
    for prediction in part.data.predictions(of: networks, at: part.indices) {
      emit(prediction)
    }
    guard parts.count > 1 else { return }
    queue.async { self.predict(parts.dropFirst()) }
  }

  /// Calls `look` on the trainer's queue with the model as it is now, the splits it is trained and
  /// scored on, and the number of updates; also after the run has ended, never before it begins.
  package func withModel(
    _ look: @escaping @Sendable (any Classifier, [any SplitData], _ step: Int) -> Void
  ) {
    queue.async {
      guard let model = self.learner?.method.model else { return }
      look(model, self.plan.splits, self.position.step)
    }
  }

  // MARK: stepping back

  /// Steps back this many steps; the run must be paused, and is paused afterwards. A step that is
  /// shown phase by phase counts as one. Nil, or why it is refused.
  private func stepBack(_ count: Int) -> String? {
    let back = stepBackPlan(count)
    if let refusal = back.refusal { return refusal }
    do { try goBack(back) } catch {
      fail("stepBack", reason(of: error))
      return reason(of: error)
    }
    return nil
  }

  private func stepBackPlan(_ count: Int) -> StepBack {
    guard gate == .closed else { return .refused(count, "the run is going on; hold it first") }
    let target = position.step - max(1, count) + (walk == nil ? 0 : 1)
    guard target >= 0 else {
      return .refused(count, "step \(position.step) is less than \(count) steps from the start")
    }
    guard let base = base(of: target) else {
      return .refused(
        count, "no state of the epoch of step \(target) is kept; it would not be exact")
    }
    return StepBack(
      count: count, target: target, base: base.step,
      seconds: pace.seconds(for: target - base.step))
  }

  private func base(of target: Int) -> TrainingPosition? {
    keptStates.base(
      of: target, saved: savedPosition, stepsPerEpoch: plan.stepsPerEpoch,
      bestStep: position.bestStep)
  }

  private func goBack(_ back: StepBack) throws {
    guard let base = base(of: back.target), let state = try keptState(base) else {
      throw LabError("\(plan.folder.last.path): no state of step \(back.base); expected one")
    }
    let learner = try Learner(plan)
    try learner.restore(
      state.tensors, at: state.position, context: context(learner), generator: state.generator)
    try restoreBest(state)
    self.learner = learner
    (position, walk, order, stage) = (state.position, nil, nil, .learning)
    announceStage()
    keptStates.keep(state)
    while position.step < back.target {
      let isLast = position.step + 1 == back.target
      try step(learner, isStepping: isLast, isShown: isLast)
    }
    say(
      .info, "back", "back at step \(back.target), trained again from step \(back.base)")
    close("step \(back.target)")
  }

  /// From memory, else from the last checkpoint.
  private func keptState(_ base: TrainingPosition) throws -> KeptState? {
    if let kept = keptStates.all.last(where: { $0.position.isPlace(of: base) }) { return kept }
    let checkpoint = try Checkpoint(reading: plan.folder.last)
    guard let position = checkpoint.position, let generator = checkpoint.generator,
      position.isPlace(of: base)
    else { return nil }
    return KeptState(
      position: position, tensors: checkpoint.tensors, generator: generator, best: nil)
  }

  /// Writes the best checkpoint as it was then.
  private func restoreBest(_ state: KeptState) throws {
    guard state.position.bestStep != position.bestStep else { return }
    if let best = state.best, state.position.bestStep != nil {
      try Checkpoint(plan, tensors: best).write(to: plan.folder.best)
    } else if try StoredFile.exists(plan.folder.best) {
      try FileManager.default.removeItem(at: plan.folder.best)
    }
    bestWeights = state.best
  }

  /// Keeps the present state in memory, while the run is stepped.
  func keepState() {
    guard let learner, walk == nil, !keptStates.holds(position) else { return }
    keptStates.keep(
      KeptState(
        position: position, tensors: learner.state, generator: learner.random.generator,
        best: bestWeights))
  }

  /// Keeps the start of an epoch, so that a run that has never been paused can step back into it.
  func keepEpoch() {
    guard let learner else { return }
    if KeptStates.bytes(of: learner.state) <= KeptStates.epochBytes { keepState() }
  }
}

/// Carries the answer from the trainer's queue to that of the socket.
private final class PlanBox: Sendable {
  let plan = Mutex<StepBack?>(nil)
}
