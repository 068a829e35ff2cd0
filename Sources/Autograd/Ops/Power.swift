// Absolute values, squares and square roots.
import CKernels

extension Tensor {
  /// The absolute value |x|. The gradient at 0 is 0.
  public func abs() -> Tensor {
    let x = detached
    return map { scant_abs($0, $1, $2) }.recorded("abs", from: self) {
      [x.pulled($0) { scant_abs_back($0, $1, $2, $3) }]
    }
  }

  /// The square x².
  public func squared() -> Tensor {
    let x = detached
    return (x * x).recorded("squared", from: self) { [$0 * x * 2] }
  }

  /// The square root √x for x ≥ 0. The gradient at 0 is infinite.
  public func squareRoot() -> Tensor {
    let y = map { scant_sqrt($0, $1, $2) }
    return y.recorded("squareRoot", from: self) { [$0 / (y * 2)] }
  }
}
