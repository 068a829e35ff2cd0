import CNcurses
import Canvas
import Glibc

/// Waits for keys, wake-ups, signals or a time, without using CPU time.
public struct TerminalLoop: ~Copyable {
  public enum Input: Sendable, Hashable {
    case keys([Key])
    case woken
    /// The size changed, and the screen has adopted it.
    case resized
    /// SIGINT, SIGTERM or SIGHUP, or the terminal has disappeared.
    case interrupted(Int32)
    /// Ctrl-Z: call `Curses.suspend`.
    case suspended
    /// Continued after a stop: call `Curses.redraw` and draw.
    case continued
    case timeout
  }

  private let curses: Curses
  private let wakes: WakePipe
  private let signals: Signals
  private var waiting: [Input] = []

  public init(_ curses: Curses, wakes: WakePipe, signals: consuming Signals) {
    self.curses = curses
    self.wakes = wakes
    self.signals = signals
    // Keys are handled between two batches of a computation, not after the next one.
    _ = scant_short_turns(100_000)
  }

  /// The next input; `.timeout` if nothing happened within the timeout in seconds.
  public mutating func next(timeout: Double? = nil) -> Input {
    let end = timeout.map { TerminalLoop.now + $0 }
    while waiting.isEmpty {
      let left = end.map { max(0, $0 - TerminalLoop.now) }
      let found = wait(milliseconds: left.map { Int32(min(1e6, ($0 * 1000).rounded(.up))) } ?? -1)
      if found == 0, waiting.isEmpty, left != nil { return .timeout }
    }
    return waiting.removeFirst()
  }

  /// Polls once and records all input: signals first, then keys, then wake-ups.
  private mutating func wait(milliseconds: Int32) -> Int32 {
    var entries = [signals.descriptor, curses.input, wakes.descriptor].map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    let found = poll(&entries, nfds_t(entries.count), milliseconds)
    guard found > 0 else { return found }
    if entries[0].revents != 0 { waiting += inputs(signals.read()) }
    if entries[1].revents != 0 { readKeys(Int32(entries[1].revents)) }
    if entries[2].revents != 0 {
      wakes.clear()
      waiting.append(.woken)
    }
    return found
  }

  /// A terminal that is readable but has no data has disappeared.
  private mutating func readKeys(_ events: Int32) {
    let isGone = events & (POLLHUP | POLLERR | POLLNVAL) != 0 || scant_waiting(curses.input) == 0
    let keys = curses.keys()
    if !keys.isEmpty { waiting.append(.keys(keys)) }
    if keys.isEmpty, isGone { waiting.append(.interrupted(SIGHUP)) }
  }

  /// Several size changes count as one.
  private func inputs(_ signals: [Int32]) -> [Input] {
    var inputs: [Input] = []
    for signal in signals {
      switch signal {
      case SIGWINCH: if curses.fitToWindow() { inputs.append(.resized) }
      case SIGTSTP: inputs.append(.suspended)
      case SIGCONT: inputs.append(.continued)
      default: inputs.append(.interrupted(signal))
      }
    }
    return inputs
  }

  /// Seconds of the monotonic clock.
  public static var now: Double { seconds(CLOCK_MONOTONIC) }

  /// The CPU time of the calling thread in s.
  public static var processorSeconds: Double { seconds(CLOCK_THREAD_CPUTIME_ID) }

  private static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
