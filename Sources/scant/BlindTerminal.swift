/// A terminal whose other end is read and thrown away.
import Foundation
import Glibc
import Terminal

final class BlindTerminal {
  /// Where a program draws.
  let descriptor: Int32
  private let reader: Int32

  init(_ cells: (width: Int, height: Int)) throws {
    reader = posix_openpt(O_RDWR | O_NOCTTY)
    guard reader >= 0, grantpt(reader) == 0, unlockpt(reader) == 0, let name = ptsname(reader)
    else { throw TerminalError("no pseudo-terminal can be had; expected /dev/ptmx") }
    descriptor = open(name, O_RDWR | O_NOCTTY)
    guard descriptor >= 0 else { throw TerminalError("a pseudo-terminal cannot be opened") }
    var size = winsize(
      ws_row: UInt16(cells.height), ws_col: UInt16(cells.width), ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(descriptor, UInt(TIOCSWINSZ), &size)
    Thread.detachNewThread { [reader] in
      var bytes = [UInt8](repeating: 0, count: 1 << 16)
      while read(reader, &bytes, bytes.count) > 0 {}
    }
  }

  deinit {
    close(descriptor)
    close(reader)
  }
}
