// The chunks of a WAV file that libsndfile trusts without checking.

struct WAVEHeader {
  let channels: Int
  let sampleRate: Int
  /// The bytes per frame in the header; 0 if it does not state them.
  let frameBytes: Int
  let bits: Int
  private let bytesPerSecond: Int
  /// Whether the samples are integers or floating-point numbers, each in its own bytes.
  private let isPlain: Bool
  /// The position of the first sample.
  private let data: Int
  private let dataBytes: Int
  private let isBig: Bool
  private let bounds: Range<Int>
  private let source: SoundSource

  /// nil if this is not a WAV file, or if libsndfile will refuse it anyway.
  init?(_ source: SoundSource, _ bounds: Range<Int>) {
    let head = source.bytes(at: bounds.lowerBound, 12)
    guard head.count == 12, head.holds("RIFF") || head.holds("RIFX"), head.holds("WAVE", at: 8)
    else { return nil }
    isBig = head.holds("RIFX")
    let number = WAVEHeader.number(isBig)
    guard let chunks = WAVEHeader.chunks(source, from: bounds.lowerBound + 12, number),
      chunks.format.count >= 16
    else { return nil }
    let format = chunks.format
    var tag = number(format, 0, 2)
    if tag == 0xfffe, format.count >= 26 { tag = number(format, 24, 2) }
    isPlain = tag == 1 || tag == 3
    channels = number(format, 2, 2)
    sampleRate = number(format, 4, 4)
    bytesPerSecond = number(format, 8, 4)
    frameBytes = number(format, 12, 2)
    bits = number(format, 14, 2)
    data = chunks.data
    dataBytes = chunks.size
    self.bounds = bounds
    self.source = source
  }

  private typealias Number = ([UInt8], Int, Int) -> Int

  private static func number(_ isBig: Bool) -> Number {
    { bytes, index, count in isBig ? bytes.big(index, count) : bytes.little(index, count) }
  }

  /// The first "fmt " chunk before the samples, their position, and their number of bytes in the
  /// header.
  private static func chunks(
    _ source: SoundSource, from start: Int, _ number: Number
  ) -> (format: [UInt8], data: Int, size: Int)? {
    var position = start
    var format: [UInt8] = []
    while true {
      let chunk = source.bytes(at: position, 8)
      guard chunk.count == 8 else { return nil }
      let size = number(chunk, 4, 4)
      position += 8
      if chunk.holds("data") { return (format, position, size) }
      if chunk.holds("fmt "), format.isEmpty { format = source.bytes(at: position, min(size, 40)) }
      position += size + size & 1
    }
  }

  /// The reason why the samples cannot be read; nil if they can.
  var fault: String? {
    if channels == 0 { return "0 channels; expected 1 to 1024" }
    if sampleRate == 0 { return "sample rate 0 Hz; expected 1000 to 768000 Hz" }
    let needed = channels * ((bits + 7) / 8)
    // libsndfile reads `needed` bytes per frame. This is right if the bytes per second agree,
    // except for 24 bits in 4 bytes, which it guesses.
    let isGuess = bits == 24 && frameBytes == 4 * channels
    let agrees = bytesPerSecond == sampleRate * needed && !isGuess
    if isPlain, frameBytes > 0, frameBytes != needed, !agrees {
      return "\(bits)-bit samples in frames of \(frameBytes) bytes; expected \(needed) bytes "
        + "for \(channels) \(channels == 1 ? "channel" : "channels")"
    }
    return nil
  }

  /// The file with the size of its samples corrected, if a recorder never wrote it.
  func view() -> SoundView {
    let present = bounds.upperBound - data
    let frame = max(1, frameBytes)
    guard dataBytes == 0, present >= frame, !isChunk(at: data) else {
      return SoundView(source, [.file(bounds)])
    }
    let size = UInt32(clamping: present - present % frame)
    let bytes = withUnsafeBytes(of: isBig ? size.bigEndian : size.littleEndian) { Array($0) }
    return SoundView(
      source,
      [.file(bounds.lowerBound..<data - 4), .bytes(bytes), .file(data..<bounds.upperBound)])
  }

  /// Whether chunk names and plausible sizes follow instead of samples.
  private func isChunk(at position: Int) -> Bool {
    let chunk = source.bytes(at: position, 8)
    guard chunk.count == 8, chunk[..<4].allSatisfy({ (0x20..<0x7f).contains($0) }) else {
      return false
    }
    let size = WAVEHeader.number(isBig)(chunk, 4, 4)
    return position + 8 + size <= bounds.upperBound
  }
}
