import Foundation

/// A spectrogram with a linear frequency axis: waveform → `[F, T]` with F = nFFT / 2 + 1 bins of
/// power or magnitude, low bin first, and an optional logarithm.
public struct LinearSpectrogram: Codable, Hashable, Sendable {
  /// The value of a bin.
  public enum Spectrum: String, Codable, Hashable, Sendable {
    /// |X|².
    case power
    /// |X|.
    case magnitude
  }

  /// The sample rate in Hz that the sound is resampled to.
  public var sampleRate: Int
  /// The length of the Fourier transform in samples.
  public var nFFT: Int
  /// The length of a window in samples.
  public var windowLength: Int
  /// The distance between two frames in samples.
  public var hopLength: Int
  /// Power or magnitude.
  public var spectrum: Spectrum
  /// Whether frame t is centred at t · hopLength; otherwise it starts there.
  public var centered: Bool
  /// The padding at the ends of the sound.
  public var padding: STFT.Padding
  /// The compression of the bins.
  public var compression: Compression

  /// A spectrogram with these settings; the default window has the length of the transform.
  public init(
    sampleRate: Int, nFFT: Int, windowLength: Int? = nil, hopLength: Int,
    spectrum: Spectrum = .power, centered: Bool = true, padding: STFT.Padding = .reflect,
    compression: Compression = .none
  ) {
    self.sampleRate = sampleRate
    self.nFFT = nFFT
    self.windowLength = windowLength ?? nFFT
    self.hopLength = hopLength
    self.spectrum = spectrum
    self.centered = centered
    self.padding = padding
    self.compression = compression
  }

  /// The input of the harmonic CNN: power of 257 bins at 16 kHz, nFFT 512, hop length 256. 80,000
  /// samples become `[257, 313]`. Paper: Won et al. 2020, doi:10.1109/ICASSP40776.2020.9053669.
  public static let harmonic = LinearSpectrogram(sampleRate: 16_000, nFFT: 512, hopLength: 256)

  /// The input of OpenL3 with a linear frequency axis: 48 kHz, nFFT 512, hop length 242, frames
  /// within the sound, magnitudes in dB below the maximum, limited to −80 dB. 1 s becomes
  /// `[257, 197]`. Paper: Cramer et al. 2019, doi:10.1109/ICASSP.2019.8682475.
  public static let openL3 = LinearSpectrogram(
    sampleRate: 48_000, nFFT: 512, hopLength: 242, spectrum: .magnitude, centered: false,
    compression: .belowPeak)

  /// The number of bins F.
  public var bins: Int { nFFT / 2 + 1 }

  /// The number of frames T of `count` samples at `sampleRate`.
  public func frames(of count: Int) -> Int { stft.frames(of: count) }

  /// The spectrogram of a sound, `[F, T]`. The sound is resampled if its rate differs.
  ///
  /// - Throws: ``AudioError`` if a setting is out of range, or the sound is shorter than one frame.
  public func callAsFunction(_ waveform: Waveform) throws -> Spectrogram {
    try validate()
    var picture = try Self.prepared[self](waveform.resampled(to: sampleRate).samples)
    compression.finish(&picture.values)
    return picture
  }

  /// Checks the settings.
  ///
  /// - Throws: ``AudioError`` that names the first setting out of range.
  public func validate() throws {
    try SettingsCheck.frames(
      sampleRate: sampleRate, nFFT: nFFT, windowLength: windowLength, hopLength: hopLength)
  }

  /// The frequency of each bin in Hz, `[F]`; empty for settings out of range.
  public func frequencies() -> [Float] {
    (try? validate()) == nil ? [] : Self.prepared[self].bank.centerFrequencies
  }

  private static let prepared = Shared<LinearSpectrogram, FilteredSTFT> { settings in
    FilteredSTFT(
      stft: settings.stft,
      bank: MelFilterbank(bins: settings.bins, sampleRate: settings.sampleRate),
      root: settings.spectrum == .magnitude ? .ofBins : .none,
      logarithm: settings.compression.logarithm)
  }

  private var stft: STFT {
    STFT(
      nFFT: nFFT, windowLength: windowLength, hopLength: hopLength, centered: centered,
      padding: padding)
  }
}
