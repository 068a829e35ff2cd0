// Dense layers, with bias, residual and GELU in one pass over the result.
import CKernels

extension Tensor {
  /// A dense layer: x·Wᵀ + b, [..., K] → [..., N].
  ///
  /// Gradients are computed only for tensors that need them: a frozen weight costs no product.
  ///
  /// - Parameters:
  ///   - weight: W, [N, K].
  ///   - bias: b, [N]; nil for none.
  ///   - residual: Added to the result; of the result's shape [..., N].
  ///   - gelu: Whether GELU follows, after the residual.
  ///   - precision: The precision of the products.
  public func linear(
    _ weight: Tensor, _ bias: Tensor? = nil, adding residual: Tensor? = nil, gelu: Bool = false,
    precision: Precision = .fp32
  ) -> Tensor {
    LinearOp(inputs: self, weights: [weight], biases: [bias], precision: precision)
      .callAsFunction(residual: residual, gelu: gelu)
  }

  /// Several dense layers of the same input, with their results side by side: [..., K] →
  /// [..., Σ Nᵢ] for weights [Nᵢ, K].
  public func linear(
    _ layers: [(weight: Tensor, bias: Tensor?)], precision: Precision = .fp32
  ) -> Tensor {
    LinearOp(
      inputs: self, weights: layers.map(\.weight), biases: layers.map(\.bias),
      precision: precision
    ).callAsFunction(residual: nil, gelu: false)
  }
}

/// One application of dense layers to x, seen as [M, K].
private struct LinearOp {
  let inputs: Tensor
  let weights: [Tensor]
  let biases: [Tensor?]
  let precision: Precision

  private var k: Int { inputs.shape.last ?? 1 }
  private var m: Int { inputs.count / max(k, 1) }
  private var n: Int { weights.map { $0.shape[0] }.reduce(0, +) }

  func callAsFunction(residual: Tensor?, gelu: Bool) -> Tensor {
    for weight in weights {
      precondition(
        weight.shape.count == 2 && weight.shape[1] == k,
        "linear layer of \(weight.shape) on \(inputs.shape)")
    }
    let output = Tensor(uninitialized: inputs.shape.dropLast() + [n])
    precondition(
      residual.map { $0.shape == output.shape } ?? true,
      "residual of \(residual?.shape ?? []) on \(output.shape)")
    let sources = [inputs] + weights + biases.compactMap { $0 } + (residual.map { [$0] } ?? [])
    // The backward pass needs the input of GELU. Without a backward pass it may be overwritten.
    let isKept = gelu && sources.contains(where: \.needsGradient)
    let activated = gelu ? (isKept ? Tensor(uninitialized: output.shape) : output) : nil
    let matrices = matrices()
    multiply(matrices, into: output, residual, activated)
    let back = LinearGradients(
      x: weights.contains(where: \.needsGradient) ? inputs.detached : nil,
      inputs: inputs.needsGradient ? inputs.shape : nil, weights: weights, biases: biases,
      matrices: matrices.map(\.weight), hasResidual: residual != nil,
      beforeGELU: isKept ? output : nil, precision: precision)
    return (activated ?? output).recorded("linear", from: sources) { back($0) }
  }

  /// The matrices to multiply x with. Small weights are concatenated, so that x is read once.
  private func matrices() -> [(weight: Tensor, bias: Tensor?)] {
    let layers = zip(weights, biases).map { ($0.detached, $1?.detached) }
    guard weights.count > 1, 2 * n <= m else { return layers }
    let shifts = layers.map { weight, bias in bias ?? .zeros([weight.shape[0]]) }
    return [(Tensor.concat(layers.map(\.0), axis: 0), Tensor.concat(shifts, axis: 0))]
  }

  private func multiply(
    _ matrices: [(weight: Tensor, bias: Tensor?)], into output: Tensor, _ residual: Tensor?,
    _ activated: Tensor?
  ) {
    var column = 0
    for (weight, bias) in matrices {
      var product = MatrixProduct(
        m, weight.shape[0], k, MatrixView(inputs, width: k),
        MatrixView(weight, width: k).transposed, into: output.pointer + column, width: n,
        precision: precision)
      product.finish(bias: bias, residual: residual, activated: activated, column: column)
      product.run()
      column += weight.shape[0]
    }
  }
}

/// The gradients of one application. It keeps only what they need.
private struct LinearGradients {
  let x: Tensor?  // if a weight needs a gradient
  let inputs: [Int]?  // the shape of x, if x needs a gradient
  let weights: [Tensor]
  let biases: [Tensor?]
  let matrices: [Tensor]  // the weights, as `matrices()` concatenated them
  let hasResidual: Bool
  let beforeGELU: Tensor?
  let precision: Precision

  private var n: Int { weights.map { $0.shape[0] }.reduce(0, +) }
  private var k: Int { weights[0].shape[1] }

  /// The gradients in the order of the sources: inputs, weights, biases if present, residual.
  func callAsFunction(_ gradient: Tensor) -> [Tensor?] {
    let down = beforeGELU.map { $0.geluGradient(gradient) } ?? gradient
    var columns: [Int] = [0]
    for weight in weights { columns.append((columns.last ?? 0) + weight.shape[0]) }
    var gradients = [inputs.map { inputGradient(down, $0) }]
    gradients += weightGradients(down, columns)
    for (index, bias) in biases.enumerated() {
      guard let bias else { continue }
      let wanted = bias.needsGradient
      gradients.append(wanted ? down.columnSums(columns[index], bias.count, of: n) : nil)
    }
    return gradients + (hasResidual ? [down] : [])
  }

  /// Σ dyᵢ·Wᵢ
  private func inputGradient(_ down: Tensor, _ shape: [Int]) -> Tensor {
    let result = Tensor(uninitialized: shape)
    var column = 0
    for matrix in matrices {
      MatrixProduct(
        down.count / n, k, matrix.shape[0], MatrixView(down, width: n, column: column),
        MatrixView(matrix, width: k), into: result.pointer, width: k, adds: column > 0,
        precision: precision
      ).run()
      column += matrix.shape[0]
    }
    return result
  }

  /// dyᵢᵀ·x, in one product if all weights need a gradient.
  private func weightGradients(_ down: Tensor, _ columns: [Int]) -> [Tensor?] {
    guard weights.allSatisfy(\.needsGradient) else {
      return weights.indices.map { index in
        weights[index].needsGradient
          ? weightGradient(down, columns[index], weights[index].shape[0]) : nil
      }
    }
    let joined = weightGradient(down, 0, n)
    guard weights.count > 1 else { return [joined] }
    return weights.indices.map { joined?.slice(0, columns[$0]..<columns[$0 + 1]) }
  }

  private func weightGradient(_ down: Tensor, _ column: Int, _ count: Int) -> Tensor? {
    guard let x else { return nil }
    let result = Tensor(uninitialized: [count, k])
    MatrixProduct(
      count, k, down.count / n, MatrixView(down, width: n, column: column).transposed,
      MatrixView(x, width: k), into: result.pointer, width: k, precision: precision
    ).run()
    return result
  }
}

extension Tensor {
  /// The sums of the columns column..<column + count of this tensor, viewed as [M, width]. Rows are
  /// summed in fixed groups, then the groups in order.
  func columnSums(_ column: Int, _ count: Int, of width: Int) -> Tensor {
    let rows = self.count / Swift.max(width, 1)
    let part = partLength(rows, grain: 256)
    let groups = Swift.max(1, (rows + part - 1) / part)
    let result = Tensor(uninitialized: [count])
    Storage.scratch(groups * count) { parts in
      // Safe: each group writes only its own part.
      nonisolated(unsafe) let parts = parts
      parallelParts(rows, grain: part) { start, length in
        scant_column_sums(
          pointer + start * width + column, width, length, count, parts + start / part * count)
      }
      scant_sum_rows(parts, groups, count, result.pointer)
    }
    return result
  }
}

extension Tensor {
  /// The matrix product of this tensor [M, K] and `other` [K, N] → [M, N].
  public func matmul(_ other: Tensor, precision: Precision = .fp32) -> Tensor {
    precondition(
      shape.count == 2 && other.shape.count == 2 && shape[1] == other.shape[0],
      "matrix product of \(shape) and \(other.shape)")
    let (m, k, n) = (shape[0], shape[1], other.shape[1])
    let (a, b) = (detached, other.detached)
    func product(_ rows: Int, _ columns: Int, _ inner: Int, _ x: MatrixView, _ y: MatrixView)
      -> Tensor
    {
      let result = Tensor(uninitialized: [rows, columns])
      guard inner > 0 else { return .zeros([rows, columns]) }
      MatrixProduct(
        rows, columns, inner, x, y, into: result.pointer, width: columns, precision: precision
      ).run()
      return result
    }
    let result = product(m, n, k, MatrixView(a, width: k), MatrixView(b, width: n))
    let (isLeftWanted, isRightWanted) = (needsGradient, other.needsGradient)
    return result.recorded("matmul", from: self, other) { gradient in
      let down = MatrixView(gradient, width: n)
      return [
        isLeftWanted ? product(m, k, n, down, MatrixView(b, width: n).transposed) : nil,
        isRightWanted ? product(k, n, m, MatrixView(a, width: k).transposed, down) : nil,
      ]
    }
  }
}
