import CNcurses
import Glibc

/// Wakes the thread that polls, from any thread; many wakes before it looks are one.
public final class WakePipe: Sendable {
  /// Readable after `wake`.
  let descriptor: Int32

  /// Throws when the system is out of descriptors.
  public init() throws {
    descriptor = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
    if descriptor < 0 { throw TerminalError("no descriptor for wake-ups is left") }
  }

  deinit { close(descriptor) }

  public func wake() { eventfd_write(descriptor, 1) }

  func clear() {
    var count: eventfd_t = 0
    eventfd_read(descriptor, &count)
  }
}
