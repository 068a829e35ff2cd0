// What the clips of a loader look like to a model: packed once, or cut anew from whole clips.
import Acoustics
import Autograd

/// Inputs of N clips. Whole clips are standardised and packed once. Where a model looks at pieces,
/// the front end's pictures are kept as they are, in memory they share with the features, and a
/// piece is standardised when it is cut: 257 × T × 4 bytes a clip for the harmonic CNN, 0.64 MB for
/// 10 s.
struct ClipInputs: Sendable {
  /// Of what a model sees.
  let size: InputSize
  let isSequence: Bool
  /// Pieces a clip is scored on; 1 where every clip fits into one.
  let segments: Int
  private let standardizer: Standardizer
  /// [N, M·T], [N, T·M] for sequences; empty where pieces are cut.
  private let packed: [Float]
  /// Empty where clips are packed.
  private let whole: [Spectrogram]
  private let isCut: Bool
  /// Separates the pieces' random stream from others of the same seed.
  private static let stream = 0x6375_74

  /// `frames`: T of what a model sees; longer clips are cut, at the end or into pieces.
  init(
    _ pictures: [Spectrogram], _ standardizer: Standardizer, isSequence: Bool, frames: Int,
    segmentation: Segmentation?
  ) {
    size = InputSize(bands: standardizer.mean.count, frames: frames)
    self.isSequence = isSequence
    self.standardizer = standardizer
    isCut = segmentation != nil
    guard let segmentation else {
      (segments, whole) = (1, [])
      var packed: [Float] = []
      packed.reserveCapacity(pictures.count * size.bands * frames)
      for picture in pictures {
        let fitted = standardizer(picture).fitted(toFrames: frames)
        packed += isSequence ? fitted.transposed : fitted.values
      }
      self.packed = packed
      return
    }
    let isLonger = pictures.contains { $0.frames > frames }
    (segments, whole, packed) = (isLonger ? segmentation.scored : 1, pictures, [])
  }

  /// Appends the clip, or its piece number `segment`.
  func append(_ clip: Int, segment: Int, to values: inout [Float]) {
    guard isCut else { return appendPacked(clip, to: &values) }
    let start = Segmentation.start(
      segment, of: segments, length: size.frames, total: whole[clip].frames)
    appendPiece(clip, from: start, to: &values)
  }

  /// Appends the clip, or a piece of it that begins at a random frame, a new one each epoch. A clip
  /// shorter than a piece lies in it at a random place, among zeros.
  func append(_ clip: Int, epoch: Int, seed: Int, to values: inout [Float]) {
    guard isCut else { return appendPacked(clip, to: &values) }
    var generator = Generator(seed: seed, ClipInputs.stream, epoch, clip)
    let room = whole[clip].frames - size.frames
    let place = generator.index(below: abs(room) + 1)
    appendPiece(clip, from: room < 0 ? -place : place, to: &values)
  }

  private func appendPacked(_ clip: Int, to values: inout [Float]) {
    let count = size.bands * size.frames
    values += packed[clip * count..<(clip + 1) * count]
  }

  private func appendPiece(_ clip: Int, from start: Int, to values: inout [Float]) {
    let picture = whole[clip]
    // Standardised first: what is missing is then filled with the mean, as for whole clips.
    let inside = max(0, start)..<min(picture.frames, start + size.frames)
    let piece = standardizer(picture.frames(inside))
      .cut(from: min(0, start), frames: size.frames)
    values += isSequence ? piece.transposed : piece.values
  }
}
