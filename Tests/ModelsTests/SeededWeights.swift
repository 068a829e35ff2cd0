// Weights that script/golden/extractors.py makes too.
import Autograd
import Foundation

enum Seeded {
  /// Value i of a stream is the (i + 1)th number of SplitMix64 from 1000 · stream, its upper 24 bits
  /// as a number in -1...1.
  static func uniform(_ stream: Int, _ count: Int) -> [Float] {
    var state = UInt64(1000 * stream)
    return [Float](unsafeUninitializedCapacity: count) { buffer, filled in
      for index in 0..<count {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        buffer[index] = Float((z ^ (z >> 31)) >> 40) / Float(1 << 23) - 1
      }
      filled = count
    }
  }

  /// The same times √(6 / fanIn), plus `offset`.
  static func fill(
    _ stream: Int, _ shape: [Int], fanIn: Int, offset: Float = 0
  ) -> Tensor {
    let scale = Float((6 / Double(fanIn)).squareRoot())
    let values = uniform(stream, shape.reduce(1, *))
    return Tensor(values.map { $0 * scale + offset }, shape)
  }
}
