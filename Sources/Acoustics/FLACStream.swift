// The length in the header of a FLAC stream, and whether the last frame confirms it (RFC 9639).

/// Encoders that write to a pipe leave the total at 0, and edited files may have a wrong one. A
/// decoder that trusts it stops there.
struct FLACStream {
  /// Samples per channel; nil if the header does not state it.
  let total: Int?
  let bits: Int
  /// Whether the last frame is complete and ends at `total` samples.
  let isConfirmed: Bool
  /// Samples up to the end of the last frame, complete or cut, or the header's total if that is
  /// larger; nil if neither is known.
  let promised: Int?
  private let head: [UInt8]
  private let source: SoundSource
  private let bounds: Range<Int>

  /// nil if no FLAC stream begins at the start of `bounds`.
  init?(_ source: SoundSource, _ bounds: Range<Int>) {
    head = source.bytes(at: bounds.lowerBound, 42)
    guard head.count == 42, head.holds("fLaC"), head[4] & 0x7f == 0 else { return nil }
    self.source = source
    self.bounds = bounds
    bits = (head.big(20, 2) >> 4 & 31) + 1
    let count = head.big(21, 5) & 0xf_ffff_ffff
    let total = count > 0 ? count : nil
    let largest = head.big(15, 3)
    let reach = min(largest > 0 ? 2 * largest + 16 : 1 << 17, 1 << 20, bounds.count)
    let tail = FLACTail(
      source.bytes(at: bounds.upperBound - reach, reach), blockSize: head.big(8, 2))
    self.total = total
    isConfirmed = total != nil && tail.isWhole && tail.end == total
    promised = [total, tail.end].compactMap { $0 }.max()
  }

  /// The stream. Its total is removed if nothing confirms it, so that a decoder continues to the
  /// last frame.
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
}

struct FLACTail {
  /// Samples of the stream up to the end of the last frame; nil if no frame is found.
  private(set) var end: Int?
  /// Whether the checksum of the last frame confirms that it is complete.
  private(set) var isWhole = false

  private let bytes: [UInt8]
  /// Samples per frame, for streams whose frames are numbered.
  private let blockSize: Int

  /// Searches the last bytes of a stream.
  init(_ bytes: [UInt8], blockSize: Int) {
    self.bytes = bytes
    self.blockSize = blockSize
    var frames: [(place: Int, samples: Range<Int>)] = []
    for place in 0..<max(0, bytes.count - 6)
    where bytes[place] == 0xff && bytes[place + 1] & 0xfe == 0xf8 {
      if let samples = samples(at: place) { frames.append((place, samples)) }
    }
    // Random bytes may look like a header, but then no frame starts where another one ends.
    for frame in frames.reversed() {
      isWhole = FLACTail.isWhole(bytes[frame.place...])
      let start = frame.samples.lowerBound
      guard isWhole || start == 0 || frames.contains(where: { $0.samples.upperBound == start })
      else { continue }
      end = frame.samples.upperBound
      return
    }
    isWhole = false
  }

  /// The frame with its header at `place`; nil if the checksum of the header does not match.
  private func samples(at place: Int) -> Range<Int>? {
    let isNumberOfSample = bytes[place + 1] & 1 == 1
    let sizeCode = Int(bytes[place + 2] >> 4)
    var next = place + 4
    guard let number = number(&next) else { return nil }
    let sizeBytes = sizeCode == 6 ? 1 : sizeCode == 7 ? 2 : 0
    let rateCode = bytes[place + 2] & 15
    let rateBytes = rateCode == 12 ? 1 : rateCode == 13 || rateCode == 14 ? 2 : 0
    let check = next + sizeBytes + rateBytes
    guard check < bytes.count,
      let size = sizeBytes > 0 ? bytes.big(next, sizeBytes) + 1 : FLACTail.size(sizeCode),
      FLACTail.checksum(bytes[place..<check]) == bytes[check]
    else { return nil }
    let start = isNumberOfSample ? number : number * blockSize
    return start..<start + size
  }

  /// The number of samples that a code without extra bytes stands for.
  private static func size(_ code: Int) -> Int? {
    switch code {
    case 1: 192
    case 2...5: 576 << (code - 2)
    case 8...15: 256 << (code - 8)
    default: nil
    }
  }

  /// A number coded like a UTF-8 character, up to 36 bits.
  private func number(_ next: inout Int) -> Int? {
    guard next < bytes.count else { return nil }
    let ones = (~bytes[next]).leadingZeroBitCount
    let more = max(0, ones - 1)
    guard ones != 1, more <= 6, next + more < bytes.count else { return nil }
    var value = Int(bytes[next]) & (0x7f >> ones)
    for byte in bytes[(next + 1)..<(next + 1 + more)] {
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

  /// Whether the CRC-16 of a frame including its checksum is 0.
  private static func isWhole(_ frame: ArraySlice<UInt8>) -> Bool {
    frame.reduce(UInt16(0)) { sum, byte in sum << 8 ^ table[Int(UInt8(sum >> 8) ^ byte)] } == 0
  }

  /// CRC-16 with the polynomial x^16 + x^15 + x^2 + 1.
  private static let table: [UInt16] = (0..<256).map { byte in
    (0..<8).reduce(UInt16(byte) << 8) { value, _ in
      value & 0x8000 != 0 ? value << 1 ^ 0x8005 : value << 1
    }
  }
}
