// Settings of mel-frequency cepstral coefficients, and the transform itself.
import CKernels
import Foundation

/// Waveform to MFCC `[K, T]`, the lowest coefficient first; below, if wanted, as many first and
/// second differences in time. The orthonormal DCT-II of a log-mel; conventions are librosa's.
/// Paper: Davis & Mermelstein 1980, doi:10.1109/TASSP.1980.1163420.
public struct MFCC: Codable, Hashable, Sendable {
  public var logMel: LogMel
  /// K, coefficients 0..<K.
  public var coefficients: Int
  /// 0: none; 1: first differences; 2: first and second ones.
  public var deltas: Int
  /// Frames that a difference is fitted to; odd. A Savitzky-Golay filter whose order is the
  /// difference's; the first and last frames take the value of the first and last whole fit.
  public var deltaWidth: Int

  public init(logMel: LogMel, coefficients: Int, deltas: Int = 0, deltaWidth: Int = 9) {
    self.logMel = logMel
    self.coefficients = coefficients
    self.deltas = deltas
    self.deltaWidth = deltaWidth
  }

  /// `librosa.feature.mfcc` with what it does unasked: 2048/512, 128 Slaney mels, 80 dB of range.
  public static func librosa(sampleRate: Int, coefficients: Int = 20, deltas: Int = 0) -> MFCC {
    MFCC(
      logMel: LogMel(
        sampleRate: sampleRate, nFFT: 2048, hopLength: 512, melBands: 128, padding: .zero,
        compression: .decibels(range: 80)),
      coefficients: coefficients, deltas: deltas)
  }

  /// M: coefficients and their differences.
  public var bands: Int { coefficients * (1 + deltas) }

  /// `[K · (1 + deltas), T]`. Throws `AudioError` on impossible settings and where the sound is
  /// shorter than one frame, or than `deltaWidth` frames with differences.
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

  /// Throws an `AudioError` that names the first impossible setting.
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

  /// The slope (order 1) or the curvature (order 2) of the least-squares line or parabola through
  /// `deltaWidth` frames around each, of rows of `frames` values.
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

  /// Weights `[width]` that take the derivative in the middle. Paper: Savitzky & Golay 1964,
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
