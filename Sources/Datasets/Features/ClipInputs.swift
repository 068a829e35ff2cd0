// The inputs of a model for the clips of a loader: packed once, or cut from whole clips on demand.
import Acoustics
import Autograd

/// Inputs for N clips. Whole clips are standardized and packed once. For a model with segments, the
/// spectrograms share their memory with the features, and a segment is standardized when it is cut:
/// 257 × T × 4 bytes per clip for the harmonic CNN, 0.64 MB for 10 s. Features on disk stay there
/// and are read for each batch.
struct ClipInputs: Sendable {
  /// The size of the input for one clip.
  let size: InputSize
  let isSequence: Bool
  /// The number of segments that a clip is scored on; 1 if no clip is longer than one.
  let segments: Int
  private let standardizer: Standardizer
  /// [N, M·T], [N, T·M] for sequences; empty if inputs are made on demand.
  private let packed: [Float]
  private let clips: [Clip.ID]
  /// Empty if clips are packed.
  private let features: Features
  /// T of each spectrogram.
  private let lengths: [Int]
  private let isCut: Bool
  private let isPacked: Bool
  /// Separates the random stream of segments from others with the same seed.
  private static let stream = 0x6375_74

  /// All `clips` must have features with the bands of `standardizer`. `frames`: T of the input; nil
  /// is that of the longest clip. Longer clips are truncated or cut into segments.
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

  /// Why a spectrogram could not be read from the cache; nil if all could be read.
  var fault: String? { features.fault }

  /// The inputs of all clips, [N, …]; nil if they are made on demand.
  var table: [Float]? { isPacked ? packed : nil }

  /// Appends the clip, or its segment `segment`.
  func append(_ clip: Int, segment: Int, to values: inout [Float]) {
    guard isCut else { return appendPacked(clip, to: &values) }
    let start = Segmentation.start(
      segment, of: segments, length: size.frames, total: lengths[clip])
    appendPiece(clip, from: start, to: &values)
  }

  /// Appends the clip, or a segment that begins at a random frame of the epoch. A clip that is
  /// shorter than a segment is padded with zeros, at a random position.
  func append(_ clip: Int, epoch: Int, seed: Int, to values: inout [Float]) {
    guard isCut else { return appendPacked(clip, to: &values) }
    appendPiece(clip, from: start(clip, epoch: epoch, seed: seed), to: &values)
  }

  /// The first frame of the segment of an epoch; below 0 for a clip that is shorter than that.
  private func start(_ clip: Int, epoch: Int, seed: Int) -> Int {
    var generator = Generator(seed: seed, ClipInputs.stream, epoch, clip)
    let room = lengths[clip] - size.frames
    let place = generator.index(below: abs(room) + 1)
    return room < 0 ? -place : place
  }

  /// The shares of a clip's length between which its segment of an epoch lies; nil if the model
  /// hears the whole clip.
  func part(of clip: Int, epoch: Int, seed: Int) -> Range<Double>? {
    guard isCut, lengths[clip] > size.frames else { return nil }
    let (start, total) = (start(clip, epoch: epoch, seed: seed), Double(lengths[clip]))
    return Double(start) / total..<Double(start + size.frames) / total
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
    // Standardized first, so that the padding is the mean, as for whole clips.
    let inside = max(0, start)..<min(spectrogram.frames, start + size.frames)
    let piece = standardizer(spectrogram.frames(inside))
      .cut(from: min(0, start), frames: size.frames)
    values += isSequence ? piece.transposed : piece.values
  }
}
