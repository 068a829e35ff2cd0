import Autograd

/// A classifier whose prediction for a clip is a sum over time, so that it localises classes.
public protocol TimedClassifier: Classifier {
  /// The contributions of T segments to the probabilities of a clip, [B, T, C], in evaluation mode.
  /// The sum over T is the clip's probability.
  func contributions(_ input: Tensor) -> Tensor
}
