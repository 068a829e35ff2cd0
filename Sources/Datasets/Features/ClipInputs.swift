// What the clips of a loader look like to a model: packed once, or cut anew from whole clips.
import Acoustics
import Autograd

/// Inputs of N clips. Whole clips are standardised and packed once. Where a model looks at pieces,
/// the front end's spectrograms are kept as they are, in memory they share with the features, and a
/// piece is standardised when it is cut: 257 × T × 4 bytes a clip for the harmonic CNN, 0.64 MB for
/// 10 s. Features that are on disk stay there and are read with each batch.
struct ClipInputs: Sendable {
  /// Of what a model sees.
  let size: InputSize
  let isSequence: Bool
  /// Pieces a clip is scored on; 1 where every clip fits into one.
  let segments: Int
  private let standardizer: Standardizer
  /// [N, M·T], [N, T·M] for sequences; empty where spectrograms are looked up.
  private let packed: [Float]
  private let clips: [Clip.ID]
  /// Empty where clips are packed.
  private let features: Features
  /// T of each spectrogram.
  private let lengths: [Int]
  private let isCut: Bool
  private let isPacked: Bool
  /// Separates the pieces' random stream from others of the same seed.
  private static let stream = 0x6375_74

  /// `clips` have features, of `standardizer`'s bands. `frames`: T of what a model sees, nil that
  /// of the longest clip; longer clips are cut, at the end or into pieces.
  init(
    _ clips: [Clip.ID], _ features: Features, _ standardizer: Standardizer, isSequence: Bool,
    frames: Int?, segmentation: Segmentation?
  ) {
    lengths = clips.map { features.size(of: $0)?.frames ?? 0 }
    let frames = frames ?? lengths.max() ?? 0
    size = InputSize(bands: standardizer.mean.count, frames: frames)
    (self.clips, self.standardizer, self.isSequence) = (clips, standardizer, isSequence)
    isCut = segmentation != nil
    isPacked = !isCut && !features.isOnDisk
    self.features = isPacked ? Features([:]) : features
    let isLonger = lengths.contains { $0 > frames }
    segments = isLonger ? segmentation?.scored ?? 1 : 1
    var packed: [Float] = []
    if isPacked {
      packed.reserveCapacity(clips.count * size.bands * frames)
      for clip in clips.compactMap({ features[$0] }) {
        packed += Self.packed(clip, standardizer, frames: frames, isSequence: isSequence)
      }
    }
    self.packed = packed
  }

  private static func packed(
    _ spectrogram: Spectrogram, _ standardizer: Standardizer, frames: Int, isSequence: Bool
  ) -> [Float] {
    let fitted = standardizer(spectrogram).fitted(toFrames: frames)
    return isSequence ? fitted.transposed : fitted.values
  }

  /// Why a spectrogram could not be read from the cache; nil where all could.
  var fault: String? { features.fault }

  /// All clips as a model sees them, [N, …]; nil where they are cut or read on demand.
  var table: [Float]? { isPacked ? packed : nil }

  /// Appends the clip, or its piece number `segment`.
  func append(_ clip: Int, segment: Int, to values: inout [Float]) {
    guard isCut else { return appendPacked(clip, to: &values) }
    let start = Segmentation.start(
      segment, of: segments, length: size.frames, total: lengths[clip])
    appendPiece(clip, from: start, to: &values)
  }

  /// Appends the clip, or a piece of it that begins at a random frame, a new one each epoch. A clip
  /// shorter than a piece lies in it at a random place, among zeros.
  func append(_ clip: Int, epoch: Int, seed: Int, to values: inout [Float]) {
    guard isCut else { return appendPacked(clip, to: &values) }
    var generator = Generator(seed: seed, ClipInputs.stream, epoch, clip)
    let room = lengths[clip] - size.frames
    let place = generator.index(below: abs(room) + 1)
    appendPiece(clip, from: room < 0 ? -place : place, to: &values)
  }

  private func appendPacked(_ clip: Int, to values: inout [Float]) {
    let count = size.bands * size.frames
    if isPacked { return values += packed[clip * count..<(clip + 1) * count] }
    guard let spectrogram = features[clips[clip]] else { return }
    values += Self.packed(
      spectrogram, standardizer, frames: size.frames, isSequence: isSequence)
  }

  private func appendPiece(_ clip: Int, from start: Int, to values: inout [Float]) {
    guard let spectrogram = features[clips[clip]] else { return }
    // Standardised first: what is missing is then filled with the mean, as for whole clips.
    let inside = max(0, start)..<min(spectrogram.frames, start + size.frames)
    let piece = standardizer(spectrogram.frames(inside))
      .cut(from: min(0, start), frames: size.frames)
    values += isSequence ? piece.transposed : piece.values
  }
}
