import CNcurses
import Foundation

/// Two processes instead of one: the first keeps the shell's job, the second works. That is what
/// lets work go on when its terminal is left: the first one ends, the shell has its prompt back,
/// and the second takes a session of its own.
public enum Launcher {
  /// How the second process ended.
  public struct Ending: Sendable, Equatable {
    /// As a shell says it: its own, or 128 and the number of the signal that ended it.
    public var status: Int32
    /// What ended it, unless it ended by itself.
    public var signal: Int32?
  }

  /// Names the descriptor by which the second process releases the first.
  static let variable = "SCANT_LAUNCHER"
  /// Set by whoever wants one process, such as a measurement of it.
  static let off = "SCANT_DIRECT"
  /// What Swift does at a crash. Unless a person wants that, nothing: on a terminal it waits for
  /// a key, behind a screen that is gone.
  static let backtrace = "SWIFT_BACKTRACE"

  /// Starts this program once more with the same arguments, waits for it and returns how it
  /// ended, the terminal as it was before; `nil` in the second process, and where there is to be
  /// one alone. Call it before threads are made.
  public static func run() -> Ending? {
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
    let before = TerminalModes(STDIN_FILENO)
    let worker = Worker(line: ends[1])
    close(ends[1])
    guard let worker else {
      close(ends[0])
      return nil
    }
    let ending = worker.wait(released: ends[0])
    if ending.signal != nil { before?.restore(screen: STDOUT_FILENO) }
    return ending
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

/// The modes of a terminal before a program took it over.
struct TerminalModes {
  private let descriptor: Int32
  private var modes = termios()

  /// `nil` where the descriptor is no terminal.
  init?(_ descriptor: Int32) {
    self.descriptor = descriptor
    guard tcgetattr(descriptor, &modes) == 0 else { return nil }
  }

  /// Does what a program that was killed while it had the terminal could not do any more: the
  /// modes, and on `screen` the ordinary picture and a cursor. Nothing where the modes are as they
  /// were: then nobody had taken it over, or it was given back.
  func restore(screen: Int32) {
    var (now, saved) = (termios(), modes)
    guard tcgetattr(descriptor, &now) == 0, now.c_lflag != saved.c_lflag else { return }
    tcsetattr(descriptor, TCSANOW, &saved)
    var status: Int32 = 0
    guard setupterm(nil, screen, &status) == 0 else { return }
    let bytes = Array(TrapRestore.goodbye(mouse: true).utf8)
    _ = write(screen, bytes, bytes.count)
  }
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
    for number in Self.passedOn { Self.passOn(number) }
    // Whoever started this process may have blocked signals, which it inherits.
    var mask = Signals.mask
    pthread_sigmask(SIG_UNBLOCK, &mask, nil)
  }

  /// Whoever sends one of these to the process that he sees means the one that works.
  private static let passedOn = [
    SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU,
    SIGSYS, SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP,
  ]

  private static func passOn(_ number: Int32) {
    var (action, before) = (sigaction(), sigaction())
    action.__sigaction_handler.sa_handler = { kill(working, $0) }
    // A fault of this process itself comes again at once, and then has its way.
    let isFault = [SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP].contains(number)
    action.sa_flags = isFault ? SA_RESTART | Int32(bitPattern: UInt32(SA_RESETHAND)) : SA_RESTART
    sigaction(number, &action, &before)
    // Whoever asked for a signal to be ignored (nohup) means both processes.
    let handler = unsafeBitCast(before.__sigaction_handler.sa_handler, to: Int.self)
    if handler == unsafeBitCast(SIG_IGN, to: Int.self) { sigaction(number, &before, nil) }
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
    let hasWish = getenv(Launcher.backtrace) != nil
    if !hasWish { setenv(Launcher.backtrace, "enable=no", 1) }
    defer {
      unsetenv(Launcher.variable)
      if !hasWish { unsetenv(Launcher.backtrace) }
    }
    var arguments = CommandLine.arguments.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var id = pid_t()
    let code = posix_spawn(
      &id, "/proc/self/exe", nil, &attributes, &arguments, scant_environment())
    return code == 0 ? id : nil
  }

  /// How it ended. Does not return when it releases this process instead.
  func wait(released line: Int32) -> Launcher.Ending {
    Thread.detachNewThread {
      var byte: UInt8 = 0
      if read(line, &byte, 1) == 1 { _exit(0) }
    }
    var status: Int32 = 0
    while true {
      guard waitpid(id, &status, WUNTRACED) == id else {
        if errno == EINTR { continue }
        return Launcher.Ending(status: 1)
      }
      let number = status & 0x7F
      guard status & 0xFF == 0x7F else {
        return number == 0
          ? Launcher.Ending(status: status >> 8 & 0xFF)
          : Launcher.Ending(status: 128 + number, signal: number)
      }
      // It has given the terminal back and stopped: so does this one, and the shell goes on.
      kill(getpid(), SIGSTOP)
      kill(id, SIGCONT)
    }
  }
}

// Written once, before the handler that reads it is installed.
nonisolated(unsafe) private var working: pid_t = 0
