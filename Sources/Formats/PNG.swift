// Writes PNG images: W3C, Portable Network Graphics (third edition), 2025.
import CZip
import Foundation

/// An image of 8-bit red, green and blue, without transparency.
package enum PNG {
  /// - Parameters:
  ///   - width: Pixels of a row.
  ///   - rgb: Three bytes a pixel, row by row from the top; a whole number of rows.
  /// - Returns: The file; nil if zlib has no memory or the pixels do not fill rows.
  package static func bytes(width: Int, rgb: [UInt8]) -> Data? {
    guard width > 0, !rgb.isEmpty, rgb.count.isMultiple(of: 3 * width) else { return nil }
    let height = rgb.count / (3 * width)
    var rows: [UInt8] = []
    rows.reserveCapacity(rgb.count + height)
    for row in 0..<height {
      rows.append(0)  // no prediction from neighbours
      rows += rgb[row * 3 * width..<(row + 1) * 3 * width]
    }
    guard let packed = deflated(rows) else { return nil }
    var file = Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    // 8 bits a channel, colour type RGB, deflate, standard filters, no interlacing.
    file.append(chunk("IHDR", big(UInt32(width)) + big(UInt32(height)) + [8, 2, 0, 0, 0]))
    file.append(chunk("IDAT", packed))
    file.append(chunk("IEND", []))
    return file
  }

  private static func chunk(_ kind: String, _ content: [UInt8]) -> Data {
    let body = Array(kind.utf8) + content
    let sum = body.withUnsafeBufferPointer {
      crc32(0, $0.baseAddress, uInt($0.count))
    }
    return Data(big(UInt32(content.count)) + body + big(UInt32(truncatingIfNeeded: sum)))
  }

  private static func big(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  private static func deflated(_ bytes: [UInt8]) -> [UInt8]? {
    var size = compressBound(uLong(bytes.count))
    var packed = [UInt8](repeating: 0, count: Int(size))
    guard compress2(&packed, &size, bytes, uLong(bytes.count), Z_BEST_COMPRESSION) == Z_OK else {
      return nil
    }
    return Array(packed.prefix(Int(size)))
  }
}
