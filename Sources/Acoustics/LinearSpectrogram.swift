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
    var spectrogram = try Self.prepared[self](waveform.resampled(to: sampleRate).samples)
    compression.finish(&spectrogram.values)
    return spectrogram
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

/// The compression of band energies: a logarithm and its floor.
public enum Compression: Codable, Hashable, Sendable {
  /// Decibels: 10 log10(max(x, floor)). `fromPeak` subtracts the maximum of the clip. `range`
  /// limits values to the maximum minus `range` dB (librosa's `top_db`).
  case decibels(floor: Float = 1e-10, range: Float? = nil, fromPeak: Bool = false)
  /// ln(x + offset).
  case naturalLog(offset: Float)
  /// log10(offset + scale · x). musicnn uses offset 1 and scale 10,000 (Pons & Serra 2019).
  case log10(scale: Float, offset: Float)
  /// No compression.
  case none

  /// The logarithm of a single energy: scale · ln(max(factor · x + offset, floor)).
  struct Logarithm: Sendable, Equatable {
    var factor: Float = 1
    var offset: Float = 0
    var floor: Float = -.infinity
    var scale: Float = 1
  }

  /// nil for no compression.
  var logarithm: Logarithm? {
    switch self {
    case .decibels(let floor, _, _): Logarithm(floor: floor, scale: Float(10 / M_LN10))
    case .naturalLog(let offset): Logarithm(offset: offset)
    case .log10(let scale, let offset):
      Logarithm(factor: scale, offset: offset, scale: Float(1 / M_LN10))
    case .none: nil
    }
  }

  /// The part that needs the whole clip, applied after the logarithms.
  func finish(_ values: inout [Float]) {
    guard case .decibels(_, let range, let fromPeak) = self, range != nil || fromPeak else {
      return
    }
    let peak = values.max() ?? 0
    let lowest = range.map { peak - $0 } ?? -.infinity
    let shift = fromPeak ? peak : 0
    for index in values.indices { values[index] = max(values[index], lowest) - shift }
  }
}
