// A pseudo-terminal whose output is discarded, for measuring the cost of drawing.
import Foundation
import Glibc

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
