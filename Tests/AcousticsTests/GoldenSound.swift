// The sound that script/golden/frontends.py computes too.
import Acoustics
import Formats
import Foundation
import TestSupport
import Testing

enum Golden {
  /// Numbers that the script wrote.
  static func read(_ name: String) throws -> (shape: [Int], values: [Float]) {
    try NPY.read(
      SharedData.packageRoot.appendingPathComponent("Tests/Golden/FrontEnds/\(name).npy"))
  }

  /// A wavering tone that swells twice a second, and a little noise.
  static func sound(_ rate: Int, seconds: Int) -> Waveform {
    var state: UInt64 = 7
    let samples = (0..<rate * seconds).map { n in
      let t = Double(n) / Double(rate)
      let tone = sin(2 * .pi * 220 * t + 3 * sin(2 * .pi * 3 * t))
      let high = 0.25 * sin(2 * .pi * (1500 + 1500 * t) * t)
      let swell = 0.1 + 0.9 * (2 * t - floor(2 * t))
      return Float(0.4 * swell * (tone + high) + 0.02 * noise(&state))
    }
    return Waveform(samples: samples, sampleRate: rate)
  }

  /// SplitMix64, its upper 24 bits as a number in -1...1.
  private static func noise(_ state: inout UInt64) -> Double {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Double((z ^ (z >> 31)) >> 40) / Double(1 << 23) - 1
  }

  /// Expects `picture`, every `step`th frame of it, to be the file's numbers.
  static func expect(
    _ spectrogram: Spectrogram, _ name: String, every step: Int = 1, relative: Float = 0,
    absolute: Float, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let wanted = try read(name)
    let frames = Array(stride(from: 0, to: spectrogram.frames, by: step))
    #expect(wanted.shape == [spectrogram.bands, frames.count], sourceLocation: sourceLocation)
    let ours = (0..<spectrogram.bands).flatMap { band in frames.map { spectrogram[band, $0] } }
    expectClose(
      ours, wanted.values, relative: relative, absolute: absolute, sourceLocation: sourceLocation)
  }
}
