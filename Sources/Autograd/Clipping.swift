// The length of all gradients together, and limits on it.
import CKernels

extension Gradients {
  /// √Σ g² over the gradients of `parameters`, summed in their order; parameters without one count
  /// as 0. Not finite where some gradient is not.
  public func norm(of parameters: [Parameter]) -> Double {
    parameters.reduce(0) { sum, parameter in
      guard let slope = self[parameter] else { return sum }
      return sum + scant_square_total(slope.pointer, slope.count)
    }.squareRoot()
  }

  /// Scales all gradients by limit / (norm + 1e-6) where their norm over `parameters` exceeds
  /// `limit`, as PyTorch's `clip_grad_norm_` does. Returns the norm before; where that is not
  /// finite nothing changes, and the caller should not take the step.
  public mutating func clip(norm limit: Double, of parameters: [Parameter]) -> Double {
    let norm = norm(of: parameters)
    if norm.isFinite, norm + 1e-6 > limit {
      let factor = Float(limit / (norm + 1e-6))
      replace { $0 * factor }
    }
    return norm
  }

  /// Limits every entry to ±`limit`; entries that are no numbers stay so.
  public mutating func clip(values limit: Float) { replace { $0.clamp(-limit, limit) } }
}

extension Gradients {
  /// Cosine of the angle between these gradients and `other`'s over `parameters`; nil where one of
  /// them is 0. A parameter that one of the two does not reach adds nothing.
  public func cosine(with other: Gradients, over parameters: [Parameter]) -> Double? {
    var (product, own, others) = (0.0, 0.0, 0.0)
    for parameter in parameters {
      let (a, b) = (self[parameter], other[parameter])
      if let a { own += scant_square_total(a.pointer, a.count) }
      if let b { others += scant_square_total(b.pointer, b.count) }
      if let a, let b { product += Double((a * b).sum().item) }
    }
    return own > 0 && others > 0 ? product / (own * others).squareRoot() : nil
  }
}
