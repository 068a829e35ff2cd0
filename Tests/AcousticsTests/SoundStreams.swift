// Sound files made by hand, byte by byte: silent MPEG frames, constant FLAC frames, plain WAV.
import Foundation

/// Silent frames: a header and zeros decode to silence in Layer III.
enum MPEGStream {
  /// 128 kbit/s, 44.1 kHz, mono.
  static let mono: UInt32 = 0xfffb_90c0
  static let stereo: UInt32 = 0xfffb_9000
  /// MPEG 2: 64 kbit/s, 22.05 kHz, mono.
  static let low: UInt32 = 0xfff3_80c0

  static func frame(_ header: UInt32) -> [UInt8] {
    let size = header == low ? 208 : 417
    return big(Int(header), 4) + [UInt8](repeating: 0, count: size - 4)
  }

  static func frames(_ count: Int, _ header: UInt32 = mono) -> [UInt8] {
    Array(repeatElement(frame(header), count: count).joined())
  }

  /// A frame with an Info tag; with delay and padding it names an encoder too.
  static func tag(frames: Int?, bytes: Int?, lengths: (Int, Int)? = nil) -> [UInt8] {
    var tag = frame(mono)
    let flags = (frames == nil ? 0 : 1) + (bytes == nil ? 0 : 2)
    var content = Array("Info".utf8) + big(flags, 4)
    if let frames { content += big(frames, 4) }
    if let bytes { content += big(bytes, 4) }
    if let (delay, padding) = lengths {
      content += Array("LAME3.100".utf8) + [UInt8](repeating: 0, count: 12)
      content += big(delay << 12 | padding, 3)
    }
    tag.replaceSubrange(21..<21 + content.count, with: content)
    return tag
  }

  static func id3(_ count: Int) -> [UInt8] {
    Array("ID3".utf8) + [3, 0, 0, 0, 0, UInt8(count >> 7), UInt8(count & 127)]
      + [UInt8](repeating: 0x55, count: count)
  }
}

/// 16-bit mono at 8 kHz, every frame one constant.
enum FLACStreamMaker {
  static let block = 4096

  /// `frames` whole blocks, then one of `rest` samples.
  static func stream(frames: Int, rest: Int, total: Int, bits: Int = 16) -> [UInt8] {
    var info = big(block, 2) + big(block, 2) + big(0, 6)
    info += big(8000 << 44 | (bits - 1) << 36 | total, 8) + [UInt8](repeating: 0, count: 16)
    var bytes = Array("fLaC".utf8) + [0x80, 0, 0, 34] + info
    for number in 0..<frames { bytes += frame(number, [0xff, 0xf8, 0xc0, 0x08, UInt8(number)]) }
    return bytes + frame(frames, [0xff, 0xf8, 0x70, 0x08, UInt8(frames)] + big(rest - 1, 2))
  }

  private static func frame(_ number: Int, _ head: [UInt8]) -> [UInt8] {
    let whole = head + [UInt8(check(head, 8, 7))] + [0] + big(1000 + number, 2)
    return whole + big(check(whole, 16, 0x8005), 2)
  }

  private static func check(_ bytes: [UInt8], _ width: Int, _ polynomial: Int) -> Int {
    var sum = 0
    for byte in bytes {
      sum ^= Int(byte) << (width - 8)
      for _ in 0..<8 { sum = sum >> (width - 1) & 1 == 1 ? sum << 1 ^ polynomial : sum << 1 }
      sum &= 1 << width - 1
    }
    return sum
  }
}

enum WAVStream {
  /// The 16-bit samples 1, 2, 3 … at 8 kHz behind a header that may say something else.
  static func mono(
    _ count: Int, claimed: Int? = nil, rate: Int = 8000, channels: Int = 1, bits: Int = 16,
    frame: Int = 2
  ) -> [UInt8] {
    let size = claimed ?? 2 * count
    var bytes = Array("RIFF".utf8) + little(36 + size, 4) + Array("WAVEfmt ".utf8)
    bytes += little(16, 4) + little(1, 2) + little(channels, 2) + little(rate, 4)
    bytes += little(rate * frame, 4) + little(frame, 2) + little(bits, 2)
    bytes += Array("data".utf8) + little(size, 4)
    return bytes + (0..<count).flatMap { little($0 + 1, 2) }
  }
}

/// `count` bytes of `value`, the highest first.
func big(_ value: Int, _ count: Int) -> [UInt8] { little(value, count).reversed() }

/// `count` bytes of `value`, the lowest first.
func little(_ value: Int, _ count: Int) -> [UInt8] {
  (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}
