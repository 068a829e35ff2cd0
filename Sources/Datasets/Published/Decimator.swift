// Halves a sampling rate without aliasing; Band's way from 32 to 16 kHz. BAND §2.8.
import Foundation

enum Decimator {
  /// Low-pass at 7.2 kHz for samples at 32 kHz: a sinc of 63 taps under a Hamming window, gain 1
  /// at 0 Hz. Symmetric: tap 31 is the centre.
  static let taps: [Float] = {
    let cutoff = 7_200.0 / 32_000
    let raw = (0..<63).map { i -> Double in
      let x = Double(i - 31)
      let sinc = x == 0 ? 2 * cutoff : sin(2 * .pi * cutoff * x) / (.pi * x)
      return sinc * (0.54 - 0.46 * cos(2 * .pi * Double(i) / 62))
    }
    let sum = raw.reduce(0, +)
    return raw.map { Float($0 / sum) }
  }()

  /// Every second sample of the filtered sound, in step with the input; silence lies around it.
  ///
  /// One pass a tap over contiguous samples of one parity, so that the loops vectorise.
  static func half(_ samples: [Float], count: Int) -> [Float] {
    let margin = [Float](repeating: 0, count: 32)
    let padded = margin.dropFirst() + samples + margin + margin
    let parity = [0, 1].map { first in
      stride(from: first, to: padded.count, by: 2).map { padded[$0] }
    }
    var output = [Float](repeating: 0, count: count)
    for (k, tap) in taps.enumerated() {
      add(tap, times: parity[k % 2], from: k / 2, to: &output)
    }
    return output
  }

  private static func add(
    _ tap: Float, times input: [Float], from offset: Int, to output: inout [Float]
  ) {
    let count = min(output.count, input.count - offset)
    for i in 0..<max(0, count) { output[i] += tap * input[offset + i] }
  }
}
