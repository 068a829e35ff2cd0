// Layer normalisation over the last axis.
import CKernels

extension Tensor {
  /// Layer normalisation over the last axis of [..., D]: (x − mean) / √(variance + ε) · γ + β with
  /// the mean and the variance of each row. Paper: Ba, Kiros & Hinton 2016, arXiv:1607.06450.
  ///
  /// - Parameters:
  ///   - gamma: γ, [D].
  ///   - beta: β, [D].
  ///   - epsilon: ε.
  public func layerNorm(_ gamma: Tensor, _ beta: Tensor, epsilon: Float) -> Tensor {
    let width = gamma.count
    precondition(
      shape.last == width && beta.count == width,
      "layer norm of \(shape) with \(gamma.shape) and \(beta.shape)")
    let result = Tensor(uninitialized: shape)
    let moments = Storage(2 * count / width)
    eachRows(of: width) { start, rows in
      let at = start * width
      scant_layer_norm(
        pointer + at, gamma.pointer, beta.pointer, epsilon, rows, width, result.pointer + at,
        moments.pointer + 2 * start)
    }
    let (x, scale) = (detached, gamma.detached)
    let isInputWanted = needsGradient
    let areSumsWanted = gamma.needsGradient || beta.needsGradient
    return result.recorded("layerNorm", from: self, gamma, beta) { gradient in
      layerNormGradients(x, moments, scale, gradient, isInputWanted, areSumsWanted)
    }
  }
}

/// dx, dγ and dβ. Rows are summed in fixed groups, then the groups in order.
private func layerNormGradients(
  _ x: Tensor, _ moments: Storage, _ gamma: Tensor, _ gradient: Tensor, _ isInputWanted: Bool,
  _ areSumsWanted: Bool
) -> [Tensor?] {
  let width = gamma.count
  let rows = x.count / max(width, 1)
  let groups = max(1, (rows + 127) / 128)
  let dx = isInputWanted ? Tensor(uninitialized: x.shape) : nil
  let sums = areSumsWanted ? Tensor.zeros([groups, 2, width]) : nil
  parallelParts(rows, grain: 128) { start, length in
    let at = start * width
    scant_layer_norm_back(
      x.pointer + at, moments.pointer + 2 * start, gamma.pointer, gradient.pointer + at, length,
      width, dx.map { $0.pointer + at }, sums.map { $0.pointer + start / 128 * 2 * width })
  }
  guard let sums else { return [dx, nil, nil] }
  let total = Tensor(uninitialized: [2, width])
  withExtendedLifetime(sums) {
    scant_sum_rows(sums.pointer, groups, 2 * width, total.pointer)
  }
  return [
    dx, total.slice(0, 0..<1).reshape(gamma.shape), total.slice(0, 1..<2).reshape(gamma.shape),
  ]
}
