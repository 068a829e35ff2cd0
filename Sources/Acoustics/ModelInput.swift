// What a model is fed: the picture a front end makes, or a pre-trained network's embeddings.
/// Where a model's input comes from.
public enum ModelInput: Codable, Hashable, Sendable {
  /// [B, 1, M, T], each band brought to mean 0 and deviation 1 where `standardized`.
  case frontEnd(FrontEnd, standardized: Bool = true)
  /// [B, T, D] of the extractor with this id; each feature brought to mean 0 and deviation 1 over
  /// clips and segments where `standardized`.
  case embeddings(String, standardized: Bool)

  /// Extractors there are, by id.
  public static let extractors = ["vggish", "openl3", "musicnn", "edgel3", "ast", "band-net"]

  public var isSequence: Bool {
    if case .embeddings = self { true } else { false }
  }

  public var isStandardized: Bool {
    switch self {
    case .frontEnd(_, let standardized), .embeddings(_, let standardized): standardized
    }
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
}
