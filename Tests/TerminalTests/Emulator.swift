import CVTerm
import Canvas
import Foundation
import Synchronization

/// A pseudo-terminal with libvterm at the far end: what ncurses sends is parsed as a terminal
/// would, and can be compared with what was drawn.
final class Emulator {
  let inner: Int32
  private var outer: Int32
  private let vterm: OpaquePointer
  private let screen: OpaquePointer
  private let reader: Reader

  init(width: Int, height: Int) throws {
    var outer: Int32 = -1, inner: Int32 = -1
    guard openpty(&outer, &inner, nil, nil, nil) == 0 else { throw POSIXError(.ENXIO) }
    (self.outer, self.inner) = (outer, inner)
    scant_set_window(outer, Int32(width), Int32(height))
    vterm = vterm_new(Int32(height), Int32(width))
    vterm_set_utf8(vterm, 1)
    screen = vterm_obtain_screen(vterm)
    vterm_screen_enable_altscreen(screen, 1)
    vterm_screen_reset(screen, 1)
    reader = Reader(outer)
  }

  deinit {
    hangUp()  // first: it still writes to the inner end
    close(inner)
    vterm_free(vterm)
  }

  /// Closes the far end, as when a connection breaks.
  func hangUp() {
    guard outer >= 0 else { return }
    reader.stop { _ = write(inner, "x", 1) }
    close(outer)
    outer = -1
  }

  /// Everything written so far, parsed; the bytes of this portion are returned.
  @discardableResult
  func settle() -> [UInt8] {
    let mark = Array("\u{1B}]999;sync\u{07}".utf8)
    _ = write(inner, mark, mark.count)
    let bytes = reader.take(through: mark)
    bytes.withUnsafeBytes { raw in
      // libvterm copies what it is given before it returns.
      _ = vterm_input_write(vterm, raw.bindMemory(to: CChar.self).baseAddress, raw.count)
    }
    return Array(bytes.dropLast(mark.count))
  }

  func type(_ text: String) { _ = write(outer, text, text.utf8.count) }

  func resize(width: Int, height: Int) {
    scant_set_window(outer, Int32(width), Int32(height))
    vterm_set_size(vterm, Int32(height), Int32(width))
  }

  /// Glyph and look of a cell as the terminal shows it.
  func cell(_ x: Int, _ y: Int) -> (text: String, style: Style) {
    let cell = scant_vterm_cell(screen, Int32(y), Int32(x))
    var scalars = String.UnicodeScalarView()
    withUnsafeBytes(of: cell.chars) { raw in
      for value in raw.bindMemory(to: UInt32.self) {
        guard value != 0, let scalar = Unicode.Scalar(value) else { break }
        scalars.append(scalar)
      }
    }
    var attributes: Style.Attributes = []
    if cell.bold != 0 { attributes.insert(.bold) }
    if cell.underline != 0 { attributes.insert(.underline) }
    if cell.reverse != 0 { attributes.insert(.reverse) }
    return (
      scalars.isEmpty ? " " : String(scalars),
      Style(
        foreground: number(cell.foreground), background: number(cell.background),
        attributes: attributes)
    )
  }

  /// A palette index, or 0xRRGGBB, which the shim moves beyond the indexes.
  private func number(_ color: Int32) -> Int? {
    color < 0 ? nil : Int(color < 256 ? color : color - 256)
  }

  func lines(_ width: Int, _ height: Int) -> [String] {
    (0..<height).map { y in
      (0..<width).map { cell($0, y).text }.joined()
    }
  }

  /// Collects what the terminal is sent, on its own thread so that writing never blocks.
  private final class Reader: Sendable {
    private let bytes = Mutex<[UInt8]>([])
    private let isStopping = Atomic(false)
    private let hasStopped = DispatchSemaphore(value: 0)

    init(_ descriptor: Int32) {
      Thread.detachNewThread { [self] in
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while !isStopping.load(ordering: .acquiring) {
          let count = read(descriptor, &buffer, buffer.count)
          if count <= 0 { break }
          bytes.withLock { $0 += buffer[..<count] }
        }
        hasStopped.signal()
      }
    }

    /// Ends the thread; `wake` writes something for it to read.
    func stop(wake: () -> Void) {
      isStopping.store(true, ordering: .releasing)
      wake()
      hasStopped.wait()
    }

    /// What came until `mark`, or everything after five seconds without it.
    func take(through mark: [UInt8]) -> [UInt8] {
      for _ in 0..<5000 where !bytes.withLock({ $0.suffix(mark.count).elementsEqual(mark) }) {
        usleep(1000)
      }
      return bytes.withLock { bytes in
        defer { bytes = [] }
        return bytes
      }
    }
  }
}
