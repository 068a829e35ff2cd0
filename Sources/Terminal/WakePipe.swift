import CNcurses
import Glibc
import Synchronization

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
