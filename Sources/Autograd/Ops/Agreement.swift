// Losses that compare a batch of embeddings with a batch of features.
import CKernels

extension Tensor {
  /// Mean of (x − y)², a scalar.
  public func meanSquaredError(_ other: Tensor) -> Tensor {
    precondition(shape == other.shape, "squared error between \(shape) and \(other.shape)")
    return (self - other).squared().mean()
  }

  /// InfoNCE: mean over i of −ln(e^(zᵢ·uᵢ/τ) / Σⱼ e^(zᵢ·uⱼ/τ)) for rows z of this and u of `other`,
  /// both [B, D] and scaled to length one here; `symmetric` averages it with the same from u to z.
  /// Paper: van den Oord et al. 2018, arXiv:1807.03748.
  public func infoNCE(_ other: Tensor, temperature: Float, symmetric: Bool = true) -> Tensor {
    precondition(
      shape.count == 2 && shape == other.shape && temperature > 0,
      "InfoNCE between \(shape) and \(other.shape) at temperature \(temperature)")
    let scores = l2Normalized().linear(other.l2Normalized()) / temperature
    return scores.diagonalCrossEntropy(symmetric: symmetric)
  }

  /// Scores [B, B]: the mean cross-entropy of each row's softmax against its own column.
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

  /// dCor of rows of this [B, D] and of `other` [B, E]: mean(A∘B) / √(mean(A²)·mean(B²) + 1e-9)
  /// for their double-centred distance matrices A and B; 1 for similar arrangements.
  /// Paper: Székely et al. 2007, doi:10.1214/009053607000000505.
  public func distanceCorrelation(_ other: Tensor) -> Tensor {
    precondition(shape[0] == other.shape[0], "rows of \(shape) against rows of \(other.shape)")
    let a = pairwiseDistances().doublyCentered()
    let b = other.pairwiseDistances().doublyCentered()
    let spread = (a.squared().mean() * b.squared().mean() + 1e-9).squareRoot()
    return (a * b).mean() / spread
  }

  /// [N, N] less the means of rows and of columns, plus the mean of all.
  private func doublyCentered() -> Tensor {
    self - mean([1], keepingDimensions: true) - mean([0], keepingDimensions: true) + mean()
  }
}
