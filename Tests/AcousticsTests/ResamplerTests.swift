// The resampler's promises: length, level, alias rejection.
import Acoustics
import Foundation
import TestSupport
import Testing

struct ResamplerTests {
  private func sine(_ hz: Double, rate: Int, seconds: Double = 1) -> [Float] {
    let count = Int(seconds * Double(rate))
    return (0..<count).map { Float(sin(2 * .pi * hz * Double($0) / Double(rate))) }
  }

  /// Level in dB of what is left, the edges aside, relative to a full-scale sine.
  private func level(_ samples: [Float]) -> Double {
    let middle = samples[(samples.count / 4)..<(samples.count * 3 / 4)]
    let power = middle.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(middle.count)
    return 10 * log10(max(power * 2, 1e-30))
  }

  static let pairs = [
    (44_100, 16_000), (48_000, 16_000), (22_050, 16_000), (8_000, 16_000), (16_000, 44_100),
    (32_000, 16_000), (44_100, 15_999), (11_025, 48_000),
  ]

  @Test(arguments: pairs)
  func outputLengthIsRoundedUp(_ from: Int, _ to: Int) {
    let resampler = Resampler.shared(from: from, to: to)
    for count in [0, 1, 2, 99, 1000, 4410] {
      let samples = [Float](repeating: 0.5, count: count)
      let expected = Int((Double(count) * Double(to) / Double(from)).rounded(.up))
      #expect(resampler(samples).count == expected)
    }
  }

  @Test(arguments: pairs)
  func constantSignalIsUnchanged(_ from: Int, _ to: Int) {
    let output = Resampler.shared(from: from, to: to)([Float](repeating: 0.5, count: from / 2))
    let middle = Array(output[(output.count / 4)..<(output.count * 3 / 4)])
    expectClose(middle, [Float](repeating: 0.5, count: middle.count), absolute: 1e-6)
  }

  /// Tones up to 85 % of the lower Nyquist frequency keep their level and their place in time.
  @Test(arguments: pairs)
  func tonesKeepFrequencyAndLevel(_ from: Int, _ to: Int) {
    let nyquist = Double(min(from, to)) / 2
    for share in [0.05, 0.4, 0.85] {
      let hz = share * nyquist
      let output = Resampler.shared(from: from, to: to)(sine(hz, rate: from))
      #expect(abs(level(output)) < 0.1, "\(hz) Hz")
      let wanted = sine(hz, rate: to, seconds: 1.01)
      let range = (output.count / 4)..<(output.count * 3 / 4)
      expectClose(Array(output[range]), Array(wanted[range]), absolute: 1e-3)
    }
  }

  /// What lies above the new Nyquist frequency is gone, not folded down.
  @Test(arguments: [(44_100, 16_000), (48_000, 16_000), (44_100, 15_999), (22_050, 16_000)])
  func aliasesAreRejected(_ from: Int, _ to: Int) {
    for share in [1.02, 1.1, 1.3] {
      let output = Resampler.shared(from: from, to: to)(sine(share * Double(to) / 2, rate: from))
      #expect(level(output) < -80, "\(share) of Nyquist: \(level(output)) dB")
    }
  }

  /// Images of a tone in an upsampled sound: subtracting the ideal tone leaves next to nothing.
  @Test func imagesAreRejected() {
    let output = Resampler.shared(from: 16_000, to: 44_100)(sine(5_000, rate: 16_000))
    let wanted = sine(5_000, rate: 44_100, seconds: 1.01)
    #expect(level(zip(output, wanted).map { $0 - $1 }) < -80)
  }

  @Test func equalRatesChangeNothing() {
    let samples = sine(440, rate: 16_000)
    #expect(Resampler(from: 16_000, to: 16_000)(samples) == samples)
  }

  /// 5 s of 44.1 kHz take about 3 ms in a release build; the bound leaves room for a busy machine.
  @Test func resamplingIsFast() {
    let samples = sine(440, rate: 44_100, seconds: 5)
    let resampler = Resampler.shared(from: 44_100, to: 16_000)
    let clock = ContinuousClock()
    let best = (0..<5).map { _ in clock.measure { _ = resampler(samples) } }.min() ?? .zero
    #if DEBUG
      #expect(best < .seconds(5))
    #else
      #expect(best < .milliseconds(20), "\(best)")
    #endif
  }

  @Test(.enabled(if: SharedData.isPresent, "shared data absent"))
  func agreesWithTheReferenceResampler() throws {
    let high = try AudioFile.read(SharedData.data("audio/formats/mono_44k_s24.wav"))
    let low = try AudioFile.read(SharedData.data("audio/formats/mono_16000_s16.wav"))
    let ours = high.resampled(to: 16_000)
    #expect(ours.samples.count == low.samples.count)
    let error = zip(ours.samples, low.samples).reduce(0.0) { $0 + pow(Double($1.0 - $1.1), 2) }
    let power = low.samples.reduce(0.0) { $0 + pow(Double($1), 2) }
    #expect(10 * log10(error / power) < -30, "\(10 * log10(error / power)) dB")
  }
}
