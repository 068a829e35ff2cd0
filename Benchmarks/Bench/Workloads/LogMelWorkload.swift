import Acoustics
// A minute of sound to log-mel.
import Autograd

/// 60 s at 32 kHz, 128 Slaney mels of 50 to 16,000 Hz from frames of 1024, 512 apart: [128, 3751].
public struct LogMelWorkload: Workload {
  public static let id = "logmel"
  public static let summary = "60 s of sound at 32 kHz to 128 log-mel bands, on one thread"
  public static let items = 60
  public static let unit = "s"

  private let sound: Waveform
  static let settings = LogMel(
    sampleRate: 32_000, nFFT: 1024, hopLength: 512, melBands: 128, fMin: 50, fMax: 16_000)

  public init(_ precision: Precision) {
    sound = Waveform(samples: FixedData.audio(seconds: Self.items), sampleRate: 32_000)
  }

  public func repetition() throws { _ = try Self.settings(sound) }
}
