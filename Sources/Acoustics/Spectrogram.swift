/// A spectrogram or another time–frequency representation: values `[M, T]`, row-major, low band
/// first.
public struct Spectrogram: Sendable, Equatable {
  /// M, the number of frequency bands.
  public let bands: Int
  /// T, the number of frames.
  public let frames: Int
  /// `[M, T]`: band b, frame t is at `b * frames + t`.
  public var values: [Float]

  /// A spectrogram of `values` in row-major order.
  ///
  /// - Precondition: There are `bands · frames` values.
  public init(bands: Int, frames: Int, values: [Float]) {
    precondition(
      values.count == bands * frames,
      "a spectrogram [\(bands), \(frames)] has \(bands * frames) values, not \(values.count)")
    self.bands = bands
    self.frames = frames
    self.values = values
  }

  /// The value of a band in a frame.
  public subscript(band: Int, frame: Int) -> Float {
    get { values[band * frames + frame] }
    set { values[band * frames + frame] = newValue }
  }
}

extension Spectrogram {
  /// The frames `range` of every band, `[M, range.count]`.
  public func frames(_ range: Range<Int>) -> Spectrogram {
    precondition(range.lowerBound >= 0 && range.upperBound <= frames, "\(range) of \(frames)")
    let values = (0..<bands).flatMap { band in
      self.values[band * frames + range.lowerBound..<band * frames + range.upperBound]
    }
    return Spectrogram(bands: bands, frames: range.count, values: values)
  }

  /// Cuts or zero-pads the end, so that there are `count` frames.
  public func fitted(toFrames count: Int) -> Spectrogram {
    guard count > frames else { return frames(0..<count) }
    let silence = repeatElement(Float(0), count: count - frames)
    let values = (0..<bands).flatMap { band in
      self.values[band * frames..<(band + 1) * frames] + silence
    }
    return Spectrogram(bands: bands, frames: count, values: values)
  }
}
