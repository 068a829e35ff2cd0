import Autograd
import Foundation

/// The harmonic filter bank with a learned bandwidth: power spectra [B, T, bins] → dB
/// [B, notes, T, harmonics].
///
/// ```swift
/// let bank = HarmonicFilterBank(rate: 16_000, fft: 512)
/// let power = Tensor(repeating: 1, [2, 100, 257])  // 100 frames
/// let bands = bank(power, .evaluation())  // [2, 128, 100, 6]
/// ```
///
/// Paper: Won et al. 2020, doi:10.1109/ICASSP40776.2020.9053669.
public struct HarmonicFilterBank: Parametric {
  /// Q, [1]. The bandwidth around a frequency f is (0.1079·f + 24.7) / Q in Hz.
  public let quality: Parameter
  /// The notes, harmonics and bins.
  public let bank: HarmonicBank

  /// The filters of the reference implementation. The notes start at C1 (32.7 Hz) and end at the
  /// last one whose highest harmonic lies below half the sample rate.
  ///
  /// - Parameters:
  ///   - rate: The sample rate in Hz.
  ///   - fft: The length of the Fourier transform; spectra have fft / 2 + 1 bins.
  ///   - harmonics: The filters per note.
  ///   - notesPerSemitone: 2 for quarter tones.
  ///   - learned: Whether Q is trained; otherwise it stays 1.
  public init(
    rate: Int = 16_000, fft: Int = 512, harmonics: Int = 6, notesPerSemitone: Int = 2,
    learned: Bool = true
  ) {
    let top = Double(rate) / Double(2 * harmonics)
    let highest = Int((69 + 12 * log2(top / 440)).rounded())
    let notes = (0..<(highest - 24) * notesPerSemitone).map { index in
      440 * pow(2, (24 + Double(index) / Double(notesPerSemitone) - 69) / 12)
    }
    bank = HarmonicBank(
      notes: notes, harmonics: harmonics, bins: fft / 2 + 1,
      spacing: Double(rate) / 2 / Double(fft / 2))
    quality = Parameter(Tensor([1], [1]), isTrainable: learned)
  }

  /// Q, under the name that it has in the reference implementation.
  public var namedParameters: NamedParameters { [("bw_Q", quality)] }

  /// Filters power spectra [B, T, bins] and converts the result to dB.
  public func callAsFunction(_ spectra: Tensor, _ mode: Mode) -> Tensor {
    spectra.harmonicBank(mode.use(quality), bank).decibels()
  }
}
