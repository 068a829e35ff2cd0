import Foundation

/// Kaldi's log-mel filter bank ("fbank"): waveform → `[M, T]`, low band first.
///
/// The values are those of torchaudio's `compliance.kaldi.fbank` without dither and energy:
///
/// 1. Frames lie within the sound. The mean of each frame is subtracted, so subtracting the mean of
///    the clip first, as AST's loader does, changes nothing.
/// 2. A frame is pre-emphasized and windowed with a symmetric Hann window.
/// 3. Power is summed by triangles whose sides are straight in mel.
/// 4. The logarithm is ln(max(x, 2⁻²³)).
public struct KaldiFbank: Codable, Hashable, Sendable {
  /// The normalisation of AST: (x − mean) / (2 · deviation).
  public struct Normalization: Codable, Hashable, Sendable {
    /// The mean of the features.
    public var mean: Float
    /// The standard deviation of the features.
    public var std: Float

    /// A normalisation by mean and standard deviation.
    public init(mean: Float, std: Float) {
      self.mean = mean
      self.std = std
    }

    /// Normalises values in place.
    func apply(to values: inout [Float]) {
      let scale = 1 / (2 * std)
      for index in values.indices { values[index] = (values[index] - mean) * scale }
    }

    /// Throws `AudioError` if a value cannot be divided by the deviation.
    func validate() throws {
      guard std > 0, mean.isFinite else {
        throw AudioError(file: "", reason: "normalization by \(std); expected more than 0")
      }
    }

    /// The moments over AudioSet that AST was trained with.
    public static let audioSet = Normalization(mean: -4.2677393, std: 4.5689974)
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
  /// α of the pre-emphasis s[n] − α · s[n − 1].
  public var preemphasis: Float
  /// The number of frames T to which every clip is cut, or padded with zeros before normalisation;
  /// nil for no change.
  public var frames: Int?
  /// The normalisation; nil for none (`skip_norm`).
  public var normalization: Normalization?

  /// A filter bank with these settings; the default `fMax` is half the sample rate.
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

  /// The input of AST: 10.24 s become `[128, 1024]`. Paper: Gong, Chung & Glass 2021,
  /// arXiv:2104.01778.
  ///
  /// - Parameter normalize: Whether to normalise. Reprogramming takes the raw values (Chen & Lerch
  ///   2022, arXiv:2211.08379).
  public static func ast(normalize: Bool = true) -> KaldiFbank {
    KaldiFbank(frames: 1024, normalization: normalize ? .audioSet : nil)
  }

  /// The floor of the energy of a band, 2⁻²³.
  public static let floor = Float.ulpOfOne

  /// The features of a sound, `[M, T]`. The sound is resampled if its rate differs.
  ///
  /// - Throws: ``AudioError`` if a setting is out of range, or the sound is shorter than one frame.
  public func callAsFunction(_ waveform: Waveform) throws -> Spectrogram {
    try validate()
    var spectrogram = try Self.prepared[base](waveform.resampled(to: sampleRate).samples)
    if let frames { spectrogram = spectrogram.fitted(toFrames: frames) }
    normalization?.apply(to: &spectrogram.values)
    return spectrogram
  }

  /// The peak frequency of each band in Hz, `[M]`; empty for settings out of range.
  public func frequencies() -> [Float] {
    (try? validate()) == nil ? [] : Self.prepared[base].bank.centerFrequencies
  }

  /// Checks the settings.
  ///
  /// - Throws: ``AudioError`` that names the first setting out of range.
  public func validate() throws {
    try SettingsCheck.frames(
      sampleRate: sampleRate, nFFT: nFFT, windowLength: windowLength, hopLength: hopLength)
    try SettingsCheck.range("melBands", melBands, 1...4096)
    try SettingsCheck.edges(fMin, fMax, sampleRate: sampleRate)
    if let frames { try SettingsCheck.range("frames", frames, 1...(1 << 20)) }
    guard (0...1).contains(preemphasis) else {
      throw AudioError(file: "", reason: "preemphasis \(preemphasis); expected 0 to 1")
    }
    try normalization?.validate()
  }

  /// The logarithm of a single band, before normalisation.
  var logarithm: Compression.Logarithm { Compression.Logarithm(floor: Self.floor) }

  /// The settings that the tables depend on.
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
      logarithm: settings.logarithm)
  }
}
