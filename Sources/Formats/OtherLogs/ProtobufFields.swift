// The wire format of Protocol Buffers, as far as event files need it: fields one after the other,
// messages as bytes. Source: protobuf.dev/programming-guides/encoding.

/// The fields of a message in their order. Nothing is nested: a message in a field is bytes.
struct ProtobufFields {
  enum Value {
    case varint(UInt64)
    case fixed64(UInt64)
    case fixed32(UInt32)
    case bytes(UnsafeRawBufferPointer)
  }

  private let bytes: UnsafeRawBufferPointer
  private var at = 0
  /// Whether the bytes are no message from some field on.
  private(set) var isBroken = false

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// The next field; nil at the end, and where the bytes are no message any more.
  @inline(__always)
  mutating func next() -> (number: Int, value: Value)? {
    guard at < bytes.count, !isBroken else { return nil }
    guard let key = varint(), key >> 3 > 0, key >> 3 < 1 << 29, let value = value(key & 7) else {
      isBroken = true
      return nil
    }
    return (Int(key >> 3), value)
  }

  private mutating func value(_ type: UInt64) -> Value? {
    switch type {
    case 0: return varint().map { .varint($0) }
    case 1: return take(8).map { .fixed64(UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self))) }
    case 2:
      guard let count = varint(), count <= UInt64(bytes.count - at) else { return nil }
      return take(Int(count)).map { .bytes($0) }
    case 5: return take(4).map { .fixed32(UInt32(littleEndian: $0.loadUnaligned(as: UInt32.self))) }
    default: return nil
    }
  }

  /// At most ten bytes of seven bits each.
  @inline(__always)
  mutating func varint() -> UInt64? {
    var (number, shift) = (UInt64(0), UInt64(0))
    while at < bytes.count, shift < 70 {
      let byte = bytes[at]
      at += 1
      number |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return number }
      shift += 7
    }
    return nil
  }

  private mutating func take(_ count: Int) -> UnsafeRawBufferPointer? {
    guard bytes.count - at >= count else { return nil }
    defer { at += count }
    return UnsafeRawBufferPointer(rebasing: bytes[at..<at + count])
  }
}

/// A message that is written field by field.
struct ProtobufMessage {
  private(set) var bytes: [UInt8] = []

  mutating func append(_ field: Int, double value: Double) {
    append(varint: UInt64(field << 3 | 1))
    bytes.append(littleEndian: value.bitPattern)
  }

  mutating func append(_ field: Int, float value: Float) {
    append(varint: UInt64(field << 3 | 5))
    bytes.append(littleEndian: value.bitPattern)
  }

  mutating func append(_ field: Int, integer value: Int64) {
    append(varint: UInt64(field << 3))
    append(varint: UInt64(bitPattern: value))
  }

  mutating func append(_ field: Int, _ content: some Collection<UInt8>) {
    append(varint: UInt64(field << 3 | 2))
    append(varint: UInt64(content.count))
    bytes += content
  }

  private mutating func append(varint value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
