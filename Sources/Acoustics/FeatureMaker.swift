// What turns a sound into features: a front end, or a pre-trained network that ends in embeddings.

/// Makes `[M, T]` of a sound, M features in T frames, for the feature cache and for models.
public protocol FeatureMaker: Sendable {
  /// Hexadecimal digits that depend on every setting (and on the weights, where there are any) but
  /// on no name; equal on all machines. Features are cached under it.
  var key: String { get }
  /// How many clips may be worked on at a time; nil: one a thread. A network that spreads each
  /// clip over all threads says 1.
  var workers: Int? { get }
  /// A function for one thread, with its own buffers. It throws `AudioError` on a sound that does
  /// not fit; making it throws where files are missing or wrong.
  func makeWorker() throws -> (Waveform) throws -> Spectrogram
}

extension FeatureMaker {
  public var workers: Int? { nil }
}

extension FrontEnd: FeatureMaker {
  public func makeWorker() throws -> (Waveform) throws -> Spectrogram { { try self($0) } }
}
