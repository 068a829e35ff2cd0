// The classes that a transformer of a file was trained on.
import Autograd
import Layers

/// The head of a published transformer: layer norm and a linear layer from the embedding to the
/// logits of its own classes. It is never trained, and no part of the state of a model.
struct SourceHead: Parametric {
  private let layernorm: LayerNorm
  private let dense: Linear

  /// The head of these weights; nil if the file has none.
  ///
  /// - Throws: `Problem` if its shapes do not fit an embedding of `width` values.
  init?(of weights: WeightTable, width: Int) throws {
    let prefix = ASTModel.head
    let own = weights.tensors.filter { $0.key.hasPrefix(prefix) }
    guard let classes = own["\(prefix)dense.bias"]?.count, classes > 0 else { return nil }
    layernorm = LayerNorm(width)
    dense = Linear(width, classes, random: RandomSource(Generator(seed: 0)))
    let named = own.map { (String($0.key.dropFirst(prefix.count)), $0.value) }
    do {
      try restore(Dictionary(uniqueKeysWithValues: named))
    } catch let error as StateError {
      throw weights.error("\(error)")
    }
  }

  /// The number S of its classes.
  var classes: Int { dense.bias?.value.count ?? 0 }

  /// Logits [B, S] of embeddings [B, D]. Gradients reach the embeddings alone.
  func callAsFunction(_ embedding: Tensor) -> Tensor {
    dense(layernorm(embedding, .evaluation()), .evaluation())
  }
}
