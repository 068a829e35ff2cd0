// Measures of single frames: spectral centroid, spread, roll-off, flux, flatness, level.
import Foundation

/// The measures of each frame, `[T]` each. Silent frames have 0 everywhere except the level.
struct SpectralShape {
  static let names = [
    "zero crossings", "centroid", "spread", "roll-off", "flux", "flatness", "rms", "level",
  ]

  /// In the order of `names`.
  let rows: [[Float]]
  /// The fraction of frames whose RMS is below the mean RMS.
  let lowEnergyRate: Float

  /// `power` [F, T] belongs to the centred frames of `samples`.
  init(
    _ power: Spectrogram, _ samples: [Float], sampleRate: Int, nFFT: Int, hopLength: Int
  ) {
    let step = Double(sampleRate) / Double(nFFT)
    var rows = [[Float]](repeating: [], count: Self.names.count)
    var earlier: [Float]?
    for frame in 0..<power.frames {
      let column = (0..<power.bands).map { power[$0, frame] }
      let (crossings, rms) = Self.waveform(
        samples, from: frame * hopLength - nFFT / 2, length: nFFT)
      let spectrum = Self.moments(column, step)
      let flux = Self.flux(column, &earlier)
      let measures = [
        crossings, spectrum.centroid, spectrum.spread, Self.rollOff(column, step), flux,
        Self.flatness(column), rms, 20 * log10(max(rms, 1e-4)),
      ]
      for (index, value) in measures.enumerated() { rows[index].append(value) }
    }
    let levels = rows[6]
    let mean = levels.reduce(0, +) / Float(max(levels.count, 1))
    lowEnergyRate = Float(levels.count { $0 < mean }) / Float(max(levels.count, 1))
    self.rows = rows
  }

  /// The zero-crossing rate and the root mean square of a range of samples; silence beyond the
  /// ends.
  private static func waveform(
    _ samples: [Float], from start: Int, length: Int
  ) -> (crossings: Float, rms: Float) {
    let range = max(start, 0)..<max(max(start, 0), min(start + length, samples.count))
    var (crossings, energy) = (0, 0.0)
    var wasNegative: Bool?
    for sample in samples[range] {
      energy += Double(sample) * Double(sample)
      // Zero keeps the sign of the previous sample.
      let isNegative = sample == 0 ? wasNegative ?? false : sample < 0
      if let wasNegative, wasNegative != isNegative { crossings += 1 }
      wasNegative = isNegative
    }
    return (Float(crossings) / Float(length), Float((energy / Double(length)).squareRoot()))
  }

  /// The magnitude-weighted mean frequency and the standard deviation around it, in Hz.
  private static func moments(
    _ power: [Float], _ step: Double
  ) -> (centroid: Float, spread: Float) {
    var (sum, first, second) = (0.0, 0.0, 0.0)
    for (bin, value) in power.enumerated() {
      let (weight, hz) = (Double(value).squareRoot(), Double(bin) * step)
      sum += weight
      first += weight * hz
      second += weight * hz * hz
    }
    guard sum > 1e-9 else { return (0, 0) }
    let centroid = first / sum
    return (Float(centroid), Float(max(0, second / sum - centroid * centroid).squareRoot()))
  }

  /// The spectral roll-off: the frequency in Hz below which 85 % of the magnitude lies.
  private static func rollOff(_ power: [Float], _ step: Double) -> Float {
    let magnitudes = power.map { Double($0).squareRoot() }
    let total = magnitudes.reduce(0, +)
    guard total > 1e-9 else { return 0 }
    var sum = 0.0
    let bin = magnitudes.firstIndex { magnitude in
      sum += magnitude
      return sum >= 0.85 * total
    }
    return Float(Double(bin ?? 0) * step)
  }

  /// The spectral flux: the distance between the normalised magnitudes of two consecutive frames; 0
  /// next to silence.
  private static func flux(_ power: [Float], _ earlier: inout [Float]?) -> Float {
    let length = power.reduce(0) { $0 + Double($1) }.squareRoot()
    guard length > 1e-9 else {
      earlier = nil
      return 0
    }
    let now = power.map { Float(Double($0).squareRoot() / length) }
    defer { earlier = now }
    guard let earlier else { return 0 }
    return zip(now, earlier).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  }

  /// The spectral flatness: the geometric mean of the power over its arithmetic mean; 1 for noise,
  /// near 0 for a tone.
  private static func flatness(_ power: [Float]) -> Float {
    let mean = power.reduce(0) { $0 + Double($1) } / Double(power.count)
    guard mean > 1e-12 else { return 0 }
    let logs = power.reduce(0) { $0 + log(max(Double($1), 1e-10 * mean)) } / Double(power.count)
    return Float(exp(logs) / mean)
  }
}
