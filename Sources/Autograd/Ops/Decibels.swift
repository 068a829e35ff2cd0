// Decibels.
import CKernels

extension Tensor {
  /// Power in dB re 1: 10·log₁₀(max(x, floor)). The gradient below `floor` is 0.
  public func decibels(floor: Float = 1e-10) -> Tensor {
    precondition(floor >= .leastNormalMagnitude, "floor \(floor); expected a power above 0")
    let x = detached
    return map { scant_decibels($0, floor, $1, $2) }.recorded("decibels", from: self) {
      [x.pulled($0) { scant_decibels_back($0, floor, $1, $2, $3) }]
    }
  }
}
