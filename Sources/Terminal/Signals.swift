import CNcurses
import Glibc
import Synchronization

/// Signals as input: blocked for every thread and read from a descriptor by the one that polls.
public struct Signals: ~Copyable {
  static let handled: [Int32] = [SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGTSTP, SIGCONT]

  /// Readable while a signal waits.
  let descriptor: Int32

  /// Call first in `main`: threads made later inherit it. Writing to a closed pipe becomes an
  /// error instead of a death.
  public static func block() {
    var set = mask
    pthread_sigmask(SIG_BLOCK, &set, nil)
    signal(SIGPIPE, SIG_IGN)
  }

  /// Throws when the system is out of descriptors.
  public init() throws {
    var set = Signals.mask
    descriptor = signalfd(-1, &set, Int32(SFD_CLOEXEC) | Int32(SFD_NONBLOCK))
    if descriptor < 0 { throw TerminalError("no descriptor for signals is left") }
  }

  deinit { close(descriptor) }

  /// The signals that arrive within a number of seconds; returns at once if any are pending.
  public func wait(seconds: Double) -> [Int32] {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&entry, 1, Int32(seconds * 1000)) > 0 ? read() : []
  }

  /// All signals that wait.
  func read() -> [Int32] {
    var signals: [Int32] = []
    var info = signalfd_siginfo()
    let size = MemoryLayout<signalfd_siginfo>.size
    while Glibc.read(descriptor, &info, size) == size { signals.append(Int32(info.ssi_signo)) }
    return signals
  }

  /// Stops this process with the default action of SIGTSTP and returns when it is continued.
  static func stopProcess() {
    signal(SIGTSTP, SIG_DFL)  // ncurses may have put its own handler there
    var stop = sigset_t()
    sigemptyset(&stop)
    sigaddset(&stop, SIGTSTP)
    kill(getpid(), SIGTSTP)
    pthread_sigmask(SIG_UNBLOCK, &stop, nil)
    pthread_sigmask(SIG_BLOCK, &stop, nil)
  }

  package static var mask: sigset_t {
    var set = sigset_t()
    sigemptyset(&set)
    for signal in handled { sigaddset(&set, signal) }
    return set
  }
}

/// Wakes the polling thread from any thread when the next frame is due. Several wakes before it
/// polls count as one, so a group of messages leads to one frame, and no wake comes for a postponed
/// frame.
public final class WakePipe: Sendable {
  /// Messages come in groups: nanoseconds to wait for the rest of a group.
  private static let gathering: UInt64 = 40_000_000

  /// Readable when a wake is due.
  let descriptor: Int32
  private let isArmed = Atomic(false)
  private let earliest = Atomic<UInt64>(0)

  /// Throws if the system is out of descriptors.
  public init() throws {
    descriptor = timerfd_create(CLOCK_MONOTONIC, Int32(TFD_CLOEXEC) | Int32(TFD_NONBLOCK))
    if descriptor < 0 { throw TerminalError("no descriptor for wake-ups is left") }
  }

  deinit { close(descriptor) }

  public func wake() {
    guard !isArmed.exchange(true, ordering: .acquiringAndReleasing) else { return }
    let due = max(Self.now + Self.gathering, earliest.load(ordering: .relaxed))
    set(to: due)
  }

  /// Postpones all wakes until a time of the monotonic clock, in s.
  public func holdOff(until moment: Double) {
    earliest.store(UInt64(max(0, moment) * 1e9), ordering: .relaxed)
  }

  /// Marks all wakes as handled. Call it before reading messages: a message that arrives meanwhile
  /// wakes again.
  public func clear() {
    set(to: 0)
    isArmed.store(false, ordering: .releasing)
  }

  /// Nanoseconds of the monotonic clock; 0 for never.
  private func set(to moment: UInt64) {
    var timer = itimerspec()
    timer.it_value.tv_sec = Int(moment / 1_000_000_000)
    timer.it_value.tv_nsec = Int(moment % 1_000_000_000)
    timerfd_settime(descriptor, Int32(TFD_TIMER_ABSTIME), &timer, nil)
  }

  private static var now: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
