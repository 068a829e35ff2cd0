// A terminal whose other end is read: what a program does to its screen and its modes.
import Foundation

/// Used by one thread.
final class PseudoTerminal {
  /// What the program opens as its terminal.
  let name: String
  private(set) var received: [UInt8] = []
  private let outer, inner: Int32
  private let before: [UInt8]

  /// TIOCSPTLCK and TIOCGPTN, which the system's module of C leaves out, as it does `grantpt`.
  private static let setLock: UInt = 0x4004_5431, getNumber: UInt = 0x8004_5430

  init(width: Int = 120, height: Int = 40) throws {
    outer = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var (isLocked, number): (Int32, Int32) = (0, 0)
    guard outer >= 0, ioctl(outer, Self.setLock, &isLocked) == 0,
      ioctl(outer, Self.getNumber, &number) == 0
    else { throw CampaignError("no pseudo-terminal: \(String(cString: strerror(errno)))") }
    name = "/dev/pts/\(number)"
    // Held open, so that what a dead program has left behind can be looked at.
    inner = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC)
    guard inner >= 0 else { throw CampaignError("\(name): \(String(cString: strerror(errno)))") }
    before = Self.modes(inner)
    resize(width, height)
  }

  deinit {
    close(outer)
    close(inner)
  }

  func resize(_ width: Int, _ height: Int) {
    var size = winsize(
      ws_row: UInt16(clamping: height), ws_col: UInt16(clamping: width), ws_xpixel: 0,
      ws_ypixel: 0)
    _ = ioctl(outer, UInt(TIOCSWINSZ), &size)
  }

  func type(_ keys: String) { _ = write(outer, keys, keys.utf8.count) }

  /// Reads until something is true; false when that never happens within `seconds`.
  @discardableResult
  func read(atMost seconds: Double, until isTrue: () -> Bool) -> Bool {
    let end = Date().addingTimeInterval(seconds)
    repeat {
      var entry = pollfd(fd: outer, events: Int16(POLLIN), revents: 0)
      if poll(&entry, 1, 10) > 0 {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = Glibc.read(outer, &bytes, bytes.count)
        if count > 0 { received += bytes[..<count] } else { usleep(5000) }
      }
      if isTrue() { return true }
    } while Date() < end
    return false
  }

  /// Reads until nothing has come for a while.
  func settle() {
    var (count, quiet) = (received.count, 0)
    read(atMost: 5) {
      quiet = received.count == count ? quiet + 1 : 0
      count = received.count
      return quiet > 25
    }
  }

  // MARK: the state of the terminal

  var hasSameModes: Bool { Self.modes(inner) == before }
  var isOnAlternateScreen: Bool { isSet("?1049") }
  var showsCursor: Bool { last("?25h") >= last("?25l") }
  var reportsMouse: Bool { isSet("?1000") || isSet("?1002") || isSet("?1003") }

  /// What was written since the alternate screen was left.
  var lastWords: String {
    let mark = last("?1049l")
    return String(decoding: received[max(0, mark)...], as: UTF8.self)
  }

  private func isSet(_ mode: String) -> Bool { last(mode + "h") > last(mode + "l") }

  /// Where a control sequence last began; -1 without one.
  private func last(_ sequence: String) -> Int {
    let bytes = [0x1b, UInt8(ascii: "[")] + Array(sequence.utf8)
    guard received.count >= bytes.count else { return -1 }
    for start in stride(from: received.count - bytes.count, through: 0, by: -1)
    where received[start] == 0x1b && received[start..<start + bytes.count].elementsEqual(bytes) {
      return start
    }
    return -1
  }

  private static func modes(_ descriptor: Int32) -> [UInt8] {
    var modes = termios()
    tcgetattr(descriptor, &modes)
    let flags = [modes.c_iflag, modes.c_oflag, modes.c_cflag, modes.c_lflag]
    return flags.flatMap { flag in (0..<4).map { UInt8(truncatingIfNeeded: flag >> (8 * $0)) } }
      + withUnsafeBytes(of: modes.c_cc) { [UInt8]($0) }
  }
}
