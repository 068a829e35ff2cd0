// A training step of the small CNN.
import Autograd
import Layers
import Models

/// [32, 96, 320] log-mels, widths 32 to 256, 20 classes of which 30 % are observed; Adam 1e-3.
struct CNNWorkload: Workload {
  static let id = "cnn"
  static let summary = "a training step of a small VGG on 32 log-mels of 96 x 320"
  static let items = 32
  static let precisions = Precision.allCases

  private let step: TrainingStep

  init(_ precision: Precision) {
    let (targets, observed) = Objective.targets(Self.items, 20, observed: 0.3)
    step = TrainingStep(
      Self.network(), .fixedNormal(1, [Self.items, 1, 96, 320]),
      .logits(targets: targets, observed: observed), learningRate: 1e-3, precision: precision)
  }

  func repetition() { step() }

  /// 393,460 parameters.
  static func network() -> Network {
    Network(
      CNN(
        classes: 20, width: 32, pooling: .mean, dropout: 0, random: TrainingStep.random(1)))
  }
}
