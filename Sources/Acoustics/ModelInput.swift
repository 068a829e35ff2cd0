// What a model is fed: the picture a front end makes, pre-trained networks' embeddings, or both.
/// Where a model's input comes from.
public indirect enum ModelInput: Codable, Hashable, Sendable {
  /// [B, 1, M, T], each band brought to mean 0 and deviation 1 where `standardized`.
  case frontEnd(FrontEnd, standardized: Bool = true)
  /// [B, T, D] of an extractor (`ExtractorReference.text`); each feature brought to mean 0 and
  /// deviation 1 over clips and segments where `standardized`.
  case embeddings(String, standardized: Bool)
  /// [B, 1, D]: one vector a clip, the means over time of these extractors' embeddings side by
  /// side, each value brought to mean 0 and deviation 1 over clips.
  case pooled([String])
  /// [B, M·T + D]: an input, row by row, and behind it the vector that `pooled` makes. Batches for
  /// training keep the two apart, so that the picture can be changed.
  case joined(ModelInput, with: [String])

  /// Extractors there are, by id.
  public static let extractors = ["vggish", "openl3", "musicnn", "edgel3", "ast", "band-net"]

  /// The input without the vectors joined to it.
  public var base: ModelInput {
    if case .joined(let base, _) = self { base } else { self }
  }

  /// Extractors whose vectors are joined to the base.
  public var companions: [String] {
    if case .joined(_, let extractors) = self { extractors } else { [] }
  }

  /// Whether a clip of the base is [T, D] instead of [1, M, T].
  public var isSequence: Bool {
    if case .frontEnd = base { false } else { true }
  }

  /// Whether the base is standardized; joined vectors always are.
  public var isStandardized: Bool {
    switch self {
    case .frontEnd(_, let standardized), .embeddings(_, let standardized): standardized
    case .pooled: true
    case .joined(let base, _): base.isStandardized
    }
  }

  /// What makes the picture; nil where the base is no picture.
  public var frontEnd: FrontEnd? {
    if case .frontEnd(let frontEnd, _) = base { frontEnd } else { nil }
  }
}

/// How large one clip's input is.
public struct InputSize: Codable, Hashable, Sendable {
  /// M bands of a picture, or D features of a segment.
  public var bands: Int
  /// T frames, or segments.
  public var frames: Int

  public init(bands: Int, frames: Int) {
    self.bands = bands
    self.frames = frames
  }

  /// Shape of one clip: [T, D] of a sequence, [1, M, T] of a picture.
  public func shape(isSequence: Bool) -> [Int] {
    isSequence ? [frames, bands] : [1, bands, frames]
  }
}
