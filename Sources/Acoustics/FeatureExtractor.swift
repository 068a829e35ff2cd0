/// A feature extractor: a front end, or a pre-trained network whose embeddings are the features.
///
/// It turns a sound into features `[M, T]`: M features in T frames.
public protocol FeatureExtractor: Sendable {
  /// The key of the features in the cache: hexadecimal digits that depend on every setting and on
  /// the weights, but not on names. It is the same on all machines.
  var key: String { get }
  /// The number of clips to process at the same time; nil for one per thread. A network that
  /// spreads each clip over all threads returns 1.
  var workers: Int? { get }
  /// Returns a function for one thread, with its own buffers. The function throws ``AudioError`` if
  /// a sound does not fit.
  ///
  /// - Throws: An error if files, such as weights, are missing or damaged.
  func makeWorker() throws -> (Waveform) throws -> Spectrogram
}

extension FeatureExtractor {
  /// One clip per thread.
  public var workers: Int? { nil }
}

extension FrontEnd: FeatureExtractor {
  /// The front end itself, which needs no buffers.
  public func makeWorker() throws -> (Waveform) throws -> Spectrogram { { try self($0) } }
}

/// A feature extractor for clips of one length: it cuts every sound, or pads it with silence,
/// before another extractor processes it.
public struct FittedExtractor: FeatureExtractor {
  private let extractor: any FeatureExtractor
  private let seconds: Double

  /// An extractor that passes `seconds` s of sound to `maker`.
  public init(_ extractor: any FeatureExtractor, seconds: Double) {
    self.extractor = extractor
    self.seconds = seconds
  }

  /// The cache key, which depends on the length.
  public var key: String { Digest.hex(Array("\(extractor.key) \(seconds)".utf8)) }
  /// The number of clips to process at the same time, as for the other extractor.
  public var workers: Int? { extractor.workers }

  /// A function for one thread that fits a sound and extracts its features.
  public func makeWorker() throws -> (Waveform) throws -> Spectrogram {
    let work = try extractor.makeWorker()
    return { [seconds] in try work($0.fitted(toSeconds: seconds)) }
  }
}

/// A reference to a layer of a pre-trained extractor, written "openl3" for its first layer or
/// "openl3:mel256-env-512" for another one.
public struct ExtractorReference: Hashable, Sendable {
  /// The id of the extractor, such as "openl3".
  public let id: String
  /// The name of the layer; nil for the first layer.
  public let layer: String?

  /// The name of the first layer in a recipe.
  public static let firstLayer = "default"

  /// A reference to a layer. Both nil and "default" mean the first layer.
  public init(_ id: String, layer: String?) {
    self.id = id
    self.layer = layer == Self.firstLayer ? nil : layer
  }

  /// Parses "ID" or "ID:LAYER".
  public init(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    id = parts.first.map(String.init) ?? ""
    layer = parts.count > 1 ? String(parts[1]) : nil
  }

  /// "ID" or "ID:LAYER", as in inputs, batches and checkpoints.
  public var text: String { layer.map { "\(id):\($0)" } ?? id }
}
