// Datatypes and dataspaces: the types and the number of elements (§IV.A.2.b and d).
import Formats

/// The type of the elements.
enum HDF5Type {
  case number(ElementType)
  /// Text of this many bytes.
  case text(Int)
  /// Text of any length in a heap.
  case anyText
  /// A type that is not supported, such as records, with its name.
  case other(String)

  /// Bytes per stored element; nil for unsupported types.
  var size: Int? {
    switch self {
    case .number(let type): type.size
    case .text(let size): size
    case .anyText: 16
    case .other: nil
    }
  }

  /// The name in a list of parts that are not read.
  var name: String {
    switch self {
    case .number(let type): type.rawValue
    case .text, .anyText: "text"
    case .other(let name): name
    }
  }

  private static let classes = [
    "whole numbers", "numbers", "times", "text", "bit fields", "opaque bytes", "records",
    "references", "an enumeration", "lists of any length", "arrays",
  ]

  /// Throws `Problem` if the message is truncated.
  init(_ message: Cursor) throws {
    var message = message
    let head = try message.number(1)
    let (version, kind) = (head >> 4, head & 0xf)
    let bits = try message.number(3)
    let size = try message.number(4)
    let name = kind < Self.classes.count ? Self.classes[kind] : "an unknown class \(kind)"
    self = .other("\(name), \(size) bytes each")
    switch kind {
    case 0:
      if let type = try Self.integer(size, bits, &message) { self = .number(type) }
    case 1:
      if let type = try Self.float(size, bits, &message) { self = .number(type) }
    case 3 where (1...1 << 24).contains(size): self = .text(size)
    case 8 where size == 1:
      // Booleans, as h5py writes them.
      let members = try Self.members(bits & 0xffff, version, &message)
      if members == ["FALSE": 0, "TRUE": 1] { self = .number(.bool) }
    case 9 where bits & 0xf == 1 && size == 16: self = .anyText
    default: break
    }
  }

  /// The members of an enumeration with values of one byte.
  private static func members(
    _ count: Int, _ version: Int, _ message: inout Cursor
  ) throws -> [String: UInt8] {
    try message.skip(12)  // the type of the values
    let names = try (0..<count).map { _ in
      var name: [UInt8] = []
      while let byte = try message.take(1).first, byte != 0 { name.append(byte) }
      // Before version 3 each name is padded to a multiple of eight bytes.
      if version < 3 { try message.skip((8 - (name.count + 1) % 8) % 8) }
      return String(decoding: name, as: UTF8.self)
    }
    let values = try message.take(count)
    return Dictionary(zip(names, values)) { first, _ in first }
  }

  /// Nil for big-endian integers, and for integers with padding bits.
  private static func integer(
    _ size: Int, _ bits: Int, _ message: inout Cursor
  ) throws -> ElementType? {
    let (offset, precision) = (try message.number(2), try message.number(2))
    guard bits & 1 == 0 || size == 1, size <= 8, offset == 0, precision == 8 * size else {
      return nil
    }
    return switch (size, bits & 8 != 0) {
    case (1, true): .i8
    case (2, true): .i16
    case (4, true): .i32
    case (8, true): .i64
    case (1, false): .u8
    case (2, false): .u16
    case (4, false): .u32
    case (8, false): .u64
    default: nil
    }
  }

  /// IEEE 754 or bfloat16, by the position of the exponent; nil for other formats, which differ in
  /// any field.
  private static func float(
    _ size: Int, _ bits: Int, _ message: inout Cursor
  ) throws -> ElementType? {
    let (offset, precision) = (try message.number(2), try message.number(2))
    let exponent = (try message.number(1), try message.number(1))
    let mantissa = (try message.number(1), try message.number(1))
    let bias = try message.number(4)
    // Little-endian, a leading one implied, the sign in the highest bit.
    guard bits & 0x71 == 0x20, size <= 8, bits >> 8 == 8 * size - 1, offset == 0,
      precision == 8 * size, mantissa == (0, exponent.0), exponent.1 > 0, exponent.1 < 16,
      bias == 1 << (exponent.1 - 1) - 1
    else { return nil }
    return switch (size, exponent.0, exponent.1) {
    case (2, 10, 5): .f16
    case (2, 7, 8): .bf16
    case (4, 23, 8): .f32
    case (8, 52, 11): .f64
    default: nil
    }
  }
}

/// The shape in a dataspace message: empty for a scalar, nil for a null dataspace.
func hdf5Shape(_ message: Cursor) throws -> [Int]? {
  var message = message
  let version = try message.number(1)
  let rank = try message.number(1)
  guard (1...2).contains(version), rank <= 32 else {
    throw message.problem("is of version \(version), rank \(rank); expected 1 or 2, at most 32")
  }
  try message.skip(1)
  let type = try message.number(1)
  try message.skip(version == 1 ? 4 : 0)
  let shape = try (0..<rank).map { _ in try message.number(8) }
  return version == 2 && type == 2 ? nil : shape
}
