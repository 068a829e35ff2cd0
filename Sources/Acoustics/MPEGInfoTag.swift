// The tag in the first frame of an MPEG stream: Xing, Info, LAME or VBRI.

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
