// Batch normalisation, with what usually follows it in the same passes over memory: the addition of
// a residual, a ReLU, max-pooling and dropout.
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

/// What is done to normalised values before they are written, in this order.
public struct Epilogue {
  /// Added, of the normalised tensor's shape; nil: nothing.
  public var adding: Tensor?
  /// Whether max(·, 0) follows.
  public var relu: Bool
  /// The maximum over windows that do not overlap; [B, H, W, C] only; nil: all values stay.
  public var pool: Extent?

  /// Values hidden after a ReLU; alone with it, so that the output tells what passed both.
  public var dropout: DropoutDraw?

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
  /// (x − mean) / √(variance + ε) · gamma + beta per channel of [..., C], with the batch's own
  /// moments, through which the gradient flows; then `epilogue`.
  public func batchNorm(
    _ gamma: Tensor, _ beta: Tensor, epsilon: Float, _ epilogue: Epilogue = Epilogue()
  ) -> Normalized {
    let (mean, variance) = channelMoments()
    let output = normalized(gamma, beta, mean, variance, epsilon, epilogue, isFixed: false)
    return Normalized(output: output, mean: mean, variance: variance)
  }

  /// The same with given moments [C], which are constants.
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
    let y: Tensor
    if let pool = epilogue.pool {
      y = pooled(scale, shift, epilogue, pool, &back)
    } else {
      y = applied(scale, shift, epilogue)
    }
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

  /// Calls `body` with ranges of rows of this [..., C] seen as [rows, C].
  func eachRows(_ body: @Sendable (_ start: Int, _ rows: Int, _ channels: Int) -> Void) {
    let channels = Swift.max(1, shape.last ?? 1)
    let rows = count / channels
    parallelParts(rows, grain: rowsOfAPart) { body($0, $1, channels) }
  }

  /// Parts grow with the tensor, so that partial sums stay few; multiples of 32, as dropout asks.
  var rowsOfAPart: Int {
    let channels = Swift.max(1, shape.last ?? 1)
    let rows = count / channels
    let grain = Swift.max(1, 32_768 / channels, rows / 64)
    return partLength(rows, grain: (grain + 31) / 32 * 32)
  }
}

/// The rows of windows of a stack of images [B, H, W, C].
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
