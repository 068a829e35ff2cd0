// Losses that compare a batch of embeddings with a batch of features.
import CKernels

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
    let gradient = Tensor(uninitialized: shape)
    let rows = scant_info_nce(pointer, size, size, 1, gradient.pointer)
    let share = 1 / Float(Swift.max(size, 1))
    guard symmetric else {
      return Tensor(Float(rows) * share).recorded("infoNCE", from: self) {
        [gradient * (share * $0.item)]
      }
    }
    let across = Tensor(uninitialized: shape)
    let columns = scant_info_nce(pointer, size, 1, size, across.pointer)
    return Tensor(Float(rows + columns) * share / 2).recorded("infoNCE", from: self) {
      [(gradient + across) * (share * $0.item / 2)]
    }
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
