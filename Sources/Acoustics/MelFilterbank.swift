import CKernels
import Foundation

/// A mel filter bank: M overlapping triangular filters over F = nFFT / 2 + 1 bins.
///
/// The corners are equally spaced in mel. The sides are straight in Hz, as in librosa and
/// torchaudio, or in mel (``MelScale/kaldi``).
public struct MelFilterbank: Sendable {
  /// The normalisation of the triangles.
  public enum Norm: String, Codable, Hashable, Sendable {
    /// Peak 1.
    case none
    /// Area 1 over Hz: each triangle is scaled by 2 / (its width in Hz).
    case slaney
    /// Sum 1 over all bins.
    case sum
  }

  /// The number of bands M.
  public let bands: Int
  /// The number of bins F.
  public let bins: Int
  /// The peak frequency of each triangle in Hz, `[M]`.
  public let centerFrequencies: [Float]

  private let starts: [Int]  // first bin with weight, [M]
  private let offsets: [Int]  // first weight of a band in `packed`, [M + 1]
  private let packed: [Float]

  /// A filter bank for spectra of length `nFFT` samples. Frequencies are in Hz.
  ///
  /// - Precondition: `bands`, `nFFT` and `sampleRate` are positive, and 0 ≤ `fMin` < `fMax`.
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
      let triangle = Self.triangle(corners[band..<band + 3].map(scale.axis), axis)
      let total = triangle.reduce(0, +)
      let height =
        switch norm {
        case .none: 1.0
        case .slaney: 2 / (right - left)
        case .sum: total > 0 ? 1 / total : 0
        }
      return triangle.map { Float($0 * height) }
    }
    (starts, offsets, packed) = Self.packed(rows)
  }

  /// The identity: each bin is a band.
  init(bins: Int, sampleRate: Int) {
    (bands, self.bins) = (bins, bins)
    centerFrequencies = (0..<bins).map {
      Float(Double($0) * Double(sampleRate) / Double(2 * max(1, bins - 1)))
    }
    starts = Array(0..<bins)
    offsets = Array(0...bins)
    packed = [Float](repeating: 1, count: bins)
  }

  /// A filter of peak 1 over `axis` [F], given its left, middle and right corner on that axis.
  private static func triangle(_ corners: [Double], _ axis: [Double]) -> [Double] {
    axis.map { at in
      let rise = (at - corners[0]) / (corners[1] - corners[0])
      let fall = (corners[2] - at) / (corners[2] - corners[1])
      return max(0, min(rise, fall))
    }
  }

  /// Rows [F] without leading and trailing zeros.
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

  /// All weights, including zeros, `[M, F]`.
  public var weights: [Float] {
    var dense = [Float](repeating: 0, count: bands * bins)
    for band in 0..<bands {
      for index in offsets[band]..<offsets[band + 1] {
        dense[band * bins + starts[band] + index - offsets[band]] = packed[index]
      }
    }
    return dense
  }

  /// The bands without any weight, whose triangles lie between two bins.
  public var emptyBands: [Int] { (0..<bands).filter { offsets[$0] == offsets[$0 + 1] } }

  /// Filters power or magnitude: `[F, T]` → `[M, T]`.
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

  /// The number of floats that `apply` needs as `scratch`.
  var scratchCount: Int { STFT.blockLength * (bins + 15) }

  /// Filters a block of `STFT.forEachBlock`. Band b of frame i goes to `target[b * stride + i]`.
  func apply(
    _ power: UnsafePointer<Float>, frames: Int, scratch: UnsafeMutablePointer<Float>,
    into target: UnsafeMutablePointer<Float>, stride: Int
  ) {
    // In bounds: the bins of each band lie in 0..<bins, which is the length of a row.
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

/// A mel scale, and the axis on which the triangles of a filter bank are straight.
public enum MelScale: String, Codable, Hashable, Sendable, CaseIterable {
  /// 2595 log10(1 + f / 700), as in HTK and torchaudio (O'Shaughnessy 1987).
  case htk
  /// The same formula, written 1127 ln(1 + f / 700), with triangles that are straight in mel
  /// instead of Hz, as in Kaldi and AudioSet's VGGish.
  case kaldi
  /// Linear below 1 kHz, logarithmic above (Slaney 1998): librosa's default.
  case slaney

  private static let linearStep = 200.0 / 3  // Hz per mel below the break
  private static let breakHz = 1000.0
  private static let breakMel = 15.0
  private static let logStep = log(6.4) / 27

  /// The axis on which a triangle is straight: Hz, or mel.
  func axis(_ hz: Double) -> Double { self == .kaldi ? mel(hz) : hz }

  /// Converts a frequency in Hz to mel.
  public func mel(_ hz: Double) -> Double {
    switch self {
    case .htk, .kaldi: 2595 * log10(1 + hz / 700)
    case .slaney:
      hz < Self.breakHz
        ? hz / Self.linearStep : Self.breakMel + log(hz / Self.breakHz) / Self.logStep
    }
  }

  /// Converts mel to a frequency in Hz.
  public func hz(_ mel: Double) -> Double {
    switch self {
    case .htk, .kaldi: 700 * (pow(10, mel / 2595) - 1)
    case .slaney:
      mel < Self.breakMel
        ? mel * Self.linearStep : Self.breakHz * exp(Self.logStep * (mel - Self.breakMel))
    }
  }
}
