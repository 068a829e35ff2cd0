/// Ctrl-C and SIGTERM as a wish, not a death: work that listens leaves a checkpoint first. The
/// second wish ends the program at once.
import Dispatch
import Foundation
import Synchronization

/// The sources are made in `init` and only kept; everything that changes is behind the mutex.
final class Interruption: @unchecked Sendable {
  private struct State {
    var isRaised = false
    var handler: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())
  private var sources: [any DispatchSourceSignal] = []

  /// From now on SIGINT and SIGTERM come here instead of killing the process.
  init() {
    for number in [SIGINT, SIGTERM] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { [weak self] in self?.raise() }
      source.activate()
      sources.append(source)
    }
  }

  var isRaised: Bool { state.withLock { $0.isRaised } }

  /// Called once at the first signal, on a queue of its own; at once if that has been already.
  func whenRaised(_ handler: @escaping @Sendable () -> Void) {
    let isRaised = state.withLock {
      $0.handler = handler
      return $0.isRaised
    }
    if isRaised { handler() }
  }

  private func raise() {
    let (isSecond, handler) = state.withLock { state in
      defer { state.isRaised = true }
      return (state.isRaised, state.handler)
    }
    if isSecond { _exit(130) }
    Console.shared.say("stopping; what is trained is saved first (once more: stop at once)")
    handler?()
  }
}
