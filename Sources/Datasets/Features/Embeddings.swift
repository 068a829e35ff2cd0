// Features of pre-trained networks that methods learn from: a vector for a clip or a part of it.
import Acoustics

/// One vector of D values per clip: an extractor's embeddings, averaged over time and standardized
/// over the training clips. If asked for, also one for any part of a clip.
///
/// Without standardization, features that are never negative, such as quantized VGGish, point in
/// similar directions, and their cosine similarity says little. METHODS §4.3.
public struct Embeddings: Sendable {
  /// D.
  public let dimension: Int
  private let vectors: [Clip.ID: [Float]]
  private let standardizer: Standardizer
  /// Over time; nil if no parts are asked for.
  private let frames: Features?

  /// Embeddings of `clips` from `features`, `[D, T]`, standardized over the clips of `train`.
  ///
  /// - Parameters:
  ///   - features: `[D, T]` of each clip.
  ///   - clips: The clips that get a vector.
  ///   - train: The clips that the standardization is fitted on.
  ///   - keepsFrames: Whether parts of clips have vectors too; the features then stay in memory.
  public init(_ features: Features, of clips: [Clip], train: [Clip], keepsFrames: Bool = false) {
    let means = Dictionary(
      clips.compactMap { clip in features[clip.id].map { (clip.id, $0.meanOverTime) } },
      uniquingKeysWith: { first, _ in first })
    let columns = train.compactMap { means[$0.id] }
    dimension = columns.first?.count ?? 0
    standardizer = Standardizer(
      fitting: columns.map { Spectrogram(bands: $0.count, frames: 1, values: $0) })
    let (dimension, standardizer) = (dimension, standardizer)
    vectors = means.filter { $0.value.count == dimension }.mapValues { standardizer.vector($0) }
    let hasFrames = clips.contains { (features.size(of: $0.id)?.frames ?? 0) > 1 }
    frames = keepsFrames && hasFrames ? features : nil
  }

  /// D values; nil if the clip has no features.
  public subscript(id: Clip.ID) -> [Float]? { vectors[id] }

  /// Whether a part of a clip has a vector of its own. Not so if the extractor gives one vector
  /// for each clip.
  public var hasParts: Bool { frames != nil }

  /// D values for the part of a clip between two shares of its length: the mean of the frames whose
  /// middle lies in it, or of the one nearest to its middle. Nil if the clip has no features.
  public subscript(id: Clip.ID, part: Range<Double>) -> [Float]? {
    guard let whole = vectors[id] else { return nil }
    guard let frames, let features = frames[id], features.frames > 1 else { return whole }
    let count = Double(features.frames)
    // Frame j has its middle at (j + ½) / T.
    let first = Int((part.lowerBound * count - 0.5).rounded(.up))
    let end = Int((part.upperBound * count - 0.5).rounded(.up))
    let nearest = Int((part.lowerBound + part.upperBound) / 2 * count)
    let place = min(max(0, nearest), features.frames - 1)
    let inside = max(0, first)..<min(features.frames, max(0, end))
    let kept = first < end && !inside.isEmpty ? inside : place..<place + 1
    return standardizer.vector(features.frames(kept).meanOverTime)
  }
}

extension Standardizer {
  /// A vector of one frame, standardized.
  fileprivate func vector(_ values: [Float]) -> [Float] {
    self(Spectrogram(bands: values.count, frames: 1, values: values)).values
  }
}
