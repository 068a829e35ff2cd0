// Little-endian numbers in byte arrays, index by index; no pointer is formed.

extension Array where Element == UInt8 {
  /// The integer whose lowest byte is at `offset`; all its bytes must exist.
  func integer<T: FixedWidthInteger>(at offset: Int, as type: T.Type) -> T {
    var value: T = 0
    for byte in 0..<(T.bitWidth / 8) {
      value |= T(truncatingIfNeeded: self[offset + byte]) << T(8 * byte)
    }
    return value
  }

  mutating func append<T: FixedWidthInteger>(littleEndian value: T) {
    for byte in 0..<(T.bitWidth / 8) {
      append(UInt8(truncatingIfNeeded: value >> T(8 * byte)))
    }
  }
}

/// How one stored number becomes a `Float`; names follow safetensors.
enum ElementType: String, CaseIterable {
  case f64 = "F64", f32 = "F32", f16 = "F16", bf16 = "BF16"
  case i64 = "I64", i32 = "I32", i16 = "I16", i8 = "I8"
  case u64 = "U64", u32 = "U32", u16 = "U16", u8 = "U8", bool = "BOOL"

  /// Bytes an element.
  var size: Int {
    switch self {
    case .f64, .i64, .u64: 8
    case .f32, .i32, .u32: 4
    case .f16, .bf16, .i16, .u16: 2
    case .i8, .u8, .bool: 1
    }
  }

  /// `count` numbers from `offset` on, which must exist in `bytes`.
  func floats(_ bytes: [UInt8], at offset: Int, count: Int) -> [Float] {
    func map(_ value: (Int) -> Float) -> [Float] {
      (0..<count).map { value(offset + $0 * size) }
    }
    return switch self {
    case .f64: map { Float(Double(bitPattern: bytes.integer(at: $0, as: UInt64.self))) }
    case .f32: map { Float(bitPattern: bytes.integer(at: $0, as: UInt32.self)) }
    case .f16: map { Self.half(bytes.integer(at: $0, as: UInt16.self)) }
    case .bf16: map { Float(bitPattern: UInt32(bytes.integer(at: $0, as: UInt16.self)) << 16) }
    case .i64: map { Float(bytes.integer(at: $0, as: Int64.self)) }
    case .i32: map { Float(bytes.integer(at: $0, as: Int32.self)) }
    case .i16: map { Float(bytes.integer(at: $0, as: Int16.self)) }
    case .i8: map { Float(Int8(bitPattern: bytes[$0])) }
    case .u64: map { Float(bytes.integer(at: $0, as: UInt64.self)) }
    case .u32: map { Float(bytes.integer(at: $0, as: UInt32.self)) }
    case .u16: map { Float(bytes.integer(at: $0, as: UInt16.self)) }
    case .u8: map { Float(bytes[$0]) }
    case .bool: map { bytes[$0] == 0 ? 0 : 1 }
    }
  }

  /// IEEE 754 binary16: 1 sign, 5 exponent and 10 fraction bits.
  private static func half(_ bits: UInt16) -> Float {
    let sign: Float = bits >> 15 == 0 ? 1 : -1
    let fraction = Float(bits & 0x3ff)
    return switch Int(bits >> 10) & 0x1f {
    case 0: sign * fraction * 0x1p-24
    case 31: fraction == 0 ? sign * .infinity : .nan
    case let exponent:
      sign * Float(sign: .plus, exponent: exponent - 25, significand: 1024 + fraction)
    }
  }
}

/// Elements of a shape, or nil where a size is negative or the product overflows.
func elementCount(_ shape: [Int]) -> Int? {
  var count = 1
  for size in shape {
    guard size >= 0 else { return nil }
    let (product, overflow) = count.multipliedReportingOverflow(by: size)
    if overflow { return nil }
    count = product
  }
  return count
}
