// Where models and methods meet: something that turns input into class probabilities.
import Autograd

/// A model with C independent yes/no outputs.
public protocol Classifier: Parametric {
  /// `input` is what the model's front end yields, [B, 1, M, T] or [B, T, F].
  func callAsFunction(_ input: Tensor, _ mode: Mode) -> Prediction
}

/// A classifier's answer for B clips.
public struct Prediction {
  public enum Output {
    /// [B, C], before the sigmoid.
    case logits(Tensor)
    /// [B, C], each in 0...1.
    case probabilities(Tensor)
  }
  public let output: Output
  private let makeEmbedding: () -> Tensor

  /// The embedding is made when it is asked for: most methods never do.
  public init(_ output: Output, embedding: @autoclosure @escaping () -> Tensor) {
    self.output = output
    makeEmbedding = embedding
  }

  /// [B, D], the vector before the classifier.
  public var embedding: Tensor { makeEmbedding() }

  /// [B, C]
  public var probabilities: Tensor {
    switch output {
    case .logits(let logits): logits.sigmoid()
    case .probabilities(let probabilities): probabilities
    }
  }

  /// A scalar: the mean over entries with observed 1; 0 when there is none. Targets [B, C] may be
  /// anything in 0...1. Takes the stable path from logits where there are logits.
  public func binaryCrossEntropy(_ targets: Tensor, observed: Tensor) -> Tensor {
    switch output {
    case .logits(let logits):
      logits.binaryCrossEntropy(logitsAgainst: targets, observed: observed)
    case .probabilities(let probabilities):
      probabilities.binaryCrossEntropy(probabilitiesAgainst: targets, observed: observed)
    }
  }
}
