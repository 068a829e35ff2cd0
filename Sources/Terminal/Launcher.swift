import CNcurses
import Foundation
import Glibc

/// Runs the program as two processes: the first keeps the shell's job, the second works. To detach,
/// the second starts its own process session and the first ends, so that the shell prompt returns.
public enum Launcher {
  /// How the second process ended.
  public struct Ending: Sendable, Equatable {
    /// The exit status as a shell reports it: that of the process, or 128 plus the signal number.
    public var status: Int32
    /// The signal that ended it; nil if it exited by itself.
    public var signal: Int32?
  }

  /// Names the descriptor through which the second process releases the first.
  static let variable = "SCANT_LAUNCHER"
  /// Set to run a single process, for example to measure it.
  static let off = "SCANT_DIRECT"
  /// The behaviour of Swift's backtracer. It is off by default: on a terminal it would wait for a
  /// key behind a screen that is gone.
  static let backtrace = "SWIFT_BACKTRACE"

  /// Starts this program again with the same arguments, waits for it, restores the terminal, and
  /// returns how it ended. Returns nil in the second process, and if there should be only one. Call
  /// it before creating threads.
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

  /// In the second process: detaches from the first process and from the terminal. Output goes to
  /// `log`, and a hang-up of the terminal is ignored.
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

  // Set once by `run` on the main thread before other threads exist, and read only there.
  nonisolated(unsafe) private static var line: Int32 = -1
}

/// The modes of a terminal before a program took control.
struct TerminalModes {
  private let descriptor: Int32
  private var modes = termios()

  /// nil if the descriptor is not a terminal.
  init?(_ descriptor: Int32) {
    self.descriptor = descriptor
    guard tcgetattr(descriptor, &modes) == 0 else { return nil }
  }

  /// Cleans up after a program that was killed while it controlled the terminal: restores the modes
  /// and, on `screen`, the main screen and the cursor. Does nothing if the modes are unchanged:
  /// then no program had taken control, or it had released it.
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

/// The second process, as seen by the first one.
private struct Worker {
  private let id: pid_t

  init?(line: Int32) {
    // Ctrl-Z reaches both processes. The second one handles it, since it must release the terminal
    // first.
    let stop = signal(SIGTSTP, SIG_IGN)
    guard let id = Self.start(line) else {
      signal(SIGTSTP, stop)
      return nil
    }
    self.id = id
    working = id
    for number in Self.passedOn { Self.passOn(number) }
    // The parent of this process may have blocked signals, which children inherit.
    var mask = Signals.mask
    pthread_sigmask(SIG_UNBLOCK, &mask, nil)
  }

  /// A signal sent to the visible process is meant for the one that works.
  private static let passedOn = [
    SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU,
    SIGSYS, SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP,
  ]

  private static func passOn(_ number: Int32) {
    var (action, before) = (sigaction(), sigaction())
    action.__sigaction_handler.sa_handler = { kill(working, $0) }
    // A fault of this process recurs at once, now with the default action.
    let isFault = [SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP].contains(number)
    action.sa_flags = isFault ? SA_RESTART | Int32(bitPattern: UInt32(SA_RESETHAND)) : SA_RESTART
    sigaction(number, &action, &before)
    // If a signal was set to be ignored (nohup), both processes ignore it.
    let handler = unsafeBitCast(before.__sigaction_handler.sa_handler, to: Int.self)
    if handler == unsafeBitCast(SIG_IGN, to: Int.self) { sigaction(number, &before, nil) }
  }

  /// Starts with the signals that it reads from a descriptor already blocked: libraries create
  /// threads before `main`, and a thread that does not block a signal may receive it.
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

  /// Returns how it ended. Does not return if it releases this process instead.
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
      // It has released the terminal and stopped, so this process stops too, and the shell
      // continues.
      kill(getpid(), SIGSTOP)
      kill(id, SIGCONT)
    }
  }
}

// Written once, before the handler that reads it is installed.
nonisolated(unsafe) private var working: pid_t = 0

public final class BlindTerminal {
  /// The end that a program draws to.
  public let descriptor: Int32
  private let reader: Int32

  /// `width` by `height` cells. Throws `TerminalError` if the system has no pseudo-terminal.
  public init(width: Int, height: Int) throws {
    var (outer, inner): (Int32, Int32) = (-1, -1)
    var size = winsize(
      ws_row: UInt16(clamping: height), ws_col: UInt16(clamping: width), ws_xpixel: 0,
      ws_ypixel: 0)
    guard openpty(&outer, &inner, nil, nil, &size) == 0 else {
      throw TerminalError("no pseudo-terminal can be had; expected /dev/ptmx")
    }
    (reader, descriptor) = (outer, inner)
    Thread.detachNewThread { [outer] in
      var bytes = [UInt8](repeating: 0, count: 1 << 16)
      while read(outer, &bytes, bytes.count) > 0 {}
    }
  }

  deinit {
    close(descriptor)
    close(reader)
  }
}

/// The reason why the terminal cannot be used, and a remedy.
public struct TerminalError: Error, Sendable, Hashable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}
