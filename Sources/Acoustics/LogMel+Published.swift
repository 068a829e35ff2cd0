// The log-mel settings of published networks.

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
