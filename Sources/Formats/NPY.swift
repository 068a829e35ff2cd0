// NumPy's array files, versions 1 to 3: numbers only, never pickled objects.
import Foundation

/// Reads and writes `.npy`. Format: numpy.lib.format, NEP 1.
public enum NPY {
  /// Shape and row-major values of `url`, converted to `Float`: f2 f4 f8, i1 to i8, u1 to u8 and
  /// b1, little-endian, C or Fortran order. Throws `FormatError`.
  public static func read(_ url: URL) throws -> (shape: [Int], values: [Float]) {
    let bytes = try InputFile.bytes(url)
    let (header, start) = try header(bytes, url)
    guard let type = elementType(header.descr) else {
      throw FormatError(
        url, "elements of type \(header.descr); expected little-endian numbers such as <f4")
    }
    guard let count = elementCount(header.shape), let size = elementCount([count, type.size]),
      size == bytes.count - start
    else {
      throw FormatError(
        url,
        "\(bytes.count - start) bytes of data; expected what shape \(header.shape) of"
          + " \(header.descr) needs")
    }
    let values = type.floats(bytes, at: start, count: count)
    return (header.shape, header.isFortran ? rowMajor(values, header.shape) : values)
  }

  /// Writes version 1, `<f4`, C order, replacing `url` atomically. Throws `FormatError`.
  public static func write(_ values: [Float], shape: [Int], to url: URL) throws {
    precondition(elementCount(shape) == values.count, "\(values.count) values for \(shape)")
    let sizes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var text = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(sizes)), }"
    let rest = (magic.count + 4 + text.utf8.count + 1) % 64
    text += String(repeating: " ", count: (64 - rest) % 64) + "\n"
    var bytes = magic + [1, 0]
    bytes.append(littleEndian: UInt16(text.utf8.count))
    bytes += Array(text.utf8)
    for value in values { bytes.append(littleEndian: value.bitPattern) }
    try AtomicFile.write(Data(bytes), to: url)
  }

  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  private static func header(_ bytes: [UInt8], _ url: URL) throws -> (NPYHeader, start: Int) {
    guard bytes.count >= 10, bytes.starts(with: magic) else {
      throw FormatError(url, "no NPY file; expected it to begin with \\x93NUMPY and a header")
    }
    guard (1...3).contains(bytes[6]), bytes[7] == 0 else {
      throw FormatError(url, "NPY version \(bytes[6]).\(bytes[7]); expected 1.0, 2.0 or 3.0")
    }
    let isShort = bytes[6] == 1
    let start = isShort ? 10 : 12
    guard bytes.count >= start else {
      throw FormatError(url, "\(bytes.count) bytes; expected a header")
    }
    let length =
      isShort
      ? Int(bytes.integer(at: 8, as: UInt16.self)) : Int(bytes.integer(at: 8, as: UInt32.self))
    guard length <= bytes.count - start else {
      throw FormatError(
        url, "header of \(length) bytes; expected at most \(bytes.count - start)")
    }
    guard let header = NPYHeader(bytes[start..<start + length]) else {
      throw FormatError(
        url, "malformed header; expected {'descr': …, 'fortran_order': …, 'shape': …}")
    }
    return (header, start + length)
  }

  private static func elementType(_ descr: String) -> ElementType? {
    switch descr {
    case "<f8": .f64
    case "<f4": .f32
    case "<f2": .f16
    case "<i8": .i64
    case "<i4": .i32
    case "<i2": .i16
    case "|i1": .i8
    case "<u8": .u64
    case "<u4": .u32
    case "<u2": .u16
    case "|u1": .u8
    case "|b1": .bool
    default: nil
    }
  }

  /// From first index fastest to last index fastest.
  private static func rowMajor(_ values: [Float], _ shape: [Int]) -> [Float] {
    var index = [Int](repeating: 0, count: shape.count)
    var result = values
    for value in values {
      var position = 0
      for axis in shape.indices { position = position * shape[axis] + index[axis] }
      result[position] = value
      for axis in shape.indices {
        index[axis] += 1
        if index[axis] < shape[axis] { break }
        index[axis] = 0
      }
    }
    return result
  }
}
