/// A feature extractor: a front end, or a pre-trained network whose embeddings are the features.
///
/// It turns a sound into features `[M, T]`: M features in T frames.
public protocol FeatureMaker: Sendable {
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

extension FeatureMaker {
  /// One clip per thread.
  public var workers: Int? { nil }
}

extension FrontEnd: FeatureMaker {
  /// The front end itself, which needs no buffers.
  public func makeWorker() throws -> (Waveform) throws -> Spectrogram { { try self($0) } }
}
