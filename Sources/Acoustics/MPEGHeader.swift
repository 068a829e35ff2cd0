// The four bytes that open every MPEG audio frame (ISO/IEC 11172-3, 13818-3, and "2.5").

struct MPEGHeader: Equatable {
  /// 1, 2 or 3.
  let layer: Int
  /// True for MPEG 2 and 2.5, which halve or quarter the sample rates.
  let isLow: Bool
  /// Hz.
  let sampleRate: Int
  let channels: Int
  /// Samples per channel in the frame.
  let samples: Int
  /// The bytes of the frame; nil in free format, in which it follows from the next header.
  let size: Int?
  /// Bytes that the padding bit adds, 0, 1 or 4.
  let padding: Int
  /// The bits that are constant in a stream: sync, version, layer, sample rate.
  let kind: UInt32

  /// nil if an encoder cannot have written these bits.
  init?(_ word: UInt32) {
    let version = Int(word >> 19 & 3)  // 0: 2.5, 2: 2, 3: 1
    let layerBits = Int(word >> 17 & 3)
    let rateBits = Int(word >> 10 & 3)
    let speed = Int(word >> 12 & 15)
    guard word >> 21 == 0x7ff, version != 1, layerBits != 0, rateBits != 3, speed != 15
    else { return nil }
    layer = 4 - layerBits
    isLow = version != 3
    sampleRate = [44_100, 48_000, 32_000][rateBits] / (version == 3 ? 1 : version == 2 ? 2 : 4)
    channels = word >> 6 & 3 == 3 ? 1 : 2
    samples = layer == 1 ? 384 : layer == 3 && isLow ? 576 : 1152
    padding = word >> 9 & 1 == 0 ? 0 : layer == 1 ? 4 : 1
    kind = word & 0xfffe_0c00
    guard speed != 0 else {
      size = nil
      return
    }
    let bits = 1000 * MPEGHeader.kilobits(layer, isLow)[speed - 1]
    let unpadded =
      layer == 1 ? bits * 12 / sampleRate * 4 : bits * (samples / 8) / sampleRate
    size = unpadded + padding
  }

  /// Bit rates of the codes 1 to 14.
  private static func kilobits(_ layer: Int, _ isLow: Bool) -> [Int] {
    switch (layer, isLow) {
    case (1, false): [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448]
    case (2, false): [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384]
    case (3, false): [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
    case (1, true): [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256]
    default: [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
    }
  }
}

/// The frame with the tag contains no sound.
struct MPEGInfoTag {
  /// The number of frames of sound; nil if the tag does not state it or states 0.
  private(set) var frames: Int?
  /// Bytes from the tag's frame to the end of the stream.
  private(set) var bytes: Int?
  /// Samples that encoder and decoder add before the sound; nil if the encoder is not named.
  private(set) var delay: Int?
  /// Samples of silence that fill the last frame.
  private(set) var padding = 0

  /// nil if `frame`, from its header on, is a frame of sound.
  init?(_ frame: [UInt8], _ header: MPEGHeader) {
    guard header.layer == 3 else { return nil }
    let side = header.channels == 1 ? (header.isLow ? 9 : 17) : header.isLow ? 17 : 32
    let place = 4 + side
    if frame.holds("VBRI", at: 36), frame.count >= 54 {
      bytes = MPEGInfoTag.count(frame.big(46, 4))
      frames = MPEGInfoTag.count(frame.big(50, 4))
    } else if [0, 2].contains(where: { isXing(frame, place + $0) }) {
      readXing(frame, isXing(frame, place) ? place : place + 2)
    } else {
      return nil
    }
  }

  /// The tag begins with side information of zeros and one of two words. Some encoders shift both
  /// by two bytes for a checksum.
  private func isXing(_ frame: [UInt8], _ place: Int) -> Bool {
    (frame.holds("Xing", at: place) || frame.holds("Info", at: place)) && frame.count >= place + 8
      && frame[6..<place].allSatisfy { $0 == 0 }
  }

  private mutating func readXing(_ frame: [UInt8], _ place: Int) {
    let flags = frame.big(place + 4, 4)
    var next = place + 8
    func field(_ flag: Int, _ size: Int) -> Int? {
      guard flags & flag != 0, frame.count >= next + size else { return nil }
      defer { next += size }
      return next
    }
    frames = field(1, 4).flatMap { MPEGInfoTag.count(frame.big($0, 4)) }
    bytes = field(2, 4).flatMap { MPEGInfoTag.count(frame.big($0, 4)) }
    _ = field(4, 100)
    _ = field(8, 4)
    // The name of the encoder, 12 bytes of settings, then two numbers of 12 bits.
    guard frame.count >= next + 24, frame[next] != 0 else { return }
    let lengths = frame.big(next + 21, 3)
    delay = lengths >> 12 + MPEGInfoTag.decoderDelay
    padding = max(0, lengths & 0xfff - MPEGInfoTag.decoderDelay)
  }

  /// The delay in samples of every Layer III decoder.
  private static let decoderDelay = 529

  private static func count(_ value: Int) -> Int? { value > 0 ? value : nil }
}
