// What a network learns before it has seen a label.
import Autograd
import Layers

/// A task that needs sounds alone.
protocol Pretext: AnyObject {
  /// What the optimizer updates: the body of the network, and the layers of the task.
  var trained: any Classifier { get }
  /// Whether the loss is also small if the embeddings of all clips are the same.
  var canCollapse: Bool { get }
  /// The loss of spectrograms [B, 1, M, T].
  func loss(_ input: Tensor, _ mode: Mode) -> PretextLoss
  /// Called after each step of the optimizer.
  func stepEnded()
  /// The state for resuming, besides the body of the network.
  var memory: [String: Tensor] { get }
  /// Restores `memory` after `step` steps.
  ///
  /// - Throws: `StateError` if it does not fit.
  func restore(_ memory: [String: Tensor], step: Int) throws
}

extension Pretext {
  var canCollapse: Bool { false }
  func stepEnded() {}
}

/// The loss of a batch, and the embeddings [B, D] that it rests on.
struct PretextLoss {
  /// The name of the term.
  let name: String
  let value: Tensor
  let embedding: Tensor
}

extension Tensor {
  /// How far the embeddings [B, D] of different clips are apart: the standard deviation over the
  /// clips of each value of the normalised embeddings, as a mean times √D. It is 0 if all are the
  /// same, and 1 if they point everywhere.
  /// Paper: Chen & He 2021, arXiv:2011.10566, figure 2.
  package var spread: Float {
    let directions = detached.l2Normalized()
    let mean = directions.mean([0])
    let variance = (directions.squared().mean([0]) - mean.squared()).clamp(0, 1)
    return variance.squareRoot().mean().item * Float(shape[1]).squareRoot()
  }
}

/// The task's layers by name, in a checkpoint.
struct PretextLayers {
  let named: NamedParameters

  var memory: [String: Tensor] {
    Dictionary(uniqueKeysWithValues: named.map { ($0.name, $0.parameter.value) })
  }

  /// - Throws: `StateError` if an entry is missing or has another shape; then nothing changes.
  func restore(_ memory: [String: Tensor]) throws {
    let values = try named.map {
      try SavedState.entry($0.name, $0.parameter.value.shape, in: memory)
    }
    for ((_, parameter), value) in zip(named, values) { parameter.value = value }
  }
}
