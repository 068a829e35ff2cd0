// Binary cross-entropy over the observed entries.
import CKernels

extension Tensor {
  /// Masked binary cross-entropy of logits, a scalar: the mean of
  /// −[y·ln σ(z) + (1 − y)·ln(1 − σ(z))] over the entries with `observed` 1; 0 if there are none.
  ///
  /// ```swift
  /// let logits = Tensor([2, -1, 0, 3], [2, 2])
  /// let targets = Tensor([1, 0, 1, 0], [2, 2])
  /// let observed = Tensor([1, 1, 0, 1], [2, 2])  // nobody answered the third entry
  /// let loss = logits.binaryCrossEntropy(logitsAgainst: targets, observed: observed)
  /// ```
  ///
  /// - Parameters:
  ///   - targets: y in 0...1, of the shape of the logits; soft targets are allowed.
  ///   - observed: 1 for an entry that counts, 0 for a missing label.
  public func binaryCrossEntropy(logitsAgainst targets: Tensor, observed: Tensor) -> Tensor {
    crossEntropy("bceLogits", targets, observed) { scant_bce_logits($0, $1, $2, $3, $4) }
  }

  /// Masked binary cross-entropy of probabilities, a scalar. Logarithms are limited to −100, as in
  /// PyTorch's `BCELoss`. See ``binaryCrossEntropy(logitsAgainst:observed:)``, which is more exact
  /// if there are logits.
  public func binaryCrossEntropy(probabilitiesAgainst targets: Tensor, observed: Tensor) -> Tensor {
    crossEntropy("bce", targets, observed) { scant_bce_probabilities($0, $1, $2, $3, $4) }
  }

  private func crossEntropy(
    _ name: StaticString, _ targets: Tensor, _ observed: Tensor,
    _ kernel: (Floats, Floats, Floats, UnsafeMutablePointer<Float>, Int) -> Double
  ) -> Tensor {
    precondition(
      targets.shape == shape && observed.shape == shape,
      "targets \(targets.shape) and observed \(observed.shape) for outputs \(shape)")
    let gradient = Tensor(uninitialized: shape)
    let sum = kernel(pointer, targets.pointer, observed.pointer, gradient.pointer, count)
    let entries = scant_total(observed.pointer, count)
    let share = entries > 0 ? Float(1 / entries) : 0
    return Tensor(Float(sum) * share).recorded(name, from: self) { [gradient * (share * $0.item)] }
  }
}

extension Tensor {
  /// The mean squared error between this tensor and `other`: the mean of (x − y)², a scalar.
  ///
  /// - Precondition: Both tensors have the same shape.
  public func meanSquaredError(_ other: Tensor) -> Tensor {
    precondition(shape == other.shape, "squared error between \(shape) and \(other.shape)")
    return (self - other).squared().mean()
  }

  /// The InfoNCE loss between two batches of embeddings, a scalar.
  ///
  /// The rows z of this tensor and u of `other` are scaled to length 1. The loss is the mean over i
  /// of −ln(e^(zᵢ·uᵢ/τ) / Σⱼ e^(zᵢ·uⱼ/τ)): row i of `other` is the positive, the other rows are
  /// negatives.
  ///
  /// Paper: van den Oord et al. 2018, arXiv:1807.03748.
  ///
  /// - Parameters:
  ///   - other: Embeddings [B, D], of the shape of this tensor.
  ///   - temperature: τ, above 0; a lower value stresses hard negatives.
  ///   - symmetric: Whether to average the loss with the one from u to z.
  public func infoNCE(_ other: Tensor, temperature: Float, symmetric: Bool = true) -> Tensor {
    precondition(
      shape.count == 2 && shape == other.shape && temperature > 0,
      "InfoNCE between \(shape) and \(other.shape) at temperature \(temperature)")
    let scores = l2Normalized().linear(other.l2Normalized()) / temperature
    return scores.diagonalCrossEntropy(symmetric: symmetric)
  }

  /// The mean cross-entropy of the softmax of each row of scores [B, B] against the diagonal.
  func diagonalCrossEntropy(symmetric: Bool) -> Tensor {
    let size = shape[0]
    var gradient = Tensor(uninitialized: shape)
    var loss = scant_info_nce(pointer, size, size, 1, gradient.pointer)
    if symmetric {
      let across = Tensor(uninitialized: shape)
      loss += scant_info_nce(pointer, size, 1, size, across.pointer)
      gradient = gradient + across
    }
    let share = (symmetric ? 0.5 : 1) / Float(Swift.max(size, 1))
    return Tensor(Float(loss) * share)
      .recorded("infoNCE", from: self) { [gradient] in [gradient * (share * $0.item)] }
  }

  /// The distance correlation between two batches of embeddings, a scalar in 0...1.
  ///
  /// It is mean(A∘B) / √(mean(A²)·mean(B²) + 1e-9) for the doubly centred distance matrices A of
  /// this tensor [B, D] and B of `other` [B, E]. It is 1 if the rows have the same distances up to
  /// a scale factor.
  ///
  /// Paper: Székely et al. 2007, doi:10.1214/009053607000000505.
  public func distanceCorrelation(_ other: Tensor) -> Tensor {
    precondition(shape[0] == other.shape[0], "rows of \(shape) against rows of \(other.shape)")
    let a = pairwiseDistances().doublyCentered()
    let b = other.pairwiseDistances().doublyCentered()
    let spread = (a.squared().mean() * b.squared().mean() + 1e-9).squareRoot()
    return (a * b).mean() / spread
  }

  /// [N, N] minus the means of rows and columns, plus the overall mean.
  private func doublyCentered() -> Tensor {
    self - mean([1], keepingDimensions: true) - mean([0], keepingDimensions: true) + mean()
  }
}

extension Tensor {
  /// L2 normalisation x / max(‖x‖, ε) along the last axis.
  public func l2Normalized(epsilon: Float = 1e-12) -> Tensor {
    let width = shape.last ?? 1
    let rows = width > 0 ? count / width : 0
    let y = Tensor(uninitialized: shape)
    let inverses = Tensor(uninitialized: [rows])
    scant_normalize_rows(pointer, epsilon, rows, width, y.pointer, inverses.pointer)
    return y.recorded("l2Normalized", from: self) { gradient in
      let down = Tensor(uninitialized: gradient.shape)
      scant_normalize_rows_back(
        y.pointer, inverses.pointer, gradient.pointer, epsilon, rows, width, down.pointer)
      return [down]
    }
  }

  /// The Gram matrix x·xᵀ: the products of all pairs of rows, [B, D] → [B, B].
  public func gram() -> Tensor {
    let x = detached
    return x.linear(x).recorded("gram", from: self) { gradient in
      [(gradient + gradient.transpose([1, 0])).matmul(x)]
    }
  }

  /// The cosine similarity between all pairs of rows, [B, D] → [B, B].
  public func cosineSimilarity() -> Tensor { l2Normalized().gram() }

  /// The Euclidean distances √(‖xᵢ − xⱼ‖² + ε) between all pairs of rows, [B, D] → [B, B].
  ///
  /// The gradient between equal rows is 0.
  ///
  /// - Parameter epsilon: ε, above 0.
  public func pairwiseDistances(epsilon: Float = 1e-12) -> Tensor {
    precondition(shape.count == 2, "distances between rows of \(shape); expected [B, D]")
    let (rows, width) = (shape[0], shape[1])
    let x = detached
    let y = Tensor(uninitialized: [rows, rows])
    let grain = Swift.max(1, 65_536 / Swift.max(1, rows * width))
    parallelParts(rows, grain: grain) { start, length in
      for row in start..<start + length {
        scant_distances(x.pointer, epsilon, row, rows, width, y.pointer + row * rows)
      }
    }
    return y.recorded("pairwiseDistances", from: self) { gradient in
      let down = Tensor(uninitialized: x.shape)
      parallelParts(rows, grain: grain) { start, length in
        for row in start..<start + length {
          scant_distances_back(
            x.pointer, y.pointer, gradient.pointer, row, rows, width, down.pointer + row * width)
        }
      }
      return [down]
    }
  }
}
