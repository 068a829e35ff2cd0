/// Ctrl-C, SIGTERM and SIGHUP as a request to stop: the work writes a checkpoint first. A second
/// signal ends the program at once.
import Foundation
import Output
import Synchronization

/// A mutex guards the mutable state.
final class Interruption: Sendable {
  private struct State {
    var isRaised = false
    var handler: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())
  /// What is said at the first signal.
  private let words: String

  /// From now on SIGINT, SIGTERM and SIGHUP come here instead of killing the process. Whoever
  /// started it with a hang-up to be ignored (nohup) has that.
  init(saying words: String = "stopping; what is trained is saved first") {
    self.words = words
    guard let line = SignalHandler.install() else { return }
    let thread = Thread { [weak self] in
      var byte: UInt8 = 0
      while read(line, &byte, 1) != 1 { if errno != EINTR { return } }
      self?.raise()
    }
    thread.start()
  }

  var isRaised: Bool { state.withLock { $0.isRaised } }

  /// Called once at the first signal, on a thread of its own; at once if that has been already.
  func whenRaised(_ handler: @escaping @Sendable () -> Void) {
    let isRaised = state.withLock {
      $0.handler = handler
      return $0.isRaised
    }
    if isRaised { handler() }
  }

  private func raise() {
    let handler = state.withLock { state in
      state.isRaised = true
      return state.handler
    }
    Console.shared.say("\(words) (once more: stop at once)")
    handler?()
  }
}

/// The part that runs in the signal handler: the second signal ends the program even if no thread
/// can be created or all are stuck.
private enum SignalHandler {
  /// Readable after the first signal; nil where the system has no pipe left.
  static func install() -> Int32? {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    // Made here, since a signal is no moment to make anything.
    _ = signalCount.load(ordering: .sequentiallyConsistent)
    signalLine = ends[1]
    for number in [SIGINT, SIGTERM, SIGHUP] {
      var (action, before) = (sigaction(), sigaction())
      action.__sigaction_handler.sa_handler = signalHandler
      action.sa_flags = SA_RESTART
      sigaction(number, &action, &before)
      let ignored = unsafeBitCast(SIG_IGN, to: Int.self)
      let handler = unsafeBitCast(before.__sigaction_handler.sa_handler, to: Int.self)
      if number == SIGHUP, handler == ignored { sigaction(number, &before, nil) }
    }
    return ends[0]
  }
}

/// Where the handler writes. Set before the handler is installed, and only read by it.
nonisolated(unsafe) private var signalLine: Int32 = -1
private let signalCount = Atomic<Int>(0)

/// Async-signal-safe: an atomic counter, `write` and `_exit`.
private let signalHandler: @convention(c) (Int32) -> Void = { _ in
  guard signalCount.add(1, ordering: .sequentiallyConsistent).newValue == 1 else { _exit(130) }
  var byte: UInt8 = 1
  _ = write(signalLine, &byte, 1)
}
