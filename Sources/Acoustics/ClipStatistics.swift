// A clip as one vector: what its frames measure on average, and how much that changes.
import Foundation

/// Waveform to `[D]`, the features of classic systems: spectral shape, level and cepstrum of every
/// frame, then mean and deviation of each measure and of its first difference, and the share of
/// quiet frames. Sources: Tzanetakis, Cook 2002, doi:10.1109/TSA.2002.800560; Burred, Lerch 2004,
/// JAES 52:724. A value: equal settings, equal numbers.
public struct ClipStatistics: Codable, Hashable, Sendable {
  /// Rate the sound is brought to, Hz.
  public var sampleRate: Int
  /// Lengths in samples; frames are centered, with silence beyond the ends.
  public var nFFT, hopLength: Int
  /// Slaney mel bands of area 1 under the cepstrum, from 0 Hz to half the rate.
  public var melBands: Int
  /// Cepstral coefficients 0..<coefficients.
  public var coefficients: Int

  public init(
    sampleRate: Int = 22_050, nFFT: Int = 2048, hopLength: Int = 1024, melBands: Int = 40,
    coefficients: Int = 13
  ) {
    self.sampleRate = sampleRate
    self.nFFT = nFFT
    self.hopLength = hopLength
    self.melBands = melBands
    self.coefficients = coefficients
  }

  /// What each of the D numbers is, such as "centroid mean" or "mfcc 0 delta deviation".
  public var names: [String] {
    let measures = SpectralShape.names + (0..<coefficients).map { "mfcc \($0)" }
    return measures.flatMap { measure in
      ["mean", "deviation", "delta mean", "delta deviation"].map { "\(measure) \($0)" }
    } + ["low-energy rate"]
  }

  /// D.
  public var count: Int { 4 * (SpectralShape.names.count + coefficients) + 1 }

  /// `[D]`, all finite. Throws `AudioError` on impossible settings, on an empty sound and on
  /// samples that are not numbers.
  public func callAsFunction(_ waveform: Waveform) throws -> [Float] {
    try validate()
    let samples = waveform.resampled(to: sampleRate).samples
    guard !samples.isEmpty else {
      throw AudioError(file: "", reason: "0 samples; expected at least 1")
    }
    if let bad = samples.firstIndex(where: { !$0.isFinite }) {
      throw AudioError(file: "", reason: "sample \(bad) is not a number; expected finite samples")
    }
    let stft = STFT(nFFT: nFFT, hopLength: hopLength, padding: .zero)
    let power = stft.power(samples)
    let shape = SpectralShape(
      power, samples, sampleRate: sampleRate, nFFT: nFFT, hopLength: hopLength)
    let rows = shape.rows + cepstrum(power)
    return rows.flatMap(Self.statistics) + [shape.lowEnergyRate]
  }

  /// Throws an `AudioError` that names the first impossible setting.
  public func validate() throws {
    try LogMel(
      sampleRate: sampleRate, nFFT: nFFT, hopLength: hopLength, melBands: melBands
    ).validate()
    guard (1...melBands).contains(coefficients) else {
      throw AudioError(
        file: "", reason: "coefficients \(coefficients); expected 1 to \(melBands)")
    }
  }

  /// `[coefficients][T]`: the orthonormal DCT-II of the bands in dB, at most 80 dB below the
  /// loudest, so that digital silence is not a world of its own.
  private func cepstrum(_ power: Spectrogram) -> [[Float]] {
    let bank = MelFilterbank(
      scale: .slaney, norm: .slaney, sampleRate: sampleRate, nFFT: nFFT, bands: melBands, fMin: 0,
      fMax: Double(sampleRate) / 2)
    let mel = bank(power)
    let floor = max(1e-10, (mel.values.max() ?? 0) * 1e-8)
    let decibels = mel.values.map { 10 * log10(max($0, floor)) }
    return (0..<coefficients).map { k in
      let height = ((k == 0 ? 1 : 2) / Double(melBands)).squareRoot()
      let cosines = (0..<melBands).map { band in
        Float(height * cos(.pi * Double(k) * (Double(band) + 0.5) / Double(melBands)))
      }
      return (0..<mel.frames).map { frame in
        (0..<melBands).reduce(Float(0)) { $0 + cosines[$1] * decibels[$1 * mel.frames + frame] }
      }
    }
  }

  /// Mean and deviation of a measure over time, then of its first difference; a single frame has
  /// differences of 0.
  private static func statistics(_ row: [Float]) -> [Float] {
    let steps = zip(row.dropFirst(), row).map { $0 - $1 }
    return moments(row) + moments(steps)
  }

  private static func moments(_ values: [Float]) -> [Float] {
    guard !values.isEmpty else { return [0, 0] }
    let count = Double(values.count)
    let mean = values.reduce(0) { $0 + Double($1) } / count
    let square = values.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / count
    return [Float(mean), Float(square.squareRoot())]
  }
}
