// Settings of a log-mel spectrogram, and the transform itself.
import CKernels
import Foundation

/// Waveform to log-mel `[M, T]`, low band first. A value: equal settings, equal numbers.
public struct LogMel: Codable, Hashable, Sendable {
  /// The squared or the plain modulus of the Fourier transform.
  public enum Spectrum: String, Codable, Hashable, Sendable { case power, magnitude }

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

  /// Input of musicnn: 16 kHz, 512/256, 96 Slaney mels, log10(1 + 10000 x).
  /// Paper: Pons and Serra 2019, arXiv:1909.06654.
  public static let musicnn = LogMel(
    sampleRate: 16_000, nFFT: 512, hopLength: 256, melBands: 96, padding: .zero,
    compression: .log10(scale: 10_000, offset: 1))

  /// Frames T of `count` samples at `sampleRate`.
  public func frames(of count: Int) -> Int {
    let margin = centered ? nFFT / 2 * 2 : 0
    return count + margin < nFFT ? 0 : 1 + (count + margin - nFFT) / hopLength
  }

  /// The log-mel of `waveform`, resampled first where its rate differs. Throws `AudioError` on
  /// impossible settings and on a sound shorter than one frame.
  public func callAsFunction(_ waveform: Waveform) throws -> Spectrogram {
    try validate()
    let samples = waveform.resampled(to: sampleRate).samples
    let prepared = Self.prepared[self]
    let frames = prepared.stft.frames(of: samples.count)
    guard frames > 0, !samples.isEmpty else {
      throw AudioError(
        file: "", reason: "\(samples.count) samples; expected at least \(centered ? 1 : nFFT)")
    }
    var values = [Float](unsafeUninitializedCapacity: melBands * frames) { buffer, count in
      // In bounds: every block fills its columns of all bands; together they are all frames.
      if let base = buffer.baseAddress { bands(of: samples, prepared, into: base) }
      count = melBands * frames
    }
    compression.finish(&values)
    return Spectrogram(bands: melBands, frames: frames, values: values)
  }

  /// Compressed energies `[M, T]`, a block of frames at a time.
  private func bands(
    of samples: [Float], _ prepared: Prepared, into target: UnsafeMutablePointer<Float>
  ) {
    let frames = prepared.stft.frames(of: samples.count)
    let (bank, logarithm) = (prepared.filterbank, compression.logarithm)
    withScratch(bank.scratchCount) { parts in
      prepared.stft.forEachBlock(of: samples) { first, used, power in
        if spectrum == .magnitude { scant_root(power, used * bank.bins) }
        bank.apply(
          power, frames: used, scratch: parts[0], into: target + first, stride: frames)
        if let log = logarithm {
          scant_log_rows(
            target + first, melBands, frames, used, log.factor, log.offset, log.floor, log.scale)
        }
      }
    }
  }

  /// Where each band peaks, Hz, `[M]`; empty for impossible settings.
  public func frequencies() -> [Float] {
    (try? validate()) == nil ? [] : Self.prepared[self].filterbank.centerFrequencies
  }

  private struct Prepared: Sendable { let stft: STFT, filterbank: MelFilterbank }

  private static let prepared = Shared<LogMel, Prepared> { settings in
    Prepared(stft: settings.stft, filterbank: settings.filterbank)
  }

  private var stft: STFT {
    STFT(
      nFFT: nFFT, windowLength: windowLength, hopLength: hopLength, centered: centered,
      padding: padding)
  }

  private var filterbank: MelFilterbank {
    MelFilterbank(
      scale: scale, norm: normalized ? .slaney : .none, sampleRate: sampleRate, nFFT: nFFT,
      bands: melBands, fMin: fMin, fMax: fMax)
  }
}

extension LogMel {
  /// Throws an `AudioError` that names the first impossible setting: settings may come from a
  /// recipe someone typed.
  public func validate() throws {
    try Self.check("sampleRate", sampleRate, 1_000...768_000)
    try Self.check("nFFT", nFFT, 2...(1 << 20))
    try Self.check("windowLength", windowLength, 1...nFFT)
    try Self.check("hopLength", hopLength, 1...(1 << 20))
    try Self.check("melBands", melBands, 1...4096)
    let half = Double(sampleRate) / 2
    guard fMin >= 0, fMin < fMax, fMax <= half else {
      throw AudioError(
        file: "", reason: "fMin \(fMin) and fMax \(fMax) Hz; expected 0 <= fMin < fMax <= \(half)")
    }
  }

  private static func check(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws {
    guard range.contains(value) else {
      throw AudioError(
        file: "",
        reason: "\(name) \(value); expected \(range.lowerBound) to \(range.upperBound)")
    }
  }
}
