import CNcurses
import Foundation

/// Two processes instead of one: the first keeps the shell's job, the second works. That is what
/// lets work go on when its terminal is left: the first one ends, the shell has its prompt back,
/// and the second takes a session of its own.
public enum Launcher {
  /// Names the descriptor by which the second process releases the first.
  static let variable = "SCANT_LAUNCHER"
  /// Set by whoever wants one process, such as a measurement of it.
  static let off = "SCANT_DIRECT"

  /// Starts this program once more with the same arguments, waits for it and returns its exit
  /// status; `nil` in the second process, and where there is to be one alone. Call it before
  /// threads are made.
  public static func run() -> Int32? {
    if let text = getenv(variable).map({ String(cString: $0) }) {
      unsetenv(variable)
      if let descriptor = Int32(text), fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 {
        line = descriptor
        scant_end_with_parent(SIGHUP)
      }
      return nil
    }
    guard getenv(off) == nil else { return nil }
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    _ = fcntl(ends[0], F_SETFD, FD_CLOEXEC)
    var modes = termios()
    let hasModes = tcgetattr(STDIN_FILENO, &modes) == 0
    let worker = Worker(line: ends[1])
    close(ends[1])
    guard let worker else {
      close(ends[0])
      return nil
    }
    let ending = worker.wait(released: ends[0])
    if ending.isKilled, hasModes { tcsetattr(STDIN_FILENO, TCSANOW, &modes) }
    return ending.status
  }

  /// In the second process: it outlives the first one and the terminal from now on. Both streams
  /// for output go to `log`; the hang-up of a terminal is nothing to it any more.
  public static func detach(log: Int32) {
    signal(SIGHUP, SIG_IGN)
    let nothing = open("/dev/null", O_RDWR | O_CLOEXEC)
    dup2(nothing, STDIN_FILENO)
    dup2(log, STDOUT_FILENO)
    dup2(log, STDERR_FILENO)
    scant_end_with_parent(0)
    setsid()
    guard line >= 0 else { return }
    _ = write(line, "d", 1)
    close(line)
    line = -1
  }

  // Set once by `run` on the main thread before others are made, and read there alone.
  nonisolated(unsafe) private static var line: Int32 = -1
}

/// The second process, as the first one sees it.
private struct Worker {
  private let id: pid_t

  init?(line: Int32) {
    // What Ctrl-Z sends to both is for the second one, which gives the terminal back first.
    let stop = signal(SIGTSTP, SIG_IGN)
    guard let id = Self.start(line) else {
      signal(SIGTSTP, stop)
      return nil
    }
    self.id = id
    working = id
    for number in [SIGINT, SIGTERM, SIGHUP] {
      let passOn: @convention(c) (Int32) -> Void = { kill(working, $0) }
      // Whoever asked for a signal to be ignored (nohup) means both processes.
      let before = unsafeBitCast(signal(number, passOn), to: Int.self)
      if before == unsafeBitCast(SIG_IGN, to: Int.self) { signal(number, SIG_IGN) }
    }
    // Whoever started this process may have blocked signals, which it inherits.
    var mask = Signals.mask
    pthread_sigmask(SIG_UNBLOCK, &mask, nil)
  }

  /// With the signals that it reads from a descriptor blocked from its first moment on: libraries
  /// start threads before `main`, and a thread that does not block a signal may be given it.
  private static func start(_ line: Int32) -> pid_t? {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var (mask, asBefore) = (Signals.mask, sigset_t())
    sigemptyset(&asBefore)
    sigaddset(&asBefore, SIGTSTP)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))
    posix_spawnattr_setsigmask(&attributes, &mask)
    posix_spawnattr_setsigdefault(&attributes, &asBefore)
    setenv(Launcher.variable, "\(line)", 1)
    defer { unsetenv(Launcher.variable) }
    var arguments = CommandLine.arguments.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var id = pid_t()
    let code = posix_spawn(
      &id, "/proc/self/exe", nil, &attributes, &arguments, scant_environment())
    return code == 0 ? id : nil
  }

  /// How it ended. Does not return when it releases this process instead.
  func wait(released line: Int32) -> (status: Int32, isKilled: Bool) {
    Thread.detachNewThread {
      var byte: UInt8 = 0
      if read(line, &byte, 1) == 1 { _exit(0) }
    }
    var status: Int32 = 0
    while true {
      guard waitpid(id, &status, WUNTRACED) == id else {
        if errno == EINTR { continue }
        return (1, false)
      }
      let number = status & 0x7F
      guard status & 0xFF == 0x7F else {
        // As a shell says it: 128 and the number of the signal that ended the process.
        return number == 0 ? (status >> 8 & 0xFF, false) : (128 + number, true)
      }
      // It has given the terminal back and stopped: so does this one, and the shell goes on.
      kill(getpid(), SIGSTOP)
      kill(id, SIGCONT)
    }
  }
}

// Written once, before the handler that reads it is installed.
nonisolated(unsafe) private var working: pid_t = 0
