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
