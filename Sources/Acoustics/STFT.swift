// The short-time Fourier transform: windowed frames to power or magnitude, phase dropped.
import CKernels
import Foundation

/// Frames of `nFFT` samples, `hopLength` apart. Frame t is centred at t · hopLength when
/// `centered`, else it starts there. Not scaled, like librosa and torch.
public struct STFT: Sendable {
  public enum Window: String, Codable, Hashable, Sendable {
    /// Periodic Hann: 0.5 - 0.5 cos(2 π i / windowLength).
    case hann
    /// 0.5 - 0.5 cos(2 π i / (windowLength - 1)), zero at both ends, as Kaldi's.
    case symmetricHann
    case rectangular

    /// Weights `[length]`.
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

  /// What lies beyond the ends of the sound.
  public enum Padding: String, Codable, Hashable, Sendable {
    /// The sound mirrored at its first and last sample, as torch does.
    case reflect
    /// Silence, as librosa does since 0.10.
    case zero
    /// Silence on both sides for ⌈N / hopLength⌉ frames in all, as TensorFlow's "same" and hence
    /// kapre 0.1 pad; of an odd number the larger half lies behind. `centered` plays no part.
    case same
    /// None: frame t takes `windowLength` samples from t · hopLength on and is itself filled up to
    /// nFFT with zeros, as Kaldi and AudioSet's VGGish do. `centered` plays no part.
    case frames
  }

  public let nFFT, windowLength, hopLength: Int
  public let centered: Bool
  public let padding: Padding
  /// Nil, or α: every frame loses its mean and then α times its previous sample (the first one
  /// counts as its own predecessor), before the window.
  public let preemphasis: Float?

  private let weights: [Float]  // [windowLength]
  private let fft: RealFFT

  /// Lengths in samples, all positive; a window shorter than `nFFT` sits in its middle.
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

  /// Frequency bins of a frame, F = nFFT / 2 + 1.
  public var bins: Int { nFFT / 2 + 1 }

  /// Frames T of `count` samples; 0 when uncentred frames do not fit once.
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

  /// Samples that the sound needs for one frame.
  var leastCount: Int {
    switch padding {
    case .same: 1
    case .frames: windowLength
    case .reflect, .zero: centered ? 1 : nFFT
    }
  }

  /// Where the window of frame 0 begins in a sound of `count` samples.
  private func start(of count: Int) -> Int {
    let margin = (nFFT - windowLength) / 2
    switch padding {
    case .same: return margin - max(0, (frames(of: count) - 1) * hopLength + nFFT - count) / 2
    case .frames: return 0
    case .reflect, .zero: return margin - (centered ? nFFT / 2 : 0)
    }
  }

  /// |X|², `[F, T]`.
  public func power(_ samples: [Float]) -> Spectrogram { spectrogram(samples, root: false) }

  /// |X|, `[F, T]`.
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

  /// Frames that `forEachBlock` hands over at once.
  static let blockLength = Int(SCANT_LANES)

  /// Calls `use` with the number of a block's first frame, how many frames it has and their power
  /// |X|², `[blockLength, F]`, which it may overwrite but not keep. Rows beyond the frames are 0 or
  /// of an earlier block.
  func forEachBlock(
    of samples: [Float], use: (Int, Int, UnsafeMutablePointer<Float>) -> Void
  ) {
    let frames = frames(of: samples.count)
    let (length, bins) = (Self.blockLength, bins)
    withScratch(nFFT, nFFT, fft.spectrumCount, length * bins) { parts in
      let (frame, edge, spectrum, power) = (parts[0], parts[1], parts[2], parts[3])
      frame.update(repeating: 0, count: nFFT)  // stays so beside a window shorter than the frame
      power.update(repeating: 0, count: length * bins)
      let offset = (nFFT - windowLength) / 2  // anywhere would do: the power is the same
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

  /// `windowLength` samples through pre-emphasis, where wanted, and the window.
  private func weigh(_ samples: UnsafePointer<Float>, into frame: UnsafeMutablePointer<Float>) {
    if let preemphasis {
      scant_emphasized_frame(samples, weights, frame, windowLength, preemphasis)
    } else {
      scant_window_frame(samples, weights, frame, windowLength)
    }
  }

  /// Calls `body` with the `windowLength` samples from `start` on: where they lie, or gathered in
  /// `edge` when some of them lie beyond the ends.
  private func withSamples(
    from start: Int, _ samples: [Float], _ edge: UnsafeMutablePointer<Float>,
    _ body: (UnsafePointer<Float>) -> Void
  ) {
    let count = samples.count
    samples.withUnsafeBufferPointer { samples in
      // In bounds: checked right here.
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

  /// The index in 0..<count that `index` shows in two facing mirrors, ends not repeated.
  private static func mirrored(_ index: Int, _ count: Int) -> Int {
    guard count > 1 else { return 0 }
    let period = 2 * (count - 1)
    let folded = ((index % period) + period) % period
    return folded < count ? folded : period - folded
  }
}
