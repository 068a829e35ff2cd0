import CNcurses
import Glibc

/// Restores the terminal when the program crashes. The handler only writes prepared bytes, sets the
/// saved modes and passes the signal on.
package enum TrapRestore {
  /// Saves the modes of the terminal before ncurses changes them.
  static func remember(_ descriptor: Int32) {
    disarm()
    let new = UnsafeMutablePointer<Prepared>.allocate(capacity: 1)
    new.initialize(to: Prepared(descriptor: descriptor))
    new.pointee.hasModes = tcgetattr(descriptor, &new.pointee.modes) == 0
    prepared = new
  }

  /// Prepares the bytes and installs the handler. The screen must be open.
  static func arm(mouse: Bool) {
    guard let prepared, prepared.pointee.bytes == nil else { return }
    let bytes = Array(goodbye(mouse: mouse).utf8)
    let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count)
    copy.initialize(from: bytes, count: bytes.count)
    (prepared.pointee.bytes, prepared.pointee.count) = (copy, bytes.count)
    useOwnStack()
    for signal in traps {
      var action = sigaction()
      action.__sigaction_handler.sa_sigaction = handler
      action.sa_flags = SA_ONSTACK | SA_SIGINFO
      sigaction(signal, &action, prepared.pointee.previous + Int(signal))
    }
  }

  /// After this, a crash does not touch the terminal.
  static func disarm() {
    guard let old = prepared else { return }
    if let bytes = old.pointee.bytes {
      for signal in traps { sigaction(signal, old.pointee.previous + Int(signal), nil) }
      bytes.deallocate()
    }
    prepared = nil
    old.pointee.previous.deallocate()
    old.deallocate()
  }

  /// The bytes that restore the main screen and the cursor. The terminfo entry is loaded.
  static func goodbye(mouse: Bool) -> String {
    var text = mouse ? "\u{1B}[?1000l\u{1B}[?1002l\u{1B}[?1003l\u{1B}[?1006l" : ""
    for name in ["sgr0", "rmkx", "cnorm", "rmcup"] {
      if let bytes = scant_capability(name) { text += withoutPadding(String(cString: bytes)) }
    }
    return text + "\r\n"
  }

  /// terminfo writes delays as $<…>, which no current terminal needs.
  package static func withoutPadding(_ text: String) -> String {
    var result = ""
    var rest = Substring(text)
    while let start = rest.firstRange(of: "$<"),
      let end = rest[start.upperBound...].firstIndex(of: ">")
    {
      result += rest[..<start.lowerBound]
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }

  /// An alternate signal stack, so that the handler also runs after a stack overflow of this
  /// thread. It is created once and kept.
  private static func useOwnStack() {
    _ = ownStack
  }
}

private let traps: [Int32] = [SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS, SIGFPE]

private let ownStack: Bool = {
  var stack = stack_t()
  stack.ss_size = 65_536
  stack.ss_sp = .allocate(byteCount: stack.ss_size, alignment: 16)
  return sigaltstack(&stack, nil) == 0
}()

/// The data of the handler, as plain memory.
private struct Prepared {
  let descriptor: Int32
  var modes = termios()
  var hasModes = false
  var bytes: UnsafeMutablePointer<UInt8>?
  var count = 0
  /// The previous actions by signal number, so that crash reports still work.
  let previous = UnsafeMutablePointer<sigaction>.allocate(capacity: 32)
}

// Written by the thread of `Curses` before the handler is installed, and then only read.
nonisolated(unsafe) private var prepared: UnsafeMutablePointer<Prepared>?

/// Async-signal-safe: it uses only `write`, `tcsetattr`, `sigaction` and `raise` on prepared
/// memory.
private let handler:
  @convention(c) (Int32, UnsafeMutablePointer<siginfo_t>?, UnsafeMutableRawPointer?) -> Void = {
    number, info, _ in
    guard let prepared else { return }
    _ = write(prepared.pointee.descriptor, prepared.pointee.bytes, prepared.pointee.count)
    if prepared.pointee.hasModes {
      tcsetattr(prepared.pointee.descriptor, TCSANOW, &prepared.pointee.modes)
    }
    if info?.pointee.si_code ?? 0 > 0 {
      // A fault of this process: pass it to the crash reporter.
      sigaction(number, prepared.pointee.previous + Int(number), nil)
    } else {
      // Sent by another process: Swift's crash reporter would find no fault and return, and the
      // program would continue.
      signal(number, SIG_DFL)
    }
    raise(number)
  }
