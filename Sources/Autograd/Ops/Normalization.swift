// Batch normalisation, with the ReLU that follows it in the same passes over memory.
// Paper: Ioffe & Szegedy 2015, arXiv:1502.03167.
import CKernels

/// What a batch normalisation found: its output and, per channel, the batch's moments.
public struct Normalized {
  public let output: Tensor
  /// [C]
  public let mean: Tensor
  /// [C], divided by the number of entries (biased).
  public let variance: Tensor
}

extension Tensor {
  /// (x − mean) / √(variance + ε) · gamma + beta per channel of [B, C, ...], with the batch's own
  /// moments, through which the gradient flows; then max(·, 0) if `relu`.
  public func batchNorm(
    _ gamma: Tensor, _ beta: Tensor, epsilon: Float, relu: Bool = false
  ) -> Normalized {
    let mean = Tensor(uninitialized: [shape[1]])
    let variance = Tensor(uninitialized: [shape[1]])
    let plan = Normalization(self)
    plan.eachChannel { channel in
      var moments = (0.0, 0.0)
      scant_moments(
        pointer, plan.images, plan.channels, plan.positions, channel, &moments.0, &moments.1)
      mean.pointer[channel] = Float(moments.0)
      variance.pointer[channel] = Float(moments.1)
    }
    let output = normalized(
      gamma, beta, mean, variance, epsilon: epsilon, relu: relu, isFixed: false)
    return Normalized(output: output, mean: mean, variance: variance)
  }

  /// The same with given moments [C], which are constants.
  public func batchNorm(
    _ gamma: Tensor, _ beta: Tensor, mean: Tensor, variance: Tensor, epsilon: Float,
    relu: Bool = false
  ) -> Tensor {
    normalized(gamma, beta, mean, variance, epsilon: epsilon, relu: relu, isFixed: true)
  }

  private func normalized(
    _ gamma: Tensor, _ beta: Tensor, _ mean: Tensor, _ variance: Tensor, epsilon: Float,
    relu: Bool, isFixed: Bool
  ) -> Tensor {
    let plan = Normalization(self)
    let y = Tensor(uninitialized: shape)
    plan.eachChannel { c in
      let scale = gamma.pointer[c] / (variance.pointer[c] + epsilon).squareRoot()
      scant_normalize(
        pointer, plan.images, plan.channels, plan.positions, c, scale,
        beta.pointer[c] - mean.pointer[c] * scale, relu ? 1 : 0, y.pointer)
    }
    let back = NormalizationSlopes(
      plan: plan, x: detached, output: relu ? y : nil, gamma: gamma.detached, mean: mean,
      variance: variance, epsilon: epsilon, isFixed: isFixed)
    return y.recorded("batchNorm", from: self, gamma, beta) { back($0, self.needsGradient) }
  }
}

/// [B, C, ...] seen as [B, C, P].
private struct Normalization: Sendable {
  let images: Int
  let channels: Int
  let positions: Int

  init(_ x: Tensor) {
    images = x.shape[0]
    channels = x.shape[1]
    positions = x.shape[2...].reduce(1, *)
  }

  var entries: Int { images * positions }

  func eachChannel(_ body: @Sendable (Int) -> Void) {
    let grain = Swift.max(1, 16_384 / Swift.max(1, entries))
    parallelParts(channels, grain: grain) { start, length in
      for channel in start..<start + length { body(channel) }
    }
  }
}

private struct NormalizationSlopes: Sendable {
  let plan: Normalization
  let x: Tensor
  let output: Tensor?  // where a ReLU followed
  let gamma, mean, variance: Tensor
  let epsilon: Float
  let isFixed: Bool  // the moments are constants

  /// With g the slope, x̂ the normalised input and N entries a channel:
  /// dx = γ/σ · (g − Σg/N − x̂·Σ(g·x̂)/N), dγ = Σ g·x̂, dβ = Σ g; constants: dx = γ/σ · g.
  func callAsFunction(_ slope: Tensor, _ isInputWanted: Bool) -> [Tensor?] {
    let dx = isInputWanted ? Tensor(uninitialized: x.shape) : nil
    let dGamma = Tensor(uninitialized: gamma.shape)
    let dBeta = Tensor(uninitialized: gamma.shape)
    plan.eachChannel { c in
      let center = mean.pointer[c]
      let inverse = 1 / (Double(variance.pointer[c]) + Double(epsilon)).squareRoot()
      var sums = [0.0, 0.0]
      scant_normalize_sums(
        x.pointer, slope.pointer, output?.pointer, plan.images, plan.channels, plan.positions,
        c, center, &sums)
      dBeta.pointer[c] = Float(sums[0])
      dGamma.pointer[c] = Float(sums[1] * inverse)
      guard let dx else { return }
      let a = Double(gamma.pointer[c]) * inverse
      let k = isFixed ? 0 : -a * inverse * inverse * sums[1] / Double(plan.entries)
      let m = isFixed ? 0 : -a * sums[0] / Double(plan.entries)
      scant_normalize_back(
        x.pointer, slope.pointer, output?.pointer, plan.images, plan.channels, plan.positions,
        c, center, Float(a), Float(k), Float(m), dx.pointer)
    }
    return [dx, dGamma, dBeta]
  }
}
