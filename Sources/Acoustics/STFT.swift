// The short-time Fourier transform: windowed frames to power or magnitude, phase dropped.
import Foundation

/// Frames of `nFFT` samples, `hopLength` apart. Frame t is centred at t · hopLength when
/// `centered`, else it starts there. Not scaled, like librosa and torch.
public struct STFT: Sendable {
  public enum Window: String, Codable, Hashable, Sendable {
    /// Periodic Hann: 0.5 - 0.5 cos(2 π i / windowLength).
    case hann
    case rectangular
  }

  /// What lies beyond both ends of the sound when frames are centred.
  public enum Padding: String, Codable, Hashable, Sendable {
    /// The sound mirrored at its first and last sample, as torch does.
    case reflect
    /// Silence, as librosa does since 0.10.
    case zero
  }

  public let nFFT, windowLength, hopLength: Int
  public let centered: Bool
  public let padding: Padding

  private let weights: [Float]  // [windowLength]
  private let fft: RealFFT

  /// Lengths in samples, all positive; a window shorter than `nFFT` sits in its middle.
  public init(
    nFFT: Int, windowLength: Int? = nil, hopLength: Int, window: Window = .hann,
    centered: Bool = true, padding: Padding = .reflect
  ) {
    let length = windowLength ?? nFFT
    precondition(
      length > 0 && length <= nFFT && hopLength > 0,
      "an STFT needs 0 < windowLength \(length) <= nFFT \(nFFT) and 0 < hopLength \(hopLength)")
    self.nFFT = nFFT
    self.windowLength = length
    self.hopLength = hopLength
    self.centered = centered
    self.padding = padding
    fft = RealFFT.shared(nFFT)
    weights = (0..<length).map { index in
      switch window {
      case .hann: Float(0.5 - 0.5 * cos(2 * .pi * Double(index) / Double(length)))
      case .rectangular: 1
      }
    }
  }

  /// Frequency bins of a frame, F = nFFT / 2 + 1.
  public var bins: Int { nFFT / 2 + 1 }

  /// Frames T of `count` samples; 0 when uncentred frames do not fit once.
  public func frames(of count: Int) -> Int {
    let length = centered ? count + nFFT / 2 * 2 : count
    return length < nFFT ? 0 : 1 + (length - nFFT) / hopLength
  }

  /// |X|², `[F, T]`.
  public func power(_ samples: [Float]) -> Spectrogram {
    spectrogram(samples) { $0 }
  }

  /// |X|, `[F, T]`.
  public func magnitude(_ samples: [Float]) -> Spectrogram {
    spectrogram(samples) { $0.squareRoot() }
  }

  private func spectrogram(_ samples: [Float], _ value: (Float) -> Float) -> Spectrogram {
    let frames = frames(of: samples.count)
    var values = [Float](repeating: 0, count: bins * frames)
    forEachFrame(of: samples) { frame, power in
      for bin in 0..<power.count { values[bin * frames + frame] = value(power[bin]) }
    }
    return Spectrogram(bands: bins, frames: frames, values: values)
  }

  /// Calls `use` with each frame's number and its power |X|² `[F]`, which it may overwrite but
  /// not keep.
  func forEachFrame(
    of samples: [Float], use: (Int, UnsafeMutableBufferPointer<Float>) -> Void
  ) {
    let signal = centered ? padded(samples) : samples
    let offset = (nFFT - windowLength) / 2
    // In bounds: frames(of:) counts only frames that end within `signal`.
    signal.withUnsafeBufferPointer { signal in
      weights.withUnsafeBufferPointer { weights in
        fft.forEachPower(frames(of: samples.count)) { frame, buffer in
          let start = frame * hopLength + offset
          if windowLength < nFFT { buffer.update(repeating: 0) }
          for index in 0..<windowLength {
            buffer[offset + index] = signal[start + index] * weights[index]
          }
        } use: {
          use($0, $1)
        }
      }
    }
  }

  /// `samples` with nFFT / 2 more at both ends.
  private func padded(_ samples: [Float]) -> [Float] {
    let margin = nFFT / 2
    let count = samples.count
    guard padding == .reflect, count > 0 else {
      let silence = [Float](repeating: 0, count: margin)
      return silence + samples + silence
    }
    let left = (-margin..<0).map { samples[Self.mirrored($0, count)] }
    let right = (count..<count + margin).map { samples[Self.mirrored($0, count)] }
    return left + samples + right
  }

  /// The index in 0..<count that `index` shows in two facing mirrors, ends not repeated.
  private static func mirrored(_ index: Int, _ count: Int) -> Int {
    guard count > 1 else { return 0 }
    let period = 2 * (count - 1)
    let folded = ((index % period) + period) % period
    return folded < count ? folded : period - folded
  }
}
