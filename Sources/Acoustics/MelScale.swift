// Scales of pitch: the telephone engineers' formula and Slaney's auditory toolbox.
import Foundation

/// How frequencies in Hz become mel, and along which axis the triangles of a filter bank are drawn.
public enum MelScale: String, Codable, Hashable, Sendable, CaseIterable {
  /// 2595 log10(1 + f / 700), as in HTK and torchaudio (O'Shaughnessy 1987).
  case htk
  /// The same formula, written 1127 ln(1 + f / 700), with triangles whose sides are straight in mel
  /// instead of Hz: Kaldi and AudioSet's VGGish draw them so.
  case kaldi
  /// Linear below 1 kHz, logarithmic above (Slaney 1998), librosa's default.
  case slaney

  private static let linearStep = 200.0 / 3  // Hz a mel below the break
  private static let breakHz = 1000.0
  private static let breakMel = 15.0
  private static let logStep = log(6.4) / 27

  /// Where a triangle's sides are drawn straight: Hz itself, or mel.
  func axis(_ hz: Double) -> Double { self == .kaldi ? mel(hz) : hz }

  /// Mel of a frequency in Hz.
  public func mel(_ hz: Double) -> Double {
    switch self {
    case .htk, .kaldi: 2595 * log10(1 + hz / 700)
    case .slaney:
      hz < Self.breakHz
        ? hz / Self.linearStep : Self.breakMel + log(hz / Self.breakHz) / Self.logStep
    }
  }

  /// Frequency in Hz of a mel value.
  public func hz(_ mel: Double) -> Double {
    switch self {
    case .htk, .kaldi: 700 * (pow(10, mel / 2595) - 1)
    case .slaney:
      mel < Self.breakMel
        ? mel * Self.linearStep : Self.breakHz * exp(Self.logStep * (mel - Self.breakMel))
    }
  }
}
