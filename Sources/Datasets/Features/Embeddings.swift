// One pre-trained feature vector a clip, for methods that use such features in training.
import Acoustics

/// Vectors of D values by clip: an extractor's embeddings, mean over time, each value brought to
/// mean 0 and deviation 1 over the training clips.
///
/// Without that, features that are never negative (quantised VGGish) all point the same way, and
/// cosines between them say little. METHODS §4.3.
public struct Embeddings: Sendable {
  /// D.
  public let dimension: Int
  private let vectors: [Clip.ID: [Float]]

  /// `features` are `[D, T]`. Statistics come from the clips of `train` alone.
  public init(_ features: Features, of clips: [Clip], train: [Clip]) {
    let means = Dictionary(
      clips.compactMap { clip in features[clip.id].map { (clip.id, $0.meanOverTime) } },
      uniquingKeysWith: { first, _ in first })
    let columns = train.compactMap { means[$0.id] }
    dimension = columns.first?.count ?? 0
    let standardizer = Standardizer(
      fitting: columns.map { Spectrogram(bands: $0.count, frames: 1, values: $0) })
    let dimension = dimension
    vectors = means.filter { $0.value.count == dimension }.mapValues { values in
      standardizer(Spectrogram(bands: values.count, frames: 1, values: values)).values
    }
  }

  /// D values; nil where the extractor had nothing to say.
  public subscript(id: Clip.ID) -> [Float]? { vectors[id] }
}

extension Spectrogram {
  /// `[M]`
  package var meanOverTime: [Float] {
    (0..<bands).map { band in
      let row = values[band * frames..<(band + 1) * frames]
      return row.reduce(0, +) / Float(max(frames, 1))
    }
  }

  /// `[T, M]`: a row a frame.
  package var transposed: [Float] {
    (0..<frames).flatMap { frame in (0..<bands).map { values[$0 * frames + frame] } }
  }
}
