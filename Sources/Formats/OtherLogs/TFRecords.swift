// TFRecords, the container of TensorBoard's event files: for each record its length (8 bytes,
// little-endian), the length's checksum, the content, its checksum.
// Source: tensorflow/core/lib/io/record_writer.h.
import Foundation

/// What is wrong with a file of records.
package struct RecordFaults: Sendable, Equatable {
  /// Records whose content does not match its checksum.
  package var damaged = 0
  /// Records longer than any that holds scalars, which are not read.
  package var skipped = 0
  /// Why the rest of the file cannot be read; the place is a byte of the file.
  package var end: String?
}

/// Takes records apart and hands their contents on.
package struct TFRecords: Sendable {
  package private(set) var faults = RecordFaults()
  /// Bytes of whole records so far.
  private var position = 0

  private static let head = 12, foot = 4
  /// A length that no file has; its sum with the other fields cannot overflow.
  private static let impossible: UInt64 = 1 << 48

  package init() {}

  /// Hands on the content of each whole record.
  ///
  /// - Returns: As `RecordTaker.take`.
  package mutating func take(
    _ bytes: UnsafeRawBufferPointer, left: Int, _ body: (UnsafeRawBufferPointer) -> Void
  ) -> Taken {
    guard faults.end == nil else { return .over }
    var at = 0
    while bytes.count - at >= Self.head {
      guard let length = length(bytes, at) else { return at > 0 ? .bytes(at) : .over }
      let whole = Self.head + length + Self.foot
      // What comes before a long record is done with first.
      if length > GrowingFile.longest { return at > 0 ? .bytes(at) : skip(whole, left) }
      guard bytes.count - at >= whole else { break }
      let content = UnsafeRawBufferPointer(
        rebasing: bytes[(at + Self.head)..<(at + Self.head + length)])
      if CRC32C.masked(content) == number(bytes, at + Self.head + length) {
        body(content)
      } else {
        faults.damaged += 1
      }
      at += whole
      position += whole
    }
    return at > 0 ? .bytes(at) : .more
  }

  private mutating func skip(_ whole: Int, _ left: Int) -> Taken {
    guard whole <= left else { return .later }
    faults.skipped += 1
    position += whole
    return .bytes(whole)
  }

  /// The length that a head states; nil, and a fault, if it does not match its checksum.
  private mutating func length(_ bytes: UnsafeRawBufferPointer, _ at: Int) -> Int? {
    let stated = UnsafeRawBufferPointer(rebasing: bytes[at..<at + 8])
    let length = UInt64(littleEndian: stated.loadUnaligned(as: UInt64.self))
    guard CRC32C.masked(stated) == number(bytes, at + 8), length < Self.impossible else {
      faults.end = "byte \(position): no record begins here; expected a length and its checksum"
      return nil
    }
    return Int(length)
  }

  private func number(_ bytes: UnsafeRawBufferPointer, _ at: Int) -> UInt32 {
    UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self))
  }

  /// A record with this content.
  package static func record(_ content: [UInt8]) -> [UInt8] {
    var record: [UInt8] = []
    record.reserveCapacity(head + content.count + foot)
    record.append(littleEndian: UInt64(content.count))
    record.append(littleEndian: record.withUnsafeBytes(CRC32C.masked))
    record += content
    record.append(littleEndian: content.withUnsafeBytes(CRC32C.masked))
    return record
  }
}
