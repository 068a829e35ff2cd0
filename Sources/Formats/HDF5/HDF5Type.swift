// What elements are and how many there are: datatypes and dataspaces (§IV.A.2.b and d).

/// The kinds of elements that are read.
enum HDF5Type {
  case number(ElementType)
  /// Text of so many bytes.
  case text(Int)
  /// Text of any length, in a heap of its own.
  case anyText

  /// Bytes an element takes where it is stored.
  var size: Int {
    switch self {
    case .number(let type): type.size
    case .text(let size): size
    case .anyText: 16
    }
  }

  /// Nil for kinds that are not read, such as records and references.
  init?(_ message: Cursor) throws {
    var message = message
    let kind = try message.number(1) & 0xf
    let bits = try message.number(3)
    let size = try message.number(4)
    switch kind {
    case 0: self.init(integer: size, bits)
    case 1: try self.init(float: size, bits, &message)
    case 3 where (1...1 << 24).contains(size): self = .text(size)
    case 8 where size == 1: self = .number(.bool)  // how h5py writes booleans
    case 9 where bits & 0xf == 1 && size == 16: self = .anyText
    default: return nil
    }
  }

  private init?(integer size: Int, _ bits: Int) {
    guard bits & 1 == 0 || size == 1 else { return nil }  // big-endian
    switch (size, bits & 8 != 0) {
    case (1, true): self = .number(.i8)
    case (2, true): self = .number(.i16)
    case (4, true): self = .number(.i32)
    case (8, true): self = .number(.i64)
    case (1, false): self = .number(.u8)
    case (2, false): self = .number(.u16)
    case (4, false): self = .number(.u32)
    case (8, false): self = .number(.u64)
    default: return nil
    }
  }

  /// IEEE 754 and bfloat16, told apart by where their exponents are.
  private init?(float size: Int, _ bits: Int, _ message: inout Cursor) throws {
    try message.skip(4)
    let exponent = (try message.number(1), try message.number(1))
    guard bits & 0x41 == 0 else { return nil }  // big-endian or VAX
    switch (size, exponent.0, exponent.1) {
    case (2, 10, 5): self = .number(.f16)
    case (2, 7, 8): self = .number(.bf16)
    case (4, 23, 8): self = .number(.f32)
    case (8, 52, 11): self = .number(.f64)
    default: return nil
    }
  }
}

/// The shape in a dataspace message; empty for a scalar, nil for "null".
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
