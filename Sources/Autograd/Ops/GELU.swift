// The Gaussian error linear unit.
import CKernels

extension Tensor {
  /// The Gaussian error linear unit x·Φ(x), with the exact normal distribution function instead of
  /// its tanh approximation. Paper: Hendrycks & Gimpel 2016, arXiv:1606.08415.
  public func gelu() -> Tensor {
    let result = Tensor(uninitialized: shape)
    parallelParts(count, grain: 8192) { start, length in
      scant_gelu(pointer + start, result.pointer + start, length)
    }
    let x = detached
    return result.recorded("gelu", from: self) { [x.geluGradient($0)] }
  }

  /// dx from the gradient of gelu(x), where x is this tensor.
  func geluGradient(_ gradient: Tensor) -> Tensor {
    let result = Tensor(uninitialized: shape)
    parallelParts(count, grain: 8192) { start, length in
      scant_gelu_back(pointer + start, gradient.pointer + start, result.pointer + start, length)
    }
    return result
  }
}
