/// A feature extractor for clips of one length: it cuts every sound, or pads it with silence,
/// before another extractor processes it.
public struct FittedMaker: FeatureMaker {
  private let maker: any FeatureMaker
  private let seconds: Double

  /// An extractor that passes `seconds` s of sound to `maker`.
  public init(_ maker: any FeatureMaker, seconds: Double) {
    self.maker = maker
    self.seconds = seconds
  }

  /// The cache key, which depends on the length.
  public var key: String { Digest.hex(Array("\(maker.key) \(seconds)".utf8)) }
  /// The number of clips to process at the same time, as for the other extractor.
  public var workers: Int? { maker.workers }

  /// A function for one thread that fits a sound and extracts its features.
  public func makeWorker() throws -> (Waveform) throws -> Spectrogram {
    let work = try maker.makeWorker()
    return { [seconds] in try work($0.fitted(toSeconds: seconds)) }
  }
}
