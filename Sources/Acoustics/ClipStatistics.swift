import Foundation

/// Hand-crafted features of a whole clip: waveform → `[D]`.
///
/// ```swift
/// let statistics = ClipStatistics()
/// let noise = Waveform(samples: [Float](repeating: 0.1, count: 22_050), sampleRate: 22_050)
/// let features = try statistics(noise)  // statistics.count values, named by statistics.names
/// ```
///
/// Spectral shape, level and cepstrum are measured in every frame. The features are the mean and
/// standard deviation of each measure and of its first difference, and the fraction of quiet
/// frames. Sources: Tzanetakis & Cook 2002, doi:10.1109/TSA.2002.800560; Burred & Lerch 2004, JAES
/// 52:724.
public struct ClipStatistics: Codable, Hashable, Sendable {
  /// The sample rate in Hz that the sound is resampled to.
  public var sampleRate: Int
  /// The length of the Fourier transform in samples.
  public var nFFT: Int
  /// The distance between two frames in samples. Frames are centred and padded with silence.
  public var hopLength: Int
  /// The number of Slaney mel bands of area 1 for the cepstrum, from 0 Hz to half the sample rate.
  public var melBands: Int
  /// The number of cepstral coefficients, from coefficient 0.
  public var coefficients: Int

  /// Features with these settings. Lengths are in samples, the sample rate is in Hz.
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

  /// The names of the D features, such as "centroid mean" or "mfcc 0 delta deviation".
  public var names: [String] {
    let measures = SpectralShape.names + (0..<coefficients).map { "mfcc \($0)" }
    return measures.flatMap { measure in
      ["mean", "deviation", "delta mean", "delta deviation"].map { "\(measure) \($0)" }
    } + ["low-energy rate"]
  }

  /// The number of features D.
  public var count: Int { 4 * (SpectralShape.names.count + coefficients) + 1 }

  /// The features of a sound, `[D]`, all finite.
  ///
  /// - Throws: ``AudioError`` if a setting is out of range, the sound is empty, or a sample is not
  ///   finite.
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

  /// Checks the settings.
  ///
  /// - Throws: ``AudioError`` that names the first setting out of range.
  public func validate() throws {
    try LogMel(
      sampleRate: sampleRate, nFFT: nFFT, hopLength: hopLength, melBands: melBands
    ).validate()
    guard (1...melBands).contains(coefficients) else {
      throw AudioError(
        file: "", reason: "coefficients \(coefficients); expected 1 to \(melBands)")
    }
  }

  /// The orthonormal DCT-II of the bands in dB, `[coefficients][T]`. Bands are limited to 80 dB
  /// below the maximum, so that digital silence has no extreme values.
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

  /// The mean and standard deviation of a measure over time, then of its first difference. The
  /// differences of a single frame are 0.
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
