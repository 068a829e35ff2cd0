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
