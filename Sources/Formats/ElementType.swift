// The element types of arrays in files, and their conversion to Float.

/// A little-endian number format; the names are those of safetensors.
public enum ElementType: String, CaseIterable, Sendable {
  case f64 = "F64", f32 = "F32", f16 = "F16", bf16 = "BF16"
  case i64 = "I64", i32 = "I32", i16 = "I16", i8 = "I8"
  case u64 = "U64", u32 = "U32", u16 = "U16", u8 = "U8", bool = "BOOL"

  /// Bytes per element.
  public var size: Int {
    switch self {
    case .f64, .i64, .u64: 8
    case .f32, .i32, .u32: 4
    case .f16, .bf16, .i16, .u16: 2
    case .i8, .u8, .bool: 1
    }
  }
}

extension ElementType {
  /// Bytes to fetch at a time, so that the data are not in memory twice.
  private static let piece = 1 << 20

  /// `count` numbers of `source` from byte `offset` on; `what` names them in errors.
  package func floats(
    of source: some ByteSource, at offset: Int, count: Int, of what: String
  ) throws -> [Float] {
    guard let total = elementCount([count, size]) else {
      throw source.problem("\(what) has \(count) numbers; expected fewer")
    }
    // Everything is checked before the array is allocated.
    let section = try source.section(at: offset, count: total, of: what)
    var values: [Float] = []
    values.reserveCapacity(count)
    for start in stride(from: 0, to: total, by: Self.piece) {
      let bytes = try section.fetch(start..<min(start + Self.piece, total))
      append(bytes, to: &values)
    }
    return values
  }

  /// The numbers in `bytes`, whose count is a multiple of the size.
  package func floats(_ bytes: [UInt8]) -> [Float] {
    var values: [Float] = []
    values.reserveCapacity(bytes.count / size)
    append(bytes, to: &values)
    return values
  }

  private func append(_ bytes: [UInt8], to values: inout [Float]) {
    func each<T: FixedWidthInteger>(_ type: T.Type, _ value: @escaping (T) -> Float) {
      bytes.withUnsafeBytes { raw in
        // In bounds: only whole elements of the array are loaded.
        let count = raw.count / MemoryLayout<T>.size
        values.append(
          contentsOf: (0..<count).lazy.map { index in
            let offset = index * MemoryLayout<T>.size
            return value(T(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: T.self)))
          })
      }
    }
    switch self {
    case .f64: each(UInt64.self) { Float(Double(bitPattern: $0)) }
    case .f32: each(UInt32.self) { Float(bitPattern: $0) }
    case .f16: each(UInt16.self, Self.half)
    case .bf16: each(UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
    case .i64: each(Int64.self) { Float($0) }
    case .i32: each(Int32.self) { Float($0) }
    case .i16: each(Int16.self) { Float($0) }
    case .i8: each(Int8.self) { Float($0) }
    case .u64: each(UInt64.self) { Float($0) }
    case .u32: each(UInt32.self) { Float($0) }
    case .u16: each(UInt16.self) { Float($0) }
    case .u8: each(UInt8.self) { Float($0) }
    case .bool: each(UInt8.self) { $0 == 0 ? 0 : 1 }
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

/// The number of elements of a shape; nil if a size is negative, the product overflows, or there
/// are more axes than NumPy allows. An axis of size 0 does not hide an overflow: the product of any
/// of the sizes, in any order, fits an `Int`.
package func elementCount(_ shape: [Int]) -> Int? {
  guard shape.count <= 64 else { return nil }
  var count = 1
  for size in shape {
    guard size >= 0 else { return nil }
    let (product, overflow) = count.multipliedReportingOverflow(by: max(size, 1))
    if overflow { return nil }
    count = product
  }
  return shape.contains(0) ? 0 : count
}
