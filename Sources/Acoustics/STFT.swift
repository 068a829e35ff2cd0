import CKernels
import Foundation

/// The short-time Fourier transform: samples → power or magnitude, `[F, T]`.
///
/// ```swift
/// let stft = STFT(nFFT: 1024, hopLength: 256)
/// let power = stft.power([Float](repeating: 0, count: 16_000))  // [513, 63]
/// ```
///
/// Frame t is centred at t · hopLength if `centered`; otherwise it starts there. The transform is
/// not scaled, as in librosa and PyTorch.
public struct STFT: Sendable {
  /// The window function.
  public enum Window: String, Codable, Hashable, Sendable {
    /// The periodic Hann window 0.5 − 0.5 cos(2πi / windowLength).
    case hann
    /// The symmetric Hann window 0.5 − 0.5 cos(2πi / (windowLength − 1)), as in Kaldi.
    case symmetricHann
    /// All ones.
    case rectangular

    /// The weights `[length]`.
    func weights(_ length: Int) -> [Float] {
      (0..<length).map { index in
        switch self {
        case .hann: Float(0.5 - 0.5 * cos(2 * .pi * Double(index) / Double(length)))
        case .symmetricHann:
          Float(0.5 - 0.5 * cos(2 * .pi * Double(index) / Double(max(1, length - 1))))
        case .rectangular: 1
        }
      }
    }
  }

  /// The padding at the ends of the sound.
  public enum Padding: String, Codable, Hashable, Sendable {
    /// The sound is mirrored at its first and last sample, as in PyTorch.
    case reflect
    /// Silence, as in librosa since 0.10.
    case zero
    /// Silence on both sides, so that there are ⌈N / hopLength⌉ frames, as TensorFlow's "same" and
    /// hence kapre 0.1. If the number of samples is odd, the larger half lies at the end.
    /// `centered` has no effect.
    case same
    /// No padding: frame t takes `windowLength` samples from t · hopLength on and is zero-padded to
    /// nFFT, as in Kaldi and AudioSet's VGGish. `centered` has no effect.
    case frames
  }

  /// The length of the Fourier transform in samples.
  public let nFFT: Int
  /// The length of the window in samples, at most nFFT.
  public let windowLength: Int
  /// The distance between two frames in samples.
  public let hopLength: Int
  /// Whether frame t is centred at t · hopLength; otherwise it starts there.
  public let centered: Bool
  /// The padding at the ends of the sound.
  public let padding: Padding
  /// α of the pre-emphasis s[n] − α · s[n − 1], applied to each frame before the window, after its
  /// mean is subtracted. The first sample of a frame counts as its own predecessor. nil for
  /// neither.
  public let preemphasis: Float?

  private let weights: [Float]  // [windowLength]
  private let fft: RealFFT

  /// A transform with these settings. Lengths are in samples. A window shorter than `nFFT` lies in
  /// the middle of the frame.
  ///
  /// - Precondition: 0 < `windowLength` ≤ `nFFT` and 0 < `hopLength`.
  public init(
    nFFT: Int, windowLength: Int? = nil, hopLength: Int, window: Window = .hann,
    centered: Bool = true, padding: Padding = .reflect, preemphasis: Float? = nil
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
    self.preemphasis = preemphasis
    fft = RealFFT.shared(nFFT)
    weights = window.weights(length)
  }

  /// The number of frequency bins, F = nFFT / 2 + 1.
  public var bins: Int { nFFT / 2 + 1 }

  /// The number of frames T of `count` samples; 0 if the sound is shorter than one frame.
  public func frames(of count: Int) -> Int {
    func fitting(_ length: Int, in count: Int) -> Int {
      count < length ? 0 : 1 + (count - length) / hopLength
    }
    switch padding {
    case .same: return (count + hopLength - 1) / hopLength
    case .frames: return fitting(windowLength, in: count)
    case .reflect, .zero:
      return fitting(nFFT, in: centered ? count + nFFT / 2 * 2 : count)
    }
  }

  /// The number of samples that one frame needs.
  var leastCount: Int {
    switch padding {
    case .same: 1
    case .frames: windowLength
    case .reflect, .zero: centered ? 1 : nFFT
    }
  }

  /// The first sample of the window of frame 0, in a sound of `count` samples.
  private func start(of count: Int) -> Int {
    let margin = (nFFT - windowLength) / 2
    switch padding {
    case .same: return margin - max(0, (frames(of: count) - 1) * hopLength + nFFT - count) / 2
    case .frames: return 0
    case .reflect, .zero: return margin - (centered ? nFFT / 2 : 0)
    }
  }

  /// The power |X|², `[F, T]`.
  public func power(_ samples: [Float]) -> Spectrogram { spectrogram(samples, root: false) }

  /// The magnitude |X|, `[F, T]`.
  public func magnitude(_ samples: [Float]) -> Spectrogram { spectrogram(samples, root: true) }

  private func spectrogram(_ samples: [Float], root: Bool) -> Spectrogram {
    let frames = frames(of: samples.count)
    var values = [Float](repeating: 0, count: bins * frames)
    forEachBlock(of: samples) { first, used, power in
      if root { scant_root(power, used * bins) }
      for frame in 0..<used {
        for bin in 0..<bins { values[bin * frames + first + frame] = power[frame * bins + bin] }
      }
    }
    return Spectrogram(bands: bins, frames: frames, values: values)
  }

  /// The number of frames per block of `forEachBlock`.
  static let blockLength = Int(SCANT_LANES)

  /// Calls `use` with the first frame of a block, its number of frames, and their power |X|²,
  /// `[blockLength, F]`, which `use` may overwrite but not keep. Rows beyond the frames are 0 or
  /// belong to an earlier block.
  func forEachBlock(
    of samples: [Float], use: (Int, Int, UnsafeMutablePointer<Float>) -> Void
  ) {
    let frames = frames(of: samples.count)
    let (length, bins) = (Self.blockLength, bins)
    withScratch(nFFT, nFFT, fft.spectrumCount, length * bins) { parts in
      let (frame, edge, spectrum, power) = (parts[0], parts[1], parts[2], parts[3])
      frame.update(repeating: 0, count: nFFT)  // a window shorter than the frame leaves zeros
      power.update(repeating: 0, count: length * bins)
      let offset = (nFFT - windowLength) / 2  // the power does not depend on the offset
      let start = start(of: samples.count)
      for first in stride(from: 0, to: frames, by: length) {
        let used = min(length, frames - first)
        for row in 0..<used {
          withSamples(from: start + (first + row) * hopLength, samples, edge) {
            weigh($0, into: frame + offset)
          }
          fft.power(of: frame, spectrum: spectrum, into: power + row * bins)
        }
        use(first, used, power)
      }
    }
  }

  /// Applies pre-emphasis, if any, and the window to `windowLength` samples.
  private func weigh(_ samples: UnsafePointer<Float>, into frame: UnsafeMutablePointer<Float>) {
    if let preemphasis {
      scant_emphasized_frame(samples, weights, frame, windowLength, preemphasis)
    } else {
      scant_window_frame(samples, weights, frame, windowLength)
    }
  }

  /// Calls `body` with the `windowLength` samples from `start` on: in place, or gathered in `edge`
  /// if some of them lie beyond the ends.
  private func withSamples(
    from start: Int, _ samples: [Float], _ edge: UnsafeMutablePointer<Float>,
    _ body: (UnsafePointer<Float>) -> Void
  ) {
    let count = samples.count
    samples.withUnsafeBufferPointer { samples in
      // In bounds: checked above.
      if start >= 0, start + windowLength <= count, let base = samples.baseAddress {
        return body(base + start)
      }
      for index in 0..<windowLength {
        let at = start + index
        let isBeyond = at < 0 || at >= count
        let isSilent = count == 0 || isBeyond && padding != .reflect
        edge[index] = isSilent ? 0 : samples[isBeyond ? Self.mirrored(at, count) : at]
      }
      body(edge)
    }
  }

  /// The index in 0..<count after reflection at both ends, without repeating the ends.
  private static func mirrored(_ index: Int, _ count: Int) -> Int {
    guard count > 1 else { return 0 }
    let period = 2 * (count - 1)
    let folded = ((index % period) + period) % period
    return folded < count ? folded : period - folded
  }
}
