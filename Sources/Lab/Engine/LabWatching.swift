// The engine's answers about runs that other programs log: they are listed and followed like our
// own, and never commanded or changed.
import Foundation

extension LabEngine {
  /// The watched run in this place; nil for a run of our own.
  func watchedRun(_ url: URL) throws -> WatchedRun? {
    guard let watched else { return nil }
    let path = url.standardizedFileURL.path
    return try watched.runs().first { $0.url.standardizedFileURL.path == path }
  }

  /// Answers what concerns a watched run; false if it is for our own.
  func answerWatched(_ request: SessionRequest) throws -> Bool {
    guard watched != nil else { return false }
    switch request {
    case .record(let url):
      guard let run = try watchedRun(url) else { return false }
      mailbox.send(.recording(try run.recording()))
    case .attach(let url):
      guard let run = try watchedRun(url) else { return false }
      try watch(run)
    case .compare(let urls):
      let records = try urls.map { url in
        try watchedRun(url)?.record() ?? RunRecord(reading: RunFolder(url))
      }
      mailbox.send(.records(records))
    case .delete(let url), .resume(let url), .note(let url, _), .report(let url):
      guard let run = try watchedRun(url) else { return false }
      throw LabError(
        "\(run.name): \(run.format.title) of another program, which scant only reads; "
          + "expected a run of scant")
    default: return false
    }
    return true
  }

  /// A log that is followed is let go of.
  func stopWatching() {
    let follower = state.withLock { state in
      defer { state.logFollower = nil }
      return state.logFollower
    }
    follower?.stop()
  }

  private func watch(_ run: WatchedRun) throws {
    let age = try run.stamp().changed.map { max(0, -$0.timeIntervalSinceNow) }
    stopWatching()
    let isFree = state.withLock { state in
      guard !state.isBusy else { return false }
      state.follower?.stop()
      state.follower = nil
      return true
    }
    guard isFree else {
      throw LabError("a run is going on here; expected it to be stopped before a log is watched")
    }
    mailbox.send(.run(run.name))
    mailbox.send(
      .attached(Attachment(run: run.name, recipe: nil, log: run.format, age: age)))
    let follower = LogFollower(
      run, onEvents: { [mailbox] in mailbox.send(.events($0)) },
      onProblem: { [weak self] in self?.report(.run, reason(of: $0)) })
    state.withLock { $0.logFollower = follower }
  }
}
