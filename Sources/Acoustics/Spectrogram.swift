// A time-frequency picture as numbers; drawing it is not done here.

/// Values `[M, T]`, row by row, low band first.
public struct Spectrogram: Sendable, Equatable {
  /// M, the number of frequency bands.
  public let bands: Int
  /// T, the number of frames.
  public let frames: Int
  /// `[M, T]`: band b, frame t is at `b * frames + t`.
  public var values: [Float]

  public init(bands: Int, frames: Int, values: [Float]) {
    precondition(
      values.count == bands * frames,
      "a spectrogram [\(bands), \(frames)] has \(bands * frames) values, not \(values.count)")
    self.bands = bands
    self.frames = frames
    self.values = values
  }

  /// The value of one band in one frame.
  public subscript(band: Int, frame: Int) -> Float {
    get { values[band * frames + frame] }
    set { values[band * frames + frame] = newValue }
  }
}
