// The short-time Fourier transform: windowed frames to power or magnitude, phase dropped.
import CKernels
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
      let offset = (nFFT - windowLength) / 2
      for first in stride(from: 0, to: frames, by: length) {
        let used = min(length, frames - first)
        for row in 0..<used {
          withSamples(of: first + row, samples, edge) {
            scant_window_frame($0, weights, frame + offset, windowLength)
          }
          fft.power(of: frame, spectrum: spectrum, into: power + row * bins)
        }
        use(first, used, power)
      }
    }
  }

  /// Calls `body` with the `windowLength` samples under a frame's window: where they lie, or
  /// gathered in `edge` when some of them lie beyond the ends.
  private func withSamples(
    of frame: Int, _ samples: [Float], _ edge: UnsafeMutablePointer<Float>,
    _ body: (UnsafePointer<Float>) -> Void
  ) {
    let start = frame * hopLength - (centered ? nFFT / 2 : 0) + (nFFT - windowLength) / 2
    let count = samples.count
    samples.withUnsafeBufferPointer { samples in
      // In bounds: checked right here.
      if start >= 0, start + windowLength <= count, let base = samples.baseAddress {
        return body(base + start)
      }
      for index in 0..<windowLength {
        let at = start + index
        let isBeyond = at < 0 || at >= count
        let isSilent = count == 0 || isBeyond && padding == .zero
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
