// Inflates deflated data with zlib, up to an announced size.
import CZip

/// Inflates data of RFC 1950 to 1952 whose size is known, so that memory is bounded.
package enum Inflate {
  /// The header around the data; the values are zlib's window bits.
  package enum Wrapper: Int32 { case none = -15, zlib = 15, gzip = 31 }

  /// The best compression ratio of deflate is 1032.
  private static let highestRatio = 1032
  /// Arrays of numbers beyond this size do not compress to a 64th; larger ratios are refused as zip
  /// bombs.
  private static let freeSize = 128 << 20
  private static let trustedRatio = 64
  private static let piece = 1 << 16

  /// The `size` bytes that all of `source` expands to; `what` names it in errors. Throws `Problem`
  /// if there are more or fewer bytes, or if the ratio is implausible.
  package static func bytes(
    _ source: some ByteSource, _ wrapper: Wrapper, size: Int, of what: String
  ) throws -> [UInt8] {
    let packed = source.count
    guard size / highestRatio <= packed + 1, size <= max(freeSize, packed * trustedRatio) else {
      throw source.problem(
        "\(what) claims to expand from \(packed) to \(size) bytes; expected no zip bomb")
    }
    var input = Input(source: source)
    var written = 0
    let result = try [UInt8](unsafeUninitializedCapacity: size) { buffer, initialized in
      written = try expand(&input, wrapper, into: buffer)
      // Never below 0: a negative count would be stored in the shared empty array.
      initialized = max(0, min(written, size))
    }
    guard written == size else {
      throw source.problem("\(what) is damaged; expected it to expand to \(size) bytes")
    }
    return result
  }

  private struct Input {
    let source: any ByteSource
    var position = 0

    init(source: some ByteSource) { self.source = source }

    mutating func next() throws -> [UInt8] {
      let end = min(position + piece, source.count)
      defer { position = end }
      return try source.fetch(position..<end)
    }
  }

  /// The number of bytes written; -1 for damaged data, one more than fit for too many.
  private static func expand(
    _ input: inout Input, _ wrapper: Wrapper, into buffer: UnsafeMutableBufferPointer<UInt8>
  ) throws -> Int {
    var stream = z_stream()
    // zlib keeps the address of the stream, so it must not move.
    return try withUnsafeMutablePointer(to: &stream) { stream in
      let size = Int32(MemoryLayout<z_stream>.size)
      guard inflateInit2_(stream, wrapper.rawValue, ZLIB_VERSION, size) == Z_OK else { return -1 }
      defer { inflateEnd(stream) }
      var written = 0
      while true {
        let bytes = try input.next()
        if bytes.isEmpty { return -1 }
        switch feed(bytes, stream, &written, buffer) {
        case Z_OK: continue
        case Z_STREAM_END: return written
        default: return written > buffer.count ? written : -1
        }
      }
    }
  }

  /// Inflates one piece of input; Z_OK asks for more. In bounds: zlib gets the number of bytes left
  /// in the buffer, and a spare byte beyond its end.
  private static func feed(
    _ bytes: [UInt8], _ stream: UnsafeMutablePointer<z_stream>, _ written: inout Int,
    _ buffer: UnsafeMutableBufferPointer<UInt8>
  ) -> Int32 {
    var bytes = bytes
    var spare: UInt8 = 0
    return bytes.withUnsafeMutableBufferPointer { input in
      stream.pointee.next_in = input.baseAddress
      stream.pointee.avail_in = UInt32(input.count)
      while true {
        let room = min(buffer.count - written, 1 << 30)
        let status = withUnsafeMutablePointer(to: &spare) { spare in
          stream.pointee.next_out = room > 0 ? buffer.baseAddress.map { $0 + written } : spare
          stream.pointee.avail_out = UInt32(max(room, 1))
          return inflate(stream, Z_NO_FLUSH)
        }
        let got = max(room, 1) - Int(stream.pointee.avail_out)
        written += got
        if written > buffer.count { return Z_DATA_ERROR }
        if status != Z_OK && status != Z_BUF_ERROR { return status }
        if stream.pointee.avail_in == 0 && (stream.pointee.avail_out > 0 || got == 0) {
          return Z_OK
        }
        if got == 0 && status == Z_BUF_ERROR { return Z_DATA_ERROR }
      }
    }
  }
}

/// The cyclic redundancy check of ZIP members and gzip files.
func checksum(_ bytes: [UInt8]) -> UInt32 {
  UInt32(truncatingIfNeeded: bytes.withUnsafeBufferPointer { crc32_z(0, $0.baseAddress, $0.count) })
}

extension ByteSource {
  private static var gzipMagic: [UInt8] { [0x1f, 0x8b] }

  /// The inflated content of a gzip file (RFC 1952) with one member; any other source itself.
  package func expanded() throws -> any ByteSource {
    guard count >= 18, try fetch(0..<2) == Self.gzipMagic else { return self }
    let size = Int(try fetch(count - 4..<count).integer(at: 0, as: UInt32.self))
    return MemoryBytes(
      name: name, content: try Inflate.bytes(self, .gzip, size: size, of: "the gzip file"))
  }
}
