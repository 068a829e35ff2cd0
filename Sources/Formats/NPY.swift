// NumPy's array files, versions 1 to 3: numbers, and strings without running pickles.
import Foundation

/// Reads and writes `.npy`. Format: numpy.lib.format, NEP 1.
public enum NPY {
  /// Shape and row-major values of `url`, converted to `Float`: f2 f4 f8, i1 to i8, u1 to u8 and
  /// b1, little-endian, C or Fortran order. Throws `Problem`.
  public static func read(_ url: URL) throws -> (shape: [Int], values: [Float]) {
    let array = try NPYArray(try OpenFile(url))
    return (array.header.shape, try array.values())
  }

  /// Shape and row-major strings of `url`: Unicode or byte strings of fixed length, or pickled
  /// objects that are strings or integers. Nothing pickled is executed. Throws `Problem`.
  public static func strings(_ url: URL) throws -> (shape: [Int], values: [String]) {
    try NPYArray(try OpenFile(url)).strings()
  }

  /// The same from memory; `name` stands for the file in errors.
  package static func strings(
    _ bytes: [UInt8], name: String
  ) throws -> (shape: [Int], values: [String]) {
    try NPYArray(MemoryBytes(name: name, content: bytes)).strings()
  }

  /// Writes version 1, `<f4`, C order, replacing `url` atomically. Throws `Problem`.
  public static func write(_ values: [Float], shape: [Int], to url: URL) throws {
    precondition(elementCount(shape) == values.count, "\(values.count) values for \(shape)")
    let sizes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var text = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(sizes)), }"
    let rest = (NPYArray.magic.count + 4 + text.utf8.count + 1) % 64
    text += String(repeating: " ", count: (64 - rest) % 64) + "\n"
    var bytes = NPYArray.magic + [1, 0]
    bytes.append(littleEndian: UInt16(text.utf8.count))
    bytes += Array(text.utf8)
    for value in values { bytes.append(littleEndian: value.bitPattern) }
    try AtomicFile.write(Data(bytes), to: url)
  }
}
