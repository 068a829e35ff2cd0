// NumPy's archives, written: one-dimensional arrays, stored without compression.
import Foundation

/// Builds an `.npz` file in memory.
package struct NPZWriter {
  private var bytes: [UInt8] = []
  private var directory: [UInt8] = []
  private var members = 0

  package init() {}

  package mutating func add(_ name: String, _ values: [Float]) {
    add(name, "<f4", count: values.count) { bytes in
      for value in values { bytes.append(littleEndian: value.bitPattern) }
    }
  }

  package mutating func add(_ name: String, _ values: [UInt32]) {
    add(name, "<u4", count: values.count) { bytes in
      for value in values { bytes.append(littleEndian: value) }
    }
  }

  private mutating func add(
    _ name: String, _ descr: String, count: Int, _ fill: (inout [UInt8]) -> Void
  ) {
    var array = Self.head(descr, count)
    fill(&array)
    let file = Array("\(name).npy".utf8.prefix(Int(UInt16.max)))
    let place = UInt32(clamping: bytes.count)
    let shared = Self.record(array, nameLength: file.count)
    bytes.append(littleEndian: UInt32(0x0403_4B50))
    bytes += shared + file + array
    directory.append(littleEndian: UInt32(0x0201_4B50))
    directory.append(littleEndian: UInt16(20))
    directory += shared
    directory += [UInt8](repeating: 0, count: 10)
    directory.append(littleEndian: place)
    directory += file
    members += 1
  }

  /// What the local header and the directory say of a member: version 2.0, UTF-8 names, stored.
  private static func record(_ content: [UInt8], nameLength: Int) -> [UInt8] {
    var record: [UInt8] = []
    for field: UInt16 in [20, 0x800, 0, 0, 0x21] { record.append(littleEndian: field) }
    record.append(littleEndian: checksum(content))
    record.append(littleEndian: UInt32(clamping: content.count))
    record.append(littleEndian: UInt32(clamping: content.count))
    record.append(littleEndian: UInt16(nameLength))
    record.append(littleEndian: UInt16(0))
    return record
  }

  /// NPY version 1.0: the data begins at a multiple of 64 bytes.
  private static func head(_ descr: String, _ count: Int) -> [UInt8] {
    let text = "{'descr': '\(descr)', 'fortran_order': False, 'shape': (\(count),), }"
    let length = (text.utf8.count + 11 + 63) / 64 * 64 - 10
    let padding = String(repeating: " ", count: length - text.utf8.count - 1)
    var head: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
    head.append(littleEndian: UInt16(length))
    return head + Array((text + padding + "\n").utf8)
  }

  /// The whole file. Throws `Problem`, with `file` as its place, if a ZIP file cannot hold it.
  package func contents(file: String) throws -> Data {
    guard members <= Int(UInt16.max), bytes.count + directory.count < Int(UInt32.max) else {
      throw Problem(file, "\(members) arrays of \(bytes.count) bytes; expected less than 4 GiB")
    }
    var end: [UInt8] = []
    end.append(littleEndian: UInt32(0x0605_4B50))
    for field in [0, 0, members, members] { end.append(littleEndian: UInt16(field)) }
    end.append(littleEndian: UInt32(directory.count))
    end.append(littleEndian: UInt32(bytes.count))
    end.append(littleEndian: UInt16(0))
    return Data(bytes + directory + end)
  }
}
