// Follows the log of a run that another program trains, as `RunFollower` does for our own.
import Dispatch
import Foundation

/// What an engine follows and can let go of.
protocol Follower: AnyObject, Sendable {
  func stop()
}

/// Sendable because `log` and `problem` are touched on `queue` alone.
final class LogFollower: Follower, @unchecked Sendable {
  private let queue = DispatchQueue(label: "scant.watch", qos: .userInitiated)
  private let timer: any DispatchSourceTimer
  private let onEvents: @Sendable ([Event]) -> Void
  private let onProblem: @Sendable (any Error) -> Void
  private var log: WatchedLog
  /// The last problem that was told.
  private var problem: String?

  /// Seconds between looks; each costs a `stat` a file.
  static let interval = 0.25

  init(
    _ run: WatchedRun, onEvents: @escaping @Sendable ([Event]) -> Void,
    onProblem: @escaping @Sendable (any Error) -> Void
  ) {
    log = WatchedLog(run)
    self.onEvents = onEvents
    self.onProblem = onProblem
    timer = DispatchSource.makeTimerSource(queue: queue)
    timer.schedule(deadline: .now(), repeating: Self.interval, leeway: .milliseconds(50))
    timer.setEventHandler { [weak self] in self?.look() }
    timer.activate()
  }

  deinit { timer.cancel() }

  /// No event comes afterwards.
  func stop() {
    timer.cancel()
    queue.sync {}
  }

  /// A problem is told once; the next look tries again.
  private func look() {
    dispatchPrecondition(condition: .onQueue(queue))
    do {
      while !timer.isCancelled {
        let (events, hasMore) = try log.readOn()
        if !events.isEmpty { onEvents(events) }
        guard hasMore else { break }
      }
      problem = nil
    } catch {
      let text = reason(of: error)
      if text != problem { onProblem(error) }
      problem = text
    }
  }
}
