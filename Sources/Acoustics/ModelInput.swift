import Foundation

/// The input of a model: features of a front end, embeddings of pre-trained extractors, or both.
///
/// Standardized means zero mean and unit standard deviation over the training clips.
public indirect enum ModelInput: Codable, Hashable, Sendable {
  /// Spectrograms [B, 1, M, T] of a front end; each band is standardized if `standardized`.
  case frontEnd(FrontEnd, standardized: Bool = true)
  /// Embeddings [B, T, D] of an extractor (``ExtractorReference/text``); each feature is
  /// standardized over clips and segments if `standardized`.
  case embeddings(String, standardized: Bool)
  /// One vector per clip, [B, 1, D]: the embeddings of several extractors, averaged over time,
  /// concatenated and standardized.
  case pooled([String])
  /// An input and a pooled vector, concatenated: [B, M·T + D]. Training batches keep them apart, so
  /// that the spectrogram can be augmented.
  case joined(ModelInput, with: [String])

  /// The ids of all extractors, for settings of targets that do not import the catalogue of
  /// extractors. A test compares both.
  public static let extractors = [
    "vggish", "openl3", "musicnn", "edgel3", "ast", "mn04", "yamnet", "aisfx", "kwt1",
    "band-net",
  ]

  /// The input without the pooled vector.
  public var base: ModelInput {
    if case .joined(let base, _) = self { base } else { self }
  }

  /// The extractors of the pooled vector that is joined to the base.
  public var companions: [String] {
    if case .joined(_, let extractors) = self { extractors } else { [] }
  }

  /// Whether a clip of the base is a sequence [T, D]; otherwise it is a spectrogram [1, M, T].
  public var isSequence: Bool {
    if case .frontEnd = base { false } else { true }
  }

  /// Whether the base is standardized. Pooled vectors always are.
  public var isStandardized: Bool {
    switch self {
    case .frontEnd(_, let standardized), .embeddings(_, let standardized): standardized
    case .pooled: true
    case .joined(let base, _): base.isStandardized
    }
  }

  /// The front end of the base; nil if the base is not a spectrogram.
  public var frontEnd: FrontEnd? {
    if case .frontEnd(let frontEnd, _) = base { frontEnd } else { nil }
  }
}

/// The size of the input of one clip.
public struct InputSize: Codable, Hashable, Sendable {
  /// The bands M of a spectrogram, or the features D of a segment.
  public var bands: Int
  /// The number T of frames or segments.
  public var frames: Int

  /// A size of `bands` × `frames`.
  public init(bands: Int, frames: Int) {
    self.bands = bands
    self.frames = frames
  }

  /// The shape of one clip: [T, D] for a sequence, [1, M, T] for a spectrogram.
  public func shape(isSequence: Bool) -> [Int] {
    isSequence ? [frames, bands] : [1, bands, frames]
  }
}

/// The segmentation of clips for a model with a fixed input length.
///
/// In training the model sees one random segment of each clip per epoch. In evaluation the score of
/// a clip is the mean of its scores on several equally spaced segments.
///
/// Paper: Won et al. 2020, doi:10.1109/ICASSP40776.2020.9053669.
///
/// Differs: segments are cut out of the clip's spectrogram, so their first and last frames contain
/// the surrounding sound. The authors cut the waveform and reflect its ends.
public struct Segmentation: Codable, Hashable, Sendable {
  /// The length of a segment in s.
  public var seconds: Double
  /// The number S of segments that a clip is scored on.
  public var scored: Int

  /// Segments of `seconds` s; `scored` of them in evaluation.
  public init(seconds: Double, scored: Int = 16) {
    self.seconds = seconds
    self.scored = scored
  }

  /// The first frame of segment `index` of S: index · ⌊(total − length) / S⌋; 0 if the clip is not
  /// longer than a segment.
  ///
  /// - Parameters:
  ///   - index: The segment, from 0.
  ///   - scored: S.
  ///   - length: The frames of a segment.
  ///   - total: The frames of the clip.
  public static func start(_ index: Int, of scored: Int, length: Int, total: Int) -> Int {
    index * (max(0, total - length) / max(scored, 1))
  }
}

extension FrontEnd {
  /// The number of frames T of a sound of this length in s, which replaces the front end's own
  /// `seconds`.
  ///
  /// - Throws: ``AudioError`` if a setting is out of range.
  public func frames(ofSeconds seconds: Double) throws -> Int {
    try transform.validate()
    let rate = transform.sampleRate
    let count = Int((seconds * Double(rate)).rounded())
    let silence = Waveform(samples: [Float](repeating: 0, count: count), sampleRate: rate)
    return try transform(silence).frames
  }
}
