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

  convenience init(inputs: Int, _ settings: Settings, _ setup: MethodSetup) {
    self.init(
      inputs: inputs, hidden: settings.choice("head") == "linear" ? 0 : settings.integer("hidden"),
      classes: setup.classes, dropout: settings.real("dropout"), random: setup.random)
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

  static let hyperparameters = [
    Hyperparameter(
      "head", "head", help: "two layers with batch norm between them, or one linear layer",
      initial: .choice("network"), range: .choice(["network", "linear"])),
    Hyperparameter(
      "hidden", "hidden", help: "values between the two layers of the head",
      initial: .integer(256), range: .integer(1...4096)),
    Hyperparameter(
      "dropout", "dropout", help: "share of those values hidden in training",
      initial: .real(0.5), range: .real(0...0.9)),
  ]
}
