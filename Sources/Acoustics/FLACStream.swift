// A FLAC file's own words on its length, and whether its last frame agrees (RFC 9639).

/// Encoders that write to a pipe leave the total at 0, and edited files keep a wrong one; a decoder
/// that believes it stops there.
struct FLACStream {
  /// Samples of each channel; nil where the header leaves it open.
  let total: Int?
  let bits: Int
  /// True where the last frame is whole and ends at `total` samples.
  let isConfirmed: Bool
  /// Samples up to the end of the last frame, whole or cut, or the header's total if that is more;
  /// nil where neither is known.
  let promised: Int?
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
    let total = count > 0 ? count : nil
    let largest = head.big(15, 3)
    let reach = min(largest > 0 ? 2 * largest + 16 : 1 << 17, 1 << 20, bounds.count)
    let tail = FLACTail(
      source.bytes(at: bounds.upperBound - reach, reach), blockSize: head.big(8, 2))
    self.total = total
    isConfirmed = total != nil && tail.isWhole && tail.end == total
    promised = [total, tail.end].compactMap { $0 }.max()
  }

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
}
