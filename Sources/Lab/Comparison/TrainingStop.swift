// Ends the training that a comparison is at: somebody asked for it, or the time is up.
import Foundation
import Synchronization

/// A mutex guards the mutable state.
package final class TrainingStop: Sendable {
  package enum Reason: Sendable { case asked, late }

  private struct State {
    var reason: Reason?
    var trainer: Trainer?
  }

  private let state = Mutex(State())

  package init() {}

  package var reason: Reason? { state.withLock { $0.reason } }

  /// The first reason counts. The training writes a checkpoint and ends.
  package func stop(_ reason: Reason) {
    let trainer = state.withLock { state -> Trainer? in
      state.reason = state.reason ?? reason
      return state.trainer
    }
    trainer?.perform(.stop(.now))
  }

  /// What `stop` ends; at once if that has been asked for.
  func hold(_ trainer: Trainer?) {
    let isStopped = state.withLock { state in
      state.trainer = trainer
      return state.reason != nil
    }
    if isStopped { trainer?.perform(.stop(.now)) }
  }

  /// Stops after this many seconds, unless the returned item is cancelled before.
  func stopLate(after seconds: Double) -> DispatchWorkItem {
    let item = DispatchWorkItem { [weak self] in self?.stop(.late) }
    DispatchQueue.global().asyncAfter(deadline: .now() + max(0, seconds), execute: item)
    return item
  }
}
