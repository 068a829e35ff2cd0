// A training step of the harmonic CNN behind its front end.
import Autograd
import Layers
import Models

/// [16, 128, 313, 6] harmonic spectra, 50 classes all observed, dropout 0.5; Adam 1e-4, decay 1e-4.
struct HarmonicCNNWorkload: Workload {
  static let id = "harmonic-cnn"
  static let summary = "a training step of the harmonic CNN on 16 chunks of 5 s"
  static let items = 16
  static let precisions = Precision.allCases
  static let unit = "chunks"

  private let step: TrainingStep

  init(_ precision: Precision) {
    let (targets, observed) = Objective.targets(Self.items, 50, observed: 1)
    step = TrainingStep(
      Self.network(dropout: 0.5), .fixedNormal(1, [Self.items, 128, 313, 6]),
      .logits(targets: targets, observed: observed), learningRate: 1e-4, weightDecay: 1e-4,
      precision: precision)
  }

  func repetition() { step() }

  /// 3,631,550 parameters.
  static func network(dropout: Double) -> Network {
    Network(HarmonicCNN(classes: 50, dropout: dropout, random: TrainingStep.random(1)))
  }
}
