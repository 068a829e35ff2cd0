// Settings of a spectrogram on the Fourier transform's own bins, and the transform itself.
import Foundation

/// Waveform to `[F, T]`, F = nFFT / 2 + 1 bins of power or magnitude, low bin first; a logarithm
/// where wanted. A value: equal settings, equal numbers.
public struct LinearSpectrogram: Codable, Hashable, Sendable {
  public enum Spectrum: String, Codable, Hashable, Sendable { case power, magnitude }

  /// Rate the sound is brought to, Hz.
  public var sampleRate: Int
  /// Lengths in samples.
  public var nFFT, windowLength, hopLength: Int
  public var spectrum: Spectrum
  public var centered: Bool
  public var padding: STFT.Padding
  public var compression: Compression

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

  /// Input of the harmonic CNN: power of 257 bins at 16 kHz, 512/256; 80,000 samples become
  /// `[257, 313]`. Paper: Won et al. 2020, doi:10.1109/ICASSP40776.2020.9053669.
  public static let harmonic = LinearSpectrogram(sampleRate: 16_000, nFFT: 512, hopLength: 256)

  /// Input of OpenL3 with a linear frequency axis: 48 kHz, 512/242, frames within the sound,
  /// magnitudes in dB below the loudest one, at least -80; 1 s becomes `[257, 197]`.
  /// Paper: Cramer et al. 2019, doi:10.1109/ICASSP.2019.8682475.
  public static let openL3 = LinearSpectrogram(
    sampleRate: 48_000, nFFT: 512, hopLength: 242, spectrum: .magnitude, centered: false,
    compression: .belowPeak)

  /// F.
  public var bins: Int { nFFT / 2 + 1 }

  /// Frames T of `count` samples at `sampleRate`.
  public func frames(of count: Int) -> Int { stft.frames(of: count) }

  /// The spectrogram of `waveform`, resampled first where its rate differs. Throws `AudioError` on
  /// impossible settings and on a sound shorter than one frame.
  public func callAsFunction(_ waveform: Waveform) throws -> Spectrogram {
    try validate()
    var picture = try Self.prepared[self](waveform.resampled(to: sampleRate).samples)
    compression.finish(&picture.values)
    return picture
  }

  /// Throws an `AudioError` that names the first impossible setting.
  public func validate() throws {
    try SettingsCheck.frames(
      sampleRate: sampleRate, nFFT: nFFT, windowLength: windowLength, hopLength: hopLength)
  }

  /// The frequency of each bin, Hz, `[F]`; empty for impossible settings.
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
