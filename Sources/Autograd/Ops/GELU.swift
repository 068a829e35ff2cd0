// The Gaussian error linear unit.
import CKernels

extension Tensor {
  /// x·Φ(x) with the normal distribution function itself, not its tanh approximation.
  /// Paper: Hendrycks & Gimpel 2016, arXiv:1606.08415.
  public func gelu() -> Tensor {
    let result = Tensor(uninitialized: shape)
    parallelParts(count, grain: 8192) { start, length in
      scant_gelu(pointer + start, result.pointer + start, length)
    }
    let x = detached
    return result.recorded("gelu", from: self) { [x.geluGradient($0)] }
  }

  /// dx from the gradient of GELU of this.
  func geluGradient(_ gradient: Tensor) -> Tensor {
    let result = Tensor(uninitialized: shape)
    parallelParts(count, grain: 8192) { start, length in
      scant_gelu_back(pointer + start, gradient.pointer + start, result.pointer + start, length)
    }
    return result
  }
}
