import CKernels
import Foundation

/// Mel-frequency cepstral coefficients: waveform → `[K · (1 + deltas), T]`.
///
/// ```swift
/// let mfcc = MFCC.librosa(sampleRate: 22_050, coefficients: 20, deltas: 1)
/// let second = Waveform(samples: [Float](repeating: 0, count: 22_050), sampleRate: 22_050)
/// let features = try mfcc(second)  // [40, 44]
/// ```
///
/// The coefficients are the orthonormal DCT-II of a log-mel, the lowest one first. First and second
/// differences in time follow below. The conventions are librosa's. Paper: Davis & Mermelstein
/// 1980, doi:10.1109/TASSP.1980.1163420.
public struct MFCC: Codable, Hashable, Sendable {
  /// The log-mel that the coefficients are computed from.
  public var logMel: LogMel
  /// The number of coefficients K, from coefficient 0.
  public var coefficients: Int
  /// The order of the differences: 0 for none, 1 for first, 2 for first and second differences.
  public var deltas: Int
  /// The width in frames, odd, of the Savitzky–Golay filter for the differences. The first and last
  /// frames take the value of the first and last complete window.
  public var deltaWidth: Int

  /// `coefficients` K of `logMel`, with differences up to order `deltas`.
  public init(logMel: LogMel, coefficients: Int, deltas: Int = 0, deltaWidth: Int = 9) {
    self.logMel = logMel
    self.coefficients = coefficients
    self.deltas = deltas
    self.deltaWidth = deltaWidth
  }

  /// The defaults of `librosa.feature.mfcc`: nFFT 2048, hop length 512, 128 Slaney mels, a range of
  /// 80 dB.
  public static func librosa(sampleRate: Int, coefficients: Int = 20, deltas: Int = 0) -> MFCC {
    MFCC(
      logMel: LogMel(
        sampleRate: sampleRate, nFFT: 2048, hopLength: 512, melBands: 128, padding: .zero,
        compression: .decibels(range: 80)),
      coefficients: coefficients, deltas: deltas)
  }

  /// The number of rows, K · (1 + deltas).
  public var bands: Int { coefficients * (1 + deltas) }

  /// The coefficients of a sound, `[K · (1 + deltas), T]`. The sound is resampled if its rate
  /// differs.
  ///
  /// - Throws: ``AudioError`` if a setting is out of range, or the sound is shorter than one frame,
  ///   or, with differences, shorter than `deltaWidth` frames.
  public func callAsFunction(_ waveform: Waveform) throws -> Spectrogram {
    try validate()
    let mel = try logMel(waveform)
    guard deltas == 0 || mel.frames >= deltaWidth else {
      throw AudioError(
        file: "", reason: "\(mel.frames) frames; expected at least deltaWidth \(deltaWidth)")
    }
    let frames = mel.frames
    var values = [Float](repeating: 0, count: coefficients * frames)
    scant_mix_rows(Self.cosines[self], mel.values, &values, coefficients, mel.bands, frames)
    let cepstrum = values
    for order in 0..<deltas {
      values += differences(cepstrum, frames: frames, order: order + 1)
    }
    return Spectrogram(bands: bands, frames: frames, values: values)
  }

  /// Checks the settings.
  ///
  /// - Throws: ``AudioError`` that names the first setting out of range.
  public func validate() throws {
    try logMel.validate()
    try SettingsCheck.range("coefficients", coefficients, 1...logMel.melBands)
    try SettingsCheck.range("deltas", deltas, 0...2)
    try SettingsCheck.range("deltaWidth", deltaWidth, 3...1001)
    guard !deltaWidth.isMultiple(of: 2) else {
      throw AudioError(file: "", reason: "deltaWidth \(deltaWidth); expected an odd number")
    }
  }

  /// The orthonormal DCT-II, `[K, M]`.
  private static let cosines = Shared<MFCC, [Float]> { settings in
    let bands = settings.logMel.melBands
    return (0..<settings.coefficients).flatMap { k in
      let height = ((k == 0 ? 1 : 2) / Double(bands)).squareRoot()
      return (0..<bands).map { band in
        Float(height * cos(.pi * Double(k) * (Double(band) + 0.5) / Double(bands)))
      }
    }
  }

  /// The first (order 1) or second derivative (order 2) of the least-squares line or parabola
  /// through `deltaWidth` frames around each frame, for rows of `frames` values.
  private func differences(_ rows: [Float], frames: Int, order: Int) -> [Float] {
    let (weights, half) = (Self.fit(width: deltaWidth, order: order), deltaWidth / 2)
    var result = [Float](repeating: 0, count: rows.count)
    for start in stride(from: 0, to: rows.count, by: frames) {
      for frame in half..<frames - half {
        let first = start + frame - half
        var sum: Float = 0
        for tap in 0..<deltaWidth { sum += weights[tap] * rows[first + tap] }
        result[start + frame] = sum
      }
      for frame in 0..<half {
        result[start + frame] = result[start + half]
        result[start + frames - 1 - frame] = result[start + frames - 1 - half]
      }
    }
    return result
  }

  /// The weights `[width]` of the derivative at the middle frame. Paper: Savitzky & Golay 1964,
  /// doi:10.1021/ac60214a047.
  private static func fit(width: Int, order: Int) -> [Float] {
    let positions = (0..<width).map { Double($0 - width / 2) }
    let mean = order == 1 ? 0 : positions.map { $0 * $0 }.reduce(0, +) / Double(width)
    let shape = positions.map { order == 1 ? $0 : $0 * $0 - mean }
    // y ≈ a·shape with a = Σ shape·y / Σ shape²; the derivative is a or, of a·x², 2a.
    let scale = Double(order) / shape.map { $0 * $0 }.reduce(0, +)
    return shape.map { Float($0 * scale) }
  }
}
