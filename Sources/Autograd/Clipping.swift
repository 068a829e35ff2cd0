// The norm of the gradients, gradient clipping, and the cosine between two sets of gradients.
import CKernels

extension Gradients {
  /// The L2 norm √Σ g² over the gradients of `parameters`.
  ///
  /// A parameter without a gradient counts as 0. The sum runs in the order of `parameters`. The
  /// norm is not finite if any gradient is not finite.
  public func norm(of parameters: [Parameter]) -> Double {
    parameters.reduce(0) { sum, parameter in
      guard let gradient = self[parameter] else { return sum }
      return sum + scant_square_total(gradient.pointer, gradient.count)
    }.squareRoot()
  }

  /// Clips the gradients by their L2 norm, as PyTorch's `clip_grad_norm_` does: if the norm over
  /// `parameters` exceeds `limit`, every gradient is scaled by limit / (norm + 1e-6).
  ///
  /// - Returns: The norm before clipping. If it is not finite, nothing changes and the caller
  ///   should skip the step.
  public mutating func clip(norm limit: Double, of parameters: [Parameter]) -> Double {
    let norm = norm(of: parameters)
    if norm.isFinite, norm + 1e-6 > limit {
      let factor = Float(limit / (norm + 1e-6))
      replace { $0 * factor }
    }
    return norm
  }

  /// Clips every value to ±`limit`. NaN stays NaN.
  public mutating func clip(values limit: Float) { replace { $0.clamp(-limit, limit) } }
}

extension Gradients {
  /// The cosine of the angle between these gradients and `other` over `parameters`.
  ///
  /// A parameter that has no gradient in one of the two counts as 0 there.
  ///
  /// - Returns: A value in -1...1; nil if one of the two norms is 0.
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
