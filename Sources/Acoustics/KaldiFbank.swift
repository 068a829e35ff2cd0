// Settings of Kaldi's log-mel filter bank, and the transform itself.
import Foundation

/// Waveform in -1...1 to Kaldi's "fbank" features `[M, T]`, low band first: every frame loses its
/// mean, is pre-emphasized and windowed (Hann with zeros at both ends); power is summed into
/// triangles straight in mel; ln(max(x, 2^-23)). Frames lie within the sound, no dither, no energy.
/// Numbers are those of torchaudio's `compliance.kaldi.fbank`. The mean of the whole clip, which
/// AST's own loader subtracts, makes no difference: every frame loses its own.
public struct KaldiFbank: Codable, Hashable, Sendable {
  /// (x - mean) / (2 · deviation): what AST calls normalization.
  public struct Normalization: Codable, Hashable, Sendable {
    public var mean, deviation: Float

    public init(mean: Float, deviation: Float) {
      self.mean = mean
      self.deviation = deviation
    }

    /// Moments of AudioSet's filter banks, which AST was trained with.
    public static let audioSet = Normalization(mean: -4.2677393, deviation: 4.5689974)
  }

  /// Rate the sound is brought to, Hz.
  public var sampleRate: Int
  /// Lengths in samples.
  public var nFFT, windowLength, hopLength: Int
  /// M.
  public var melBands: Int
  /// Hz.
  public var fMin, fMax: Double
  /// α of s[n] - α s[n - 1].
  public var preemphasis: Float
  /// T that every clip is cut or, with zeros before normalization, filled up to; nil leaves it.
  public var frames: Int?
  /// nil: none (`skip_norm`).
  public var normalization: Normalization?

  public init(
    sampleRate: Int = 16_000, nFFT: Int = 512, windowLength: Int = 400, hopLength: Int = 160,
    melBands: Int = 128, fMin: Double = 20, fMax: Double? = nil, preemphasis: Float = 0.97,
    frames: Int? = nil, normalization: Normalization? = nil
  ) {
    self.sampleRate = sampleRate
    self.nFFT = nFFT
    self.windowLength = windowLength
    self.hopLength = hopLength
    self.melBands = melBands
    self.fMin = fMin
    self.fMax = fMax ?? Double(sampleRate) / 2
    self.preemphasis = preemphasis
    self.frames = frames
    self.normalization = normalization
  }

  /// Input of AST: 10.24 s as `[128, 1024]`, normalized. Without `normalize`, raw values as the
  /// reprogramming of AST takes them (Chen & Lerch 2022, arXiv:2211.08379).
  /// Paper: Gong, Chung & Glass 2021, arXiv:2104.01778.
  public static func ast(normalize: Bool = true) -> KaldiFbank {
    KaldiFbank(frames: 1024, normalization: normalize ? .audioSet : nil)
  }

  /// 2^-23, the least energy a band is given.
  public static let floor = Float.ulpOfOne

  /// The filter bank of `waveform`, resampled first where its rate differs. Throws `AudioError` on
  /// impossible settings and on a sound shorter than one frame.
  public func callAsFunction(_ waveform: Waveform) throws -> Spectrogram {
    try validate()
    var picture = try Self.prepared[base](waveform.resampled(to: sampleRate).samples)
    if let frames { picture = picture.fitted(toFrames: frames) }
    if let normalization {
      let scale = 1 / (2 * normalization.deviation)
      for index in picture.values.indices {
        picture.values[index] = (picture.values[index] - normalization.mean) * scale
      }
    }
    return picture
  }

  /// Where each band peaks, Hz, `[M]`; empty for impossible settings.
  public func frequencies() -> [Float] {
    (try? validate()) == nil ? [] : Self.prepared[base].bank.centerFrequencies
  }

  /// Throws an `AudioError` that names the first impossible setting.
  public func validate() throws {
    try SettingsCheck.frames(
      sampleRate: sampleRate, nFFT: nFFT, windowLength: windowLength, hopLength: hopLength)
    try SettingsCheck.range("melBands", melBands, 1...4096)
    try SettingsCheck.edges(fMin, fMax, sampleRate: sampleRate)
    if let frames { try SettingsCheck.range("frames", frames, 1...(1 << 20)) }
    guard (0...1).contains(preemphasis) else {
      throw AudioError(file: "", reason: "preemphasis \(preemphasis); expected 0 to 1")
    }
    if let normalization, !(normalization.deviation > 0 && normalization.mean.isFinite) {
      throw AudioError(
        file: "", reason: "normalization by \(normalization.deviation); expected more than 0")
    }
  }

  /// The settings that tables depend on.
  private var base: KaldiFbank {
    var base = self
    (base.frames, base.normalization) = (nil, nil)
    return base
  }

  private static let prepared = Shared<KaldiFbank, FilteredSTFT> { settings in
    FilteredSTFT(
      stft: STFT(
        nFFT: settings.nFFT, windowLength: settings.windowLength, hopLength: settings.hopLength,
        window: .symmetricHann, padding: .frames, preemphasis: settings.preemphasis),
      bank: MelFilterbank(
        scale: .kaldi, sampleRate: settings.sampleRate, nFFT: settings.nFFT,
        bands: settings.melBands, fMin: settings.fMin, fMax: settings.fMax),
      logarithm: Compression.Logarithm(floor: floor))
  }
}
