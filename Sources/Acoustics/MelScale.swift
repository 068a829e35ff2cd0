import Foundation

/// A mel scale, and the axis on which the triangles of a filter bank are straight.
public enum MelScale: String, Codable, Hashable, Sendable, CaseIterable {
  /// 2595 log10(1 + f / 700), as in HTK and torchaudio (O'Shaughnessy 1987).
  case htk
  /// The same formula, written 1127 ln(1 + f / 700), with triangles that are straight in mel
  /// instead of Hz, as in Kaldi and AudioSet's VGGish.
  case kaldi
  /// Linear below 1 kHz, logarithmic above (Slaney 1998): librosa's default.
  case slaney

  private static let linearStep = 200.0 / 3  // Hz per mel below the break
  private static let breakHz = 1000.0
  private static let breakMel = 15.0
  private static let logStep = log(6.4) / 27

  /// The axis on which a triangle is straight: Hz, or mel.
  func axis(_ hz: Double) -> Double { self == .kaldi ? mel(hz) : hz }

  /// Converts a frequency in Hz to mel.
  public func mel(_ hz: Double) -> Double {
    switch self {
    case .htk, .kaldi: 2595 * log10(1 + hz / 700)
    case .slaney:
      hz < Self.breakHz
        ? hz / Self.linearStep : Self.breakMel + log(hz / Self.breakHz) / Self.logStep
    }
  }

  /// Converts mel to a frequency in Hz.
  public func hz(_ mel: Double) -> Double {
    switch self {
    case .htk, .kaldi: 700 * (pow(10, mel / 2595) - 1)
    case .slaney:
      mel < Self.breakMel
        ? mel * Self.linearStep : Self.breakHz * exp(Self.logStep * (mel - Self.breakMel))
    }
  }
}
