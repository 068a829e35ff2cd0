import Autograd

/// A multi-label classifier: a model with C independent binary outputs. Methods train classifiers.
public protocol Classifier: Parametric {
  /// Predicts B clips.
  ///
  /// - Parameters:
  ///   - input: The output of the model's front end, [B, 1, M, T] or [B, T, D].
  ///   - mode: Training or evaluation.
  func callAsFunction(_ input: Tensor, _ mode: Mode) -> Prediction
}

/// The prediction of a classifier for B clips.
public struct Prediction {
  /// Logits or probabilities, whichever the model computes.
  public enum Output {
    /// [B, C], before the sigmoid.
    case logits(Tensor)
    /// [B, C], in 0...1.
    case probabilities(Tensor)
  }
  /// What the model computed.
  public let output: Output
  private let makeEmbedding: () -> Tensor

  /// A prediction whose embedding [B, D] is computed only on use, since most methods do not use it.
  public init(_ output: Output, embedding: @autoclosure @escaping () -> Tensor) {
    self.output = output
    makeEmbedding = embedding
  }

  /// The vector before the head, [B, D].
  public var embedding: Tensor { makeEmbedding() }

  /// The probabilities, [B, C].
  public var probabilities: Tensor {
    switch output {
    case .logits(let logits): logits.sigmoid()
    case .probabilities(let probabilities): probabilities
    }
  }

  /// Masked binary cross-entropy, a scalar: the mean over the entries with `observed` 1; 0 if there
  /// are none. It is computed from the logits if there are any, which is numerically stable.
  ///
  /// - Parameters:
  ///   - targets: [B, C], in 0...1.
  ///   - observed: [B, C]: 1 for an entry that counts, 0 for a missing label.
  public func binaryCrossEntropy(_ targets: Tensor, observed: Tensor) -> Tensor {
    switch output {
    case .logits(let logits):
      logits.binaryCrossEntropy(logitsAgainst: targets, observed: observed)
    case .probabilities(let probabilities):
      probabilities.binaryCrossEntropy(probabilitiesAgainst: targets, observed: observed)
    }
  }
}
