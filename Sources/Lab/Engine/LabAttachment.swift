// A run that another process trains, on this engine's screen: its log is followed, and what is
// asked of it goes to its socket.
import Formats
import Foundation

extension LabEngine {
  /// Answered by `.run`, `.attached` and its events.
  func attach(_ folder: RunFolder) throws {
    guard try folder.isTraining() else {
      throw LabError("\(folder.name): nobody trains it now; expected r to go on with it")
    }
    let follower = RunFollower(
      folder, onEvents: { [mailbox] in mailbox.send(.events($0)) },
      onEnd: { [weak self] in self?.left(folder, $0) })
    let isFree = state.withLock { state in
      guard !state.isBusy else { return false }
      state.follower?.stop()
      state.follower = follower
      return true
    }
    guard isFree else {
      throw LabError("a run is going on here; expected it to be stopped before another is followed")
    }
    mailbox.send(.run(folder.name))
    do {
      mailbox.send(.attached(Attachment(run: folder.name, recipe: try folder.readRecipe())))
    } catch {
      mailbox.send(.attached(Attachment(run: folder.name, recipe: nil)))
      mailbox.send(.problem(reason(of: error)))
    }
  }

  /// True where the request is for the run that is followed.
  func forward(_ request: Request) -> Bool {
    guard let follower = state.withLock({ $0.follower }) else { return false }
    if request == .shutDown {
      follower.stop()
      state.withLock { $0.follower = nil }
      return false
    }
    guard case .run(let command) = request else { return false }
    attachments.async { [mailbox] in
      do {
        let answer = try ControlClient.send(command, to: follower.folder)
        if let plan = answer.plan { mailbox.send(.stepBack(plan)) }
      } catch {
        // Where that cannot be told, the error itself is what there is to say.
        guard (try? follower.folder.hasEnded()) == true else {
          return mailbox.send(.problem(reason(of: error)))
        }
        // The follower tells how it ended. What a screen asks by itself needs no answer any more.
        if case .predict = command { return }
        mailbox.send(.problem("\(follower.folder.name) has ended; expected a run that goes on"))
      }
    }
    return true
  }

  /// The run that was followed has ended; its process may go on with another one.
  private func left(_ folder: RunFolder, _ ending: RunFollower.Ending) {
    state.withLock { $0.follower = nil }
    mailbox.send(.attached(nil))
    if ending == .lost {
      let idle = Event(
        run: folder.name, seq: 0, t: 0, step: 0, epoch: 0, body: .state(StateChange(state: .idle)))
      mailbox.send(.events([idle]))
      mailbox.send(
        .problem("\(folder.name): its process is gone; r on 7 Sessions goes on from the checkpoint")
      )
    }
    sendSummaries()
    do { mailbox.send(.sessions(try SessionRow.all(in: shelves, open: sessionFolder))) } catch {
      mailbox.send(.problem(reason(of: error)))
    }
    guard case .ended(let ended) = ending, ended.reason == .done || ended.reason == .failed else {
      return
    }
    lookups.asyncAfter(deadline: .now() + 0.5) { [weak self] in self?.followNext(folder) }
  }

  private func followNext(_ folder: RunFolder) {
    do {
      let next = try RunFolder.training(in: folder.url.deletingLastPathComponent())
      let isFree = state.withLock { $0.follower == nil && !$0.isBusy }
      if let next, isFree { try attach(next) }
    } catch { mailbox.send(.problem(reason(of: error))) }
  }
}

/// A run that is followed, not trained here.
public struct Attachment: Sendable, Equatable {
  public var run: String
  /// Absent where it cannot be read yet.
  public var recipe: Recipe?

  public init(run: String, recipe: Recipe?) {
    self.run = run
    self.recipe = recipe
  }
}

extension RunFolder {
  /// The process that trained it hears no more: its socket goes before its lock.
  fileprivate func hasEnded() throws -> Bool {
    try !StoredFile.exists(control) || !isTraining()
  }
}
