import CNcurses
import Glibc

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

  /// The signals that come within so many seconds, at once when there are some.
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
