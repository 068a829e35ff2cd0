// Batch normalisation, fused with the operations that usually follow it: the addition of a
// residual, ReLU, max-pooling and dropout. Paper: Ioffe & Szegedy 2015, arXiv:1502.03167.
import CKernels

/// The result of a batch normalisation: the output and the batch statistics per channel.
public struct Normalized {
  /// The normalised tensor, after the epilogue.
  public let output: Tensor
  /// The batch mean, [C].
  public let mean: Tensor
  /// The biased batch variance, [C].
  public let variance: Tensor
}

/// The operations fused into a batch normalisation. They apply in the order of the properties.
public struct Epilogue {
  /// A residual to add, of the shape of the normalised tensor; nil for none.
  public var adding: Tensor?
  /// Whether to apply ReLU.
  public var relu: Bool
  /// The size of the windows for max-pooling without overlap, for [B, H, W, C] only; nil for none.
  public var pool: Extent?
  /// The draw for dropout; nil for none. Dropout requires a ReLU and excludes a residual and
  /// pooling, so that the output shows which values passed both.
  public var dropout: DropoutDraw?

  /// The operations to fuse; none by default.
  ///
  /// - Precondition: Dropout comes with a ReLU, without a residual and without pooling.
  public init(
    adding: Tensor? = nil, relu: Bool = false, pool: Extent? = nil, dropout: DropoutDraw? = nil
  ) {
    precondition(
      dropout == nil || relu && adding == nil && pool == nil,
      "dropout follows a ReLU without addition and pooling")
    (self.adding, self.relu, self.pool, self.dropout) = (adding, relu, pool, dropout)
  }
}

extension Tensor {
  /// Batch normalisation per channel of [..., C] with batch statistics, through which gradients
  /// flow: (x − mean) / √(variance + ε) · γ + β, then `epilogue`.
  ///
  /// Paper: Ioffe & Szegedy 2015, arXiv:1502.03167.
  ///
  /// - Parameters:
  ///   - gamma: γ, [C].
  ///   - beta: β, [C].
  ///   - epsilon: ε.
  ///   - epilogue: The operations that follow.
  public func batchNorm(
    _ gamma: Tensor, _ beta: Tensor, epsilon: Float, _ epilogue: Epilogue = Epilogue()
  ) -> Normalized {
    let (mean, variance) = channelMoments()
    let output = normalized(gamma, beta, mean, variance, epsilon, epilogue, isFixed: false)
    return Normalized(output: output, mean: mean, variance: variance)
  }

  /// Batch normalisation per channel of [..., C] with given statistics, which are constants.
  ///
  /// - Parameters:
  ///   - gamma: γ, [C].
  ///   - beta: β, [C].
  ///   - mean: The mean, [C].
  ///   - variance: The variance, [C].
  ///   - epsilon: ε.
  ///   - epilogue: The operations that follow.
  public func batchNorm(
    _ gamma: Tensor, _ beta: Tensor, mean: Tensor, variance: Tensor, epsilon: Float,
    _ epilogue: Epilogue = Epilogue()
  ) -> Tensor {
    normalized(gamma, beta, mean, variance, epsilon, epilogue, isFixed: true)
  }

  private func normalized(
    _ gamma: Tensor, _ beta: Tensor, _ mean: Tensor, _ variance: Tensor, _ epsilon: Float,
    _ epilogue: Epilogue, isFixed: Bool
  ) -> Tensor {
    precondition(
      shape.last == gamma.count && (epilogue.adding.map { $0.shape == shape } ?? true),
      "batch norm of \(shape) with \(gamma.count) channels, adding \(epilogue.adding?.shape ?? [])")
    var back = NormalizationGradients(
      x: detached, gamma: gamma.detached, beta: beta.detached, mean: mean, variance: variance,
      epsilon: epsilon, isFixed: isFixed, hasReLU: epilogue.relu,
      passedScale: epilogue.dropout?.scale ?? 1, hasAddition: epilogue.adding != nil)
    let scale = gamma.detached / (variance + epsilon).squareRoot()
    let shift = beta.detached - mean * scale
    let y =
      epilogue.pool.map { pooled(scale, shift, epilogue, $0, &back) }
      ?? applied(scale, shift, epilogue)
    back.output = epilogue.relu || epilogue.pool != nil ? y : nil
    let added = epilogue.adding ?? .zeros([0])
    return y.recorded("batchNorm", from: self, gamma, beta, added) { [back] gradient in
      back(gradient, input: self.needsGradient, added: added.needsGradient)
    }
  }

  private func applied(_ scale: Tensor, _ shift: Tensor, _ epilogue: Epilogue) -> Tensor {
    let y = Tensor(uninitialized: shape)
    let added = epilogue.adding?.detached
    let relu: Int32 = epilogue.relu ? 1 : 0
    let draw = epilogue.dropout
    eachRows { start, rows, channels in
      let at = start * channels
      scant_normalize(
        pointer + at, rows, channels, scale.pointer, shift.pointer,
        added.map { $0.pointer + at }, relu, y.pointer + at)
      if let draw {
        scant_drop(y.pointer + at, draw.seed, at, draw.rate, rows * channels)
      }
    }
    return y
  }

  private func pooled(
    _ scale: Tensor, _ shift: Tensor, _ epilogue: Epilogue, _ window: Extent,
    _ back: inout NormalizationGradients
  ) -> Tensor {
    let plan = PooledRows(shape, window, relu: epilogue.relu)
    let y = Tensor(uninitialized: plan.shape)
    let winners = Storage((y.count + 3) / 4)
    let added = epilogue.adding?.detached
    plan.each { plan, row in
      scant_normalize_pool(
        plan, pointer, added?.pointer, scale.pointer, shift.pointer, y.pointer, winners.bytes,
        row)
    }
    back.pooling = (plan, winners)
    return y
  }

  /// Calls `body` with ranges of rows of this tensor [..., C], viewed as [rows, C].
  func eachRows(_ body: @Sendable (_ start: Int, _ rows: Int, _ channels: Int) -> Void) {
    let channels = Swift.max(1, shape.last ?? 1)
    let rows = count / channels
    parallelParts(rows, grain: rowsOfAPart) { body($0, $1, channels) }
  }

  /// The rows per part: more for larger tensors, so that there are few partial sums; a multiple of
  /// 32, as dropout requires.
  var rowsOfAPart: Int {
    let channels = Swift.max(1, shape.last ?? 1)
    let rows = count / channels
    let grain = Swift.max(1, 32_768 / channels, rows / 64)
    return partLength(rows, grain: (grain + 31) / 32 * 32)
  }
}

/// The rows of pooling windows of images [B, H, W, C].
struct PooledRows: Sendable {
  let geometry: scant_pooled
  let shape: [Int]

  init(_ input: [Int], _ window: Extent, relu: Bool) {
    precondition(
      input.count == 4 && window.height <= input[1] && window.width <= input[2]
        && window.height * window.width < Int(SCANT_NOBODY),
      "pooling over \(window) of \(input)")
    let (height, width) = (input[1] / window.height, input[2] / window.width)
    geometry = scant_pooled(
      height: input[1], width: input[2], channels: input[3], kernel_height: window.height,
      kernel_width: window.width, out_height: height, out_width: width, relu: relu ? 1 : 0)
    shape = [input[0], height, width, input[3]]
  }

  var rows: Int { shape[0] * shape[1] }
  var rowsOfAPart: Int {
    let cost = geometry.kernel_height * geometry.width * geometry.channels
    return partLength(rows, grain: Swift.max(1, 32_768 / Swift.max(1, cost), rows / 64))
  }

  func each(_ body: @Sendable (UnsafePointer<scant_pooled>, Int) -> Void) {
    parallelParts(rows, grain: rowsOfAPart) { start, length in
      withUnsafePointer(to: geometry) { plan in
        for row in start..<start + length { body(plan, row) }
      }
    }
  }
}

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
  return [dx] + [0, 1].map { total.slice(0, $0..<$0 + 1).reshape(gamma.shape) }
}
