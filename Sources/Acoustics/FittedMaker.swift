// Any maker of features on clips of one length.

/// Cuts every sound to `seconds` s, or pads it with silence, before another maker sees it.
public struct FittedMaker: FeatureMaker {
  private let maker: any FeatureMaker
  private let seconds: Double

  public init(_ maker: any FeatureMaker, seconds: Double) {
    self.maker = maker
    self.seconds = seconds
  }

  public var key: String { Digest.hex(Array("\(maker.key) \(seconds)".utf8)) }
  public var workers: Int? { maker.workers }

  public func makeWorker() throws -> (Waveform) throws -> Spectrogram {
    let work = try maker.makeWorker()
    return { [seconds] in try work($0.fitted(toSeconds: seconds)) }
  }
}
