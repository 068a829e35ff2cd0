// A classifier that can say when.
import Autograd

/// A model whose answer about a clip is made of answers along it.
public protocol TimedClassifier: Classifier {
  /// [B, T, C]: what each of T stretches contributes to the clip's probabilities, in evaluation
  /// mode. The sum over T is the clip's answer.
  func contributions(_ input: Tensor) -> Tensor
}
