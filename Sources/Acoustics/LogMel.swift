import Foundation

/// A log-mel spectrogram: waveform → `[M, T]`, low band first.
///
/// ```swift
/// let logMel = LogMel(sampleRate: 22_050, nFFT: 2048, hopLength: 512, melBands: 128)
/// let second = Waveform(samples: [Float](repeating: 0, count: 22_050), sampleRate: 22_050)
/// let features = try logMel(second)  // [128, 44]
/// ```
public struct LogMel: Codable, Hashable, Sendable {
  /// The quantity that the bands sum.
  public enum Spectrum: String, Codable, Hashable, Sendable {
    /// |X|².
    case power
    /// |X|.
    case magnitude
    /// |X|², with the square root of every band afterwards, as kapre 0.1 with `power_melgram` 1.
    case rootOfPower
  }

  /// The sample rate in Hz that the sound is resampled to.
  public var sampleRate: Int
  /// The length of the Fourier transform in samples.
  public var nFFT: Int
  /// The length of a window in samples.
  public var windowLength: Int
  /// The distance between two frames in samples.
  public var hopLength: Int
  /// The number of bands M.
  public var melBands: Int
  /// The lower edge of the lowest band in Hz.
  public var fMin: Double
  /// The upper edge of the highest band in Hz.
  public var fMax: Double
  /// The mel scale.
  public var scale: MelScale
  /// Whether triangles have area 1 (Slaney); otherwise they have peak 1.
  public var normalized: Bool
  /// The quantity that the bands sum.
  public var spectrum: Spectrum
  /// Whether frame t is centred at t · hopLength; otherwise it starts there.
  public var centered: Bool
  /// The padding at the ends of the sound.
  public var padding: STFT.Padding
  /// The compression of the bands.
  public var compression: Compression
  /// The window function; nil for the periodic Hann window.
  public var window: STFT.Window?
  /// α of the pre-emphasis x[n + 1] − α · x[n] of the whole sound, as in EfficientAT; nil for none.
  public var preemphasis: Float?
  /// The normalisation of the result; nil for none.
  public var normalization: KaldiFbank.Normalization?

  /// A log-mel with these settings. The defaults are librosa's, except that the sound is mirrored
  /// at its ends. The default window has the length of the transform; the default `fMax` is half
  /// the sample rate.
  public init(
    sampleRate: Int, nFFT: Int, windowLength: Int? = nil, hopLength: Int, melBands: Int,
    fMin: Double = 0, fMax: Double? = nil, scale: MelScale = .slaney, normalized: Bool = true,
    spectrum: Spectrum = .power, centered: Bool = true, padding: STFT.Padding = .reflect,
    compression: Compression = .decibels(), window: STFT.Window? = nil
  ) {
    self.sampleRate = sampleRate
    self.nFFT = nFFT
    self.windowLength = windowLength ?? nFFT
    self.hopLength = hopLength
    self.melBands = melBands
    self.fMin = fMin
    self.fMax = fMax ?? Double(sampleRate) / 2
    self.scale = scale
    self.normalized = normalized
    self.spectrum = spectrum
    self.centered = centered
    self.padding = padding
    self.compression = compression
    self.window = window
  }

  /// The number of frames T of `count` samples at `sampleRate`.
  public func frames(of count: Int) -> Int {
    stft.frames(of: preemphasis == nil ? count : max(min(count, 1), count - 1))
  }

  /// The log-mel of a sound, `[M, T]`. The sound is resampled if its rate differs.
  ///
  /// - Throws: ``AudioError`` if a setting is out of range, or the sound is shorter than one frame.
  public func callAsFunction(_ waveform: Waveform) throws -> Spectrogram {
    try validate()
    let samples = emphasized(waveform.resampled(to: sampleRate).samples)
    var spectrogram = try Self.prepared[self](samples)
    compression.finish(&spectrogram.values)
    normalization?.apply(to: &spectrogram.values)
    return spectrogram
  }

  /// The peak frequency of each band in Hz, `[M]`; empty for settings out of range.
  public func frequencies() -> [Float] {
    (try? validate()) == nil ? [] : Self.prepared[self].bank.centerFrequencies
  }

  /// One sample less; of a single sample the next one counts as 0.
  private func emphasized(_ samples: [Float]) -> [Float] {
    guard let preemphasis, !samples.isEmpty else { return samples }
    let next = samples.count > 1 ? samples.dropFirst() : [0]
    return zip(samples, next).map { $1 - preemphasis * $0 }
  }

  private static let prepared = Shared<LogMel, FilteredSTFT> { $0.filtered }

  private var stft: STFT {
    STFT(
      nFFT: nFFT, windowLength: windowLength, hopLength: hopLength, window: window ?? .hann,
      centered: centered, padding: padding)
  }

  private var filtered: FilteredSTFT {
    let bank = MelFilterbank(
      scale: scale, norm: normalized ? .slaney : .none, sampleRate: sampleRate, nFFT: nFFT,
      bands: melBands, fMin: fMin, fMax: fMax)
    let root: FilteredSTFT.Root =
      switch spectrum {
      case .power: .none
      case .magnitude: .ofBins
      case .rootOfPower: .ofBands
      }
    return FilteredSTFT(stft: stft, bank: bank, root: root, logarithm: compression.logarithm)
  }
}

extension LogMel {
  /// Checks the settings, which may come from a recipe.
  ///
  /// - Throws: ``AudioError`` that names the first setting out of range.
  public func validate() throws {
    try SettingsCheck.frames(
      sampleRate: sampleRate, nFFT: nFFT, windowLength: windowLength, hopLength: hopLength)
    try SettingsCheck.range("melBands", melBands, 1...4096)
    try SettingsCheck.edges(fMin, fMax, sampleRate: sampleRate)
    try normalization?.validate()
  }
}

extension LogMel {
  /// The input of musicnn: 16 kHz, nFFT 512, hop length 256, 96 Slaney mels, log10(1 + 10,000 x).
  /// Paper: Pons & Serra 2019, arXiv:1909.06654.
  public static let musicnn = LogMel(
    sampleRate: 16_000, nFFT: 512, hopLength: 256, melBands: 96, padding: .zero,
    compression: .log10(scale: 10_000, offset: 1))

  /// The input of the built-in data set's reference network: 64 HTK mels from 50 to 8000 Hz at
  /// 16 kHz, ln(x + 1e-6).
  public static let band = LogMel(
    sampleRate: 16_000, nFFT: 2048, hopLength: 1024, melBands: 64, fMin: 50, fMax: 8000,
    scale: .htk, normalized: false, compression: .naturalLog(offset: 1e-6))

  /// The input of VGGish: 16 kHz, windows of 25 ms every 10 ms within the sound, magnitudes in 64
  /// bands from 125 to 7500 Hz, ln(x + 0.01). 10 s become `[64, 998]`, ten patches of 96 frames.
  /// Paper: Hershey et al. 2017, arXiv:1609.09430. Code: `mel_features.py` of AudioSet's release.
  public static let vggish = LogMel(
    sampleRate: 16_000, nFFT: 512, windowLength: 400, hopLength: 160, melBands: 64, fMin: 125,
    fMax: 7500, scale: .kaldi, normalized: false, spectrum: .magnitude, centered: false,
    padding: .frames, compression: .naturalLog(offset: 0.01))

  /// The input of YAMNet, before it is cut into patches: that of VGGish with ln(x + 0.001).
  /// Code: `features.py` of YAMNet in tensorflow/models.
  public static let yamnet = LogMel(
    sampleRate: 16_000, nFFT: 512, windowLength: 400, hopLength: 160, melBands: 64, fMin: 125,
    fMax: 7500, scale: .kaldi, normalized: false, spectrum: .magnitude, centered: false,
    padding: .frames, compression: .naturalLog(offset: 0.001))

  /// The input of EfficientAT's networks before its values are scaled: 32 kHz, symmetric windows of
  /// 25 ms every 10 ms, power in 128 Kaldi bands up to 15 kHz, ln(x + 1e-5). The sound is
  /// pre-emphasized first. Paper: Schmid et al. 2023, arXiv:2211.04772.
  public static let efficientAT = LogMel(
    sampleRate: 32_000, nFFT: 1024, windowLength: 800, hopLength: 320, melBands: 128,
    fMax: 15_000, scale: .kaldi, normalized: false, compression: .naturalLog(offset: 1e-5),
    window: .symmetricHann)

  /// `efficientAT` with the pre-emphasis in front and, if `normalize`, (y + 4.5) / 5 behind it: the
  /// whole input of EfficientAT's networks. 5 s become `[128, 500]`.
  public static func mn04(normalize: Bool = true) -> LogMel {
    var settings = efficientAT
    settings.preemphasis = 0.97
    settings.normalization = normalize ? KaldiFbank.Normalization(mean: -4.5, std: 2.5) : nil
    return settings
  }

  /// The log-mel of the Keyword Transformer before its cosine transform: 16 kHz, windows of 30 ms
  /// every 10 ms within the sound, magnitudes in 80 bands from 20 to 7600 Hz, ln(x + 1e-12).
  /// Paper: Berg et al. 2021, arXiv:2104.00769. Code: kws_streaming of google-research.
  public static let kwt1 = LogMel(
    sampleRate: 16_000, nFFT: 512, windowLength: 480, hopLength: 160, melBands: 80, fMin: 20,
    fMax: 7600, scale: .kaldi, normalized: false, spectrum: .magnitude, centered: false,
    padding: .frames, compression: .naturalLog(offset: 1e-12))

  /// The input of OpenL3 with 128 or 256 mels: 48 kHz, nFFT 2048, hop length 242, magnitudes in
  /// Slaney bands in dB below the maximum of the second, limited to −80 dB. 1 s becomes `[M, 199]`.
  /// The values are those of `openl3` 0.4 with its `librosa` front end, and of librosa from 0.10
  /// on, which pads with silence. Paper: Cramer et al. 2019, doi:10.1109/ICASSP.2019.8682475.
  public static func openL3(melBands: Int) -> LogMel {
    LogMel(
      sampleRate: 48_000, nFFT: 2048, hopLength: 242, melBands: melBands, spectrum: .magnitude,
      padding: .zero, compression: .belowPeak)
  }

  /// The input of OpenL3 and EdgeL3 as kapre 0.1 computed it in their training: HTK bands of power,
  /// then the square root, and silence around the sound for ⌈N / hop length⌉ frames.
  public static func kapre(
    sampleRate: Int, nFFT: Int, hopLength: Int, melBands: Int
  ) -> LogMel {
    LogMel(
      sampleRate: sampleRate, nFFT: nFFT, hopLength: hopLength, melBands: melBands, scale: .htk,
      spectrum: .rootOfPower, padding: .same, compression: .belowPeak)
  }
}

extension Compression {
  /// kapre's decibels: 10 log10(max(x, 1e-10)) minus its maximum, limited to −80 dB.
  public static let belowPeak = Compression.decibels(floor: 1e-10, range: 80, fromPeak: true)
}
