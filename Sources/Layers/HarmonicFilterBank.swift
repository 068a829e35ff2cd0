// The learned front end of the harmonic CNN.
import Autograd
import Foundation

/// Power spectra [B, T, bins] → decibels [B, notes, T, harmonics] through triangles whose common
/// bandwidth is learned. Paper: Won et al. 2020, doi:10.1109/ICASSP40776.2020.9053669.
public struct HarmonicFilterBank: Parametric {
  /// Q, [1]: bandwidths are (0.1079·f + 24.7)/Q, Hz.
  public let quality: Parameter
  public let bank: HarmonicBank

  /// The reference's filters: notes from C1 (32.7 Hz) in quarter tones up to the last whose highest
  /// harmonic lies below half the sample rate. Q stays 1 unless it is `learned`.
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

  /// The reference implementation's name.
  public var namedParameters: [(name: String, parameter: Parameter)] { [("bw_Q", quality)] }

  public func callAsFunction(_ spectra: Tensor, _ mode: Mode) -> Tensor {
    spectra.harmonicBank(mode.use(quality), bank).decibels()
  }
}
