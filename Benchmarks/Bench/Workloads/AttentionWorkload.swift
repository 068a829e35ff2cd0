// A training step of attention pooling.
import Autograd
import Layers
import Models

/// [256, 10, 128] embeddings, 20 classes of which 30 % are observed; Adam 5e-4, decay 1e-5.
struct AttentionWorkload: Workload {
  static let id = "attention"
  static let summary = "a training step of attention pooling on 256 clips of 10 embeddings"
  static let items = 256
  static let precisions = Precision.allCases

  private let step: TrainingStep

  init(_ precision: Precision) {
    let shape = [Self.items, 10, 128]
    let (targets, observed) = Objective.targets(Self.items, 20, observed: 0.3)
    step = TrainingStep(
      Self.network(dropout: 0.6),
      Tensor(FixedData.uniform(1, shape.reduce(1, *)), shape),
      .probabilities(targets: targets, observed: observed), learningRate: 5e-4,
      weightDecay: 1e-5, precision: precision)
  }

  func repetition() { step() }

  /// 55,336 parameters; answers with probabilities.
  static func network(dropout: Double) -> Network {
    Network(
      AttentionPooling(
        classes: 20, features: 128, layers: 3, dropout: dropout, random: TrainingStep.random(1)))
  }
}
