// What an encoder says of a whole stream in its first frame: Xing, Info, LAME and VBRI tags.

/// The frame that holds such a tag carries no sound.
struct MPEGInfoTag {
  /// Frames of sound; nil where the tag does not say or says 0.
  private(set) var frames: Int?
  /// Bytes from the tag's frame to the end of the stream.
  private(set) var bytes: Int?
  /// Samples that encoder and decoder put before the sound; nil where the encoder is not named.
  private(set) var delay: Int?
  /// Samples of silence that filled up the last frame.
  private(set) var padding = 0

  /// Nil where `frame`, from its header on, is a frame of sound.
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

  /// Side information of zeros, then one of two words; a checksum moves both by two bytes in what
  /// some encoders write.
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
    // The encoder's name, 12 bytes of settings, then twice 12 bits.
    guard frame.count >= next + 24, frame[next] != 0 else { return }
    let lengths = frame.big(next + 21, 3)
    delay = lengths >> 12 + MPEGInfoTag.decoderDelay
    padding = max(0, lengths & 0xfff - MPEGInfoTag.decoderDelay)
  }

  /// Samples by which every Layer III decoder lags.
  private static let decoderDelay = 529

  private static func count(_ value: Int) -> Int? { value > 0 ? value : nil }
}
