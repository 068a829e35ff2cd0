// Binary cross-entropy over the observed entries: the one loss every method here starts from.
import CKernels

extension Tensor {
  /// This [B, C] as logits z: mean over entries with observed 1 of
  /// −[y·ln σ(z) + (1 − y)·ln(1 − σ(z))]; soft targets allowed; 0 when nothing is observed.
  public func binaryCrossEntropy(logitsAgainst targets: Tensor, observed: Tensor) -> Tensor {
    crossEntropy("bceLogits", targets, observed) { scant_bce_logits($0, $1, $2, $3, $4) }
  }

  /// The same with this as probabilities; logs are clamped at −100, as PyTorch's BCELoss does.
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
