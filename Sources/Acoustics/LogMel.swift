// Settings of a log-mel spectrogram, and the transform itself.
import Foundation

/// Waveform to log-mel `[M, T]`, low band first. A value: equal settings, equal numbers.
public struct LogMel: Codable, Hashable, Sendable {
  /// What is summed into bands.
  public enum Spectrum: String, Codable, Hashable, Sendable {
    /// The squared modulus of the Fourier transform.
    case power
    /// The modulus itself.
    case magnitude
    /// Power, and the root of every band afterwards: kapre 0.1 with `power_melgram` 1.
    case rootOfPower
  }

  /// Rate the sound is brought to, Hz.
  public var sampleRate: Int
  /// Lengths in samples.
  public var nFFT, windowLength, hopLength: Int
  /// M.
  public var melBands: Int
  /// Hz.
  public var fMin, fMax: Double
  public var scale: MelScale
  /// Whether triangles have area 1 (Slaney) instead of peak 1.
  public var normalized: Bool
  public var spectrum: Spectrum
  public var centered: Bool
  public var padding: STFT.Padding
  public var compression: Compression

  public init(
    sampleRate: Int, nFFT: Int, windowLength: Int? = nil, hopLength: Int, melBands: Int,
    fMin: Double = 0, fMax: Double? = nil, scale: MelScale = .slaney, normalized: Bool = true,
    spectrum: Spectrum = .power, centered: Bool = true, padding: STFT.Padding = .reflect,
    compression: Compression = .decibels()
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
  }

  /// Frames T of `count` samples at `sampleRate`.
  public func frames(of count: Int) -> Int { stft.frames(of: count) }

  /// The log-mel of `waveform`, resampled first where its rate differs. Throws `AudioError` on
  /// impossible settings and on a sound shorter than one frame.
  public func callAsFunction(_ waveform: Waveform) throws -> Spectrogram {
    try validate()
    var picture = try Self.prepared[self](waveform.resampled(to: sampleRate).samples)
    compression.finish(&picture.values)
    return picture
  }

  /// Where each band peaks, Hz, `[M]`; empty for impossible settings.
  public func frequencies() -> [Float] {
    (try? validate()) == nil ? [] : Self.prepared[self].bank.centerFrequencies
  }

  private static let prepared = Shared<LogMel, FilteredSTFT> { $0.filtered }

  private var stft: STFT {
    STFT(
      nFFT: nFFT, windowLength: windowLength, hopLength: hopLength, centered: centered,
      padding: padding)
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
  /// Throws an `AudioError` that names the first impossible setting: settings may come from a
  /// recipe someone typed.
  public func validate() throws {
    try SettingsCheck.frames(
      sampleRate: sampleRate, nFFT: nFFT, windowLength: windowLength, hopLength: hopLength)
    try SettingsCheck.range("melBands", melBands, 1...4096)
    try SettingsCheck.edges(fMin, fMax, sampleRate: sampleRate)
  }
}
