// A FLAC file's own words on its length, and whether its last frame agrees (RFC 9639).

/// Encoders that write to a pipe leave the total at 0, and edited files keep a wrong one; a decoder
/// that believes it stops there.
struct FLACStream {
  /// Samples of each channel; nil where the header leaves it open.
  let total: Int?
  let bits: Int
  private let head: [UInt8]
  private let source: SoundSource
  private let bounds: Range<Int>

  /// Nil where no FLAC stream begins at the start of `bounds`.
  init?(_ source: SoundSource, _ bounds: Range<Int>) {
    head = source.bytes(at: bounds.lowerBound, 42)
    guard head.count == 42, head.holds("fLaC"), head[4] & 0x7f == 0 else { return nil }
    self.source = source
    self.bounds = bounds
    bits = (head.big(20, 2) >> 4 & 31) + 1
    let count = head.big(21, 5) & 0xf_ffff_ffff
    total = count > 0 ? count : nil
  }

  /// True where the last frame ends at `total` samples.
  var isConfirmed: Bool { total != nil && total == lastFrameEnd() }

  /// The stream; without its total, so that a decoder goes on to the last frame, where nothing
  /// confirms that.
  func view() -> SoundView {
    let start = bounds.lowerBound
    guard !isConfirmed, total != nil else { return SoundView(source, [.file(bounds)]) }
    return SoundView(
      source,
      [
        .file(start..<start + 21), .bytes([head[21] & 0xf0, 0, 0, 0, 0]),
        .file(start + 26..<bounds.upperBound),
      ])
  }

  /// The number of the sample behind the last frame header that can be found near the end.
  private func lastFrameEnd() -> Int? {
    let largest = head.big(15, 3)
    let reach = min(largest > 0 ? largest + 16 : 1 << 16, 1 << 20, bounds.count)
    let bytes = source.bytes(at: bounds.upperBound - reach, reach)
    guard bytes.count > 16 else { return nil }
    for place in stride(from: bytes.count - 6, through: 0, by: -1)
    where bytes[place] == 0xff && bytes[place + 1] & 0xfe == 0xf8 {
      if let end = frameEnd(bytes, place) { return end }
    }
    return nil
  }

  /// Of the frame whose header stands at `place`; nil where its checksum says that it is none.
  private func frameEnd(_ bytes: [UInt8], _ place: Int) -> Int? {
    guard place + 16 <= bytes.count || place + 6 <= bytes.count else { return nil }
    let isVariable = bytes[place + 1] & 1 == 1
    let sizeCode = Int(bytes[place + 2] >> 4)
    var next = place + 4
    guard let number = FLACStream.number(bytes, &next) else { return nil }
    let sizeBytes = sizeCode == 6 ? 1 : sizeCode == 7 ? 2 : 0
    let rateBytes = [12: 1, 13: 2, 14: 2][bytes[place + 2] & 15] ?? 0
    guard next + sizeBytes + rateBytes < bytes.count,
      let size = sizeBytes > 0 ? bytes.big(next, sizeBytes) + 1 : FLACStream.size(sizeCode)
    else { return nil }
    next += sizeBytes + rateBytes
    guard FLACStream.checksum(bytes[place..<next]) == bytes[next] else { return nil }
    return (isVariable ? number : number * head.big(8, 2)) + size
  }

  /// Samples that a code without bytes of its own stands for.
  private static func size(_ code: Int) -> Int? {
    switch code {
    case 1: 192
    case 2...5: 576 << (code - 2)
    case 8...15: 256 << (code - 8)
    default: nil
    }
  }

  /// A number coded like one character of UTF-8, up to 36 bits.
  private static func number(_ bytes: [UInt8], _ next: inout Int) -> Int? {
    guard next < bytes.count else { return nil }
    let first = bytes[next]
    let more = first < 0x80 ? 0 : (~first).leadingZeroBitCount - 1
    guard (0...6).contains(more), first < 0x80 || more > 0, next + more < bytes.count else {
      return nil
    }
    var value = first < 0x80 ? Int(first) : Int(first) & (0x7f >> (more + 1))
    for byte in bytes[next + 1..<next + 1 + more] {
      guard byte & 0xc0 == 0x80 else { return nil }
      value = value << 6 | Int(byte & 0x3f)
    }
    next += more + 1
    return value
  }

  /// CRC-8 with the polynomial x^8 + x^2 + x + 1.
  private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt8 {
    bytes.reduce(0) { sum, byte in
      (0..<8).reduce(sum ^ byte) { value, _ in value & 0x80 != 0 ? value << 1 ^ 7 : value << 1 }
    }
  }
}
