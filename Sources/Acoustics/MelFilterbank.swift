// Triangular filters, equally spaced in mel, that sum FFT bins into bands.
import CKernels

/// M overlapping triangles over F = nFFT / 2 + 1 bins. Corners are equally spaced in mel; the
/// sides are straight in Hz, as in librosa and torchaudio, or in mel (`MelScale.kaldi`).
public struct MelFilterbank: Sendable {
  public enum Norm: String, Codable, Hashable, Sendable {
    /// Peak 1.
    case none
    /// Area 1 over Hz: every triangle scaled by 2 / (its width in Hz).
    case slaney
  }

  /// M.
  public let bands: Int
  /// F.
  public let bins: Int
  /// Where each triangle peaks, Hz, `[M]`.
  public let centerFrequencies: [Float]

  private let starts: [Int]  // first bin with weight, [M]
  private let offsets: [Int]  // where a band's weights begin in `packed`, [M + 1]
  private let packed: [Float]

  /// Frequencies in Hz, `fMin < fMax`; lengths in samples.
  public init(
    scale: MelScale, norm: Norm = .none, sampleRate: Int, nFFT: Int, bands: Int, fMin: Double,
    fMax: Double
  ) {
    precondition(
      bands > 0 && nFFT > 0 && sampleRate > 0 && fMin >= 0 && fMin < fMax,
      "a filter bank needs bands, bins and 0 <= fMin < fMax")
    self.bands = bands
    bins = nFFT / 2 + 1
    let low = scale.mel(fMin)
    let step = (scale.mel(fMax) - low) / Double(bands + 1)
    let corners = (0..<bands + 2).map { scale.hz(low + Double($0) * step) }
    centerFrequencies = corners[1...bands].map { Float($0) }
    let grid = (0..<bins).map { Double($0) * Double(sampleRate) / Double(nFFT) }
    let axis = grid.map(scale.axis)
    let rows = (0..<bands).map { band in
      let (left, right) = (corners[band], corners[band + 2])
      let height = norm == .slaney ? 2 / (right - left) : 1
      return Self.triangle(corners[band..<band + 3].map(scale.axis), axis).map {
        Float($0 * height)
      }
    }
    (starts, offsets, packed) = Self.packed(rows)
  }

  /// Every bin a band of its own: frequencies stay as they are.
  init(bins: Int, sampleRate: Int) {
    (bands, self.bins) = (bins, bins)
    centerFrequencies = (0..<bins).map {
      Float(Double($0) * Double(sampleRate) / Double(2 * max(1, bins - 1)))
    }
    starts = Array(0..<bins)
    offsets = Array(0...bins)
    packed = [Float](repeating: 1, count: bins)
  }

  /// One filter of peak 1 over `axis` [F] from its left, middle and right corner on that axis.
  private static func triangle(_ corners: [Double], _ axis: [Double]) -> [Double] {
    axis.map { at in
      let rise = (at - corners[0]) / (corners[1] - corners[0])
      let fall = (corners[2] - at) / (corners[2] - corners[1])
      return max(0, min(rise, fall))
    }
  }

  /// Rows [F] without the zeros around their weights.
  private static func packed(
    _ rows: [[Float]]
  ) -> (starts: [Int], offsets: [Int], packed: [Float]) {
    var (starts, offsets, packed) = ([Int](), [0], [Float]())
    for row in rows {
      let start = row.firstIndex { $0 > 0 } ?? 0
      let end = (row.lastIndex { $0 > 0 } ?? -1) + 1
      starts.append(start)
      packed += row[start..<max(start, end)]
      offsets.append(packed.count)
    }
    return (starts, offsets, packed)
  }

  /// All weights, zeros included, `[M, F]`.
  public var weights: [Float] {
    var dense = [Float](repeating: 0, count: bands * bins)
    for band in 0..<bands {
      for index in offsets[band]..<offsets[band + 1] {
        dense[band * bins + starts[band] + index - offsets[band]] = packed[index]
      }
    }
    return dense
  }

  /// Bands without any weight: triangles that fall between two bins.
  public var emptyBands: [Int] { (0..<bands).filter { offsets[$0] == offsets[$0 + 1] } }

  /// Power or magnitude `[F, T]` to bands `[M, T]`.
  public func callAsFunction(_ spectrum: Spectrogram) -> Spectrogram {
    precondition(spectrum.bands == bins, "expected \(bins) bins, not \(spectrum.bands)")
    let frames = spectrum.frames
    var values = [Float](repeating: 0, count: bands * frames)
    for band in 0..<bands {
      for index in offsets[band]..<offsets[band + 1] {
        let bin = starts[band] + index - offsets[band]
        for frame in 0..<frames {
          values[band * frames + frame] += packed[index] * spectrum.values[bin * frames + frame]
        }
      }
    }
    return Spectrogram(bands: bands, frames: frames, values: values)
  }

  /// Floats that `apply` wants as `scratch`.
  var scratchCount: Int { STFT.blockLength * (bins + 15) }

  /// A block of `STFT.forEachBlock` to bands; band b of frame i goes to `target[b * stride + i]`.
  func apply(
    _ power: UnsafePointer<Float>, frames: Int, scratch: UnsafeMutablePointer<Float>,
    into target: UnsafeMutablePointer<Float>, stride: Int
  ) {
    // In bounds: every band's bins lie in 0..<bins, and a row has that many.
    starts.withUnsafeBufferPointer { starts in
      offsets.withUnsafeBufferPointer { offsets in
        packed.withUnsafeBufferPointer { packed in
          var filters = scant_filters(
            bins: bins, bands: bands, starts: starts.baseAddress, offsets: offsets.baseAddress,
            weights: packed.baseAddress)
          scant_filter_block(&filters, power, scratch, target, stride, frames)
        }
      }
    }
  }
}
