// Absolute values, squares and roots.
import CKernels

extension Tensor {
  /// |x|; gradient 0 at 0.
  public func abs() -> Tensor {
    let x = detached
    return map { scant_abs($0, $1, $2) }.recorded("abs", from: self) {
      [x.pulled($0) { scant_abs_back($0, $1, $2, $3) }]
    }
  }

  /// x²
  public func squared() -> Tensor {
    let x = detached
    return (x * x).recorded("squared", from: self) { [$0 * x * 2] }
  }

  /// √x for x ≥ 0; the gradient at 0 is infinite.
  public func squareRoot() -> Tensor {
    let y = map { scant_sqrt($0, $1, $2) }
    return y.recorded("squareRoot", from: self) { [$0 / (y * 2)] }
  }
}
