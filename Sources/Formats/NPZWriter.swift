// Writes NumPy's archives: a ZIP file of arrays, uncompressed as `numpy.savez` writes it.
import Foundation

/// An archive of named arrays that is being made.
package struct NPZWriter {
  private var body: [UInt8] = []
  private var directory: [UInt8] = []
  private var count: UInt16 = 0

  package init() {}

  /// Adds the bytes of an array of `NPY`. Throws `Problem` where the archive would be over 2 GiB.
  package mutating func add(_ array: [UInt8], as name: String) throws {
    guard body.count + array.count < Int(Int32.max) else {
      throw Problem(name, "makes an archive of over 2 GiB; expected less")
    }
    let name = Array("\(name).npy".utf8)
    let offset = UInt32(body.count)
    var fields: [UInt8] = []
    // Version 2.0, names in UTF-8, stored, 1 January 1980.
    for field: UInt16 in [20, 0x800, 0, 0, 0x21] { fields.append(littleEndian: field) }
    fields.append(littleEndian: checksum(array))
    for _ in 0..<2 { fields.append(littleEndian: UInt32(array.count)) }
    fields.append(littleEndian: UInt16(name.count))
    fields.append(littleEndian: UInt16(0))
    body.append(littleEndian: UInt32(0x0403_4b50))
    body += fields + name + array
    directory.append(littleEndian: UInt32(0x0201_4b50))
    directory.append(littleEndian: UInt16(20))
    directory += fields
    // No comment, disk 0, no attributes.
    directory += [UInt8](repeating: 0, count: 10)
    directory.append(littleEndian: offset)
    directory += name
    count += 1
  }

  /// The whole archive.
  package var bytes: [UInt8] {
    var end: [UInt8] = []
    end.append(littleEndian: UInt32(0x0605_4b50))
    end += [0, 0, 0, 0]
    for _ in 0..<2 { end.append(littleEndian: count) }
    end.append(littleEndian: UInt32(directory.count))
    end.append(littleEndian: UInt32(body.count))
    end += [0, 0]
    return body + directory + end
  }
}
