// A training step of a small audio spectrogram transformer.
import Autograd
import Layers
import Models

/// [16, 398, 128]: 470 tokens, 4 blocks of width 192, 20 classes of which 30 % are observed;
/// Adam 1e-3.
struct ASTSmallWorkload: Workload {
  static let id = "ast-small"
  static let summary = "a training step of a small transformer on 16 clips of 398 frames"
  static let items = 16
  static let precisions = Precision.allCases

  private let step: TrainingStep

  init(_ precision: Precision) {
    let (targets, observed) = Objective.targets(Self.items, 20, observed: 0.3)
    step = TrainingStep(
      Self.network(), .fixedNormal(1, [Self.items, 398, 128]),
      .logits(targets: targets, observed: observed), learningRate: 1e-3, precision: precision)
  }

  func repetition() { step() }

  /// 1,924,052 parameters.
  static func network() -> Network {
    Network(
      AudioSpectrogramTransformer(
        classes: 20, width: 192, heads: 3, depth: 4, frames: 398, random: TrainingStep.random(1)))
  }
}
