// The classifier that stands behind fixed features, or behind an embedding and features.
import Autograd
import Layers

/// Linear D → H, batch norm, ReLU, dropout, linear H → C; or one linear layer. Names as in the
/// harmonic CNN, whose last layers these are.
final class FeatureHead: Classifier {
  private let fc_1: Linear?
  private let bn: BatchNorm?
  private let fc_2: Linear
  private let dropout: Dropout

  /// H = 0: one linear layer.
  init(inputs: Int, hidden: Int, classes: Int, dropout: Double, random: RandomSource) {
    fc_1 = hidden > 0 ? Linear(inputs, hidden, random: random) : nil
    bn = hidden > 0 ? BatchNorm(hidden) : nil
    fc_2 = Linear(hidden > 0 ? hidden : inputs, classes, random: random)
    self.dropout = Dropout(dropout)
  }

  convenience init(inputs: Int, _ setup: MethodSetup) {
    self.init(
      inputs: inputs, hidden: setup[Self.head] == .linear ? 0 : setup[Self.hidden],
      classes: setup.classes, dropout: setup[Self.dropoutShare], random: setup.random)
  }

  /// [B, …] with D values a clip. The embedding is the input: nothing before it is learned.
  func callAsFunction(_ input: Tensor, _ mode: Mode) -> Prediction {
    let features = input.reshape([input.shape[0], -1])
    guard let fc_1, let bn else {
      return Prediction(.logits(fc_2(features, mode)), embedding: features)
    }
    let hidden = bn(fc_1(features, mode.exact), relu: true, mode)
    return Prediction(.logits(fc_2(dropout(hidden, mode), mode)), embedding: features)
  }

  enum Head: String, CaseIterable, HyperparameterValue { case network, linear }
  private static let head = Hyperparameter<Head>(
    "head", "head", help: "two layers with batch norm between them, or one linear layer",
    initial: .network)
  private static let hidden = Hyperparameter<Int>(
    "hidden", "hidden", help: "values between the two layers of the head", initial: 256,
    range: 1...4096)
  private static let dropoutShare = Hyperparameter<Double>(
    "dropout", "dropout", help: "share of those values hidden in training", initial: 0.5,
    range: 0...0.9)

  static let hyperparameters: [any ListedHyperparameter] = [head, hidden, dropoutShare]
}
