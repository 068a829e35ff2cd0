// The frozen audio spectrogram transformer, as a feature extractor and as something to reprogram.
import Autograd
import Layers
import Models

/// The base transformer on [1, 1024, 128]: 1214 tokens, 12 blocks of width 768, 527 classes,
/// 86,594,063 frozen parameters.
struct FrozenTransformer {
  private let model: AudioSpectrogramTransformer
  private let mode: Mode
  private let input = Parameter(.fixedNormal(1, [1, 1024, 128]))
  private let gradient = Tensor.fixedNormal(2, [1, 527])

  init(_ precision: Precision) {
    mode = .evaluation(precision: precision)
    model = AudioSpectrogramTransformer(classes: 527, random: TrainingStep.random(1))
  }

  private func logits(_ input: Tensor) -> Tensor {
    switch model(input, mode).output {
    case .logits(let values), .probabilities(let values): values
    }
  }

  func forward() { _ = logits(input.value) }

  /// The input's gradient for a fixed gradient of the logits; no gradients of weights.
  func reprogram() {
    _ = gradients(of: logits(input.tensor), upstream: gradient, forgetting: true)[input]
  }
}

struct ASTForwardWorkload: Workload {
  static let id = "ast-forward"
  static let summary = "the frozen base transformer on one clip of 1024 frames"
  static let items = 1

  static let precisions = Precision.allCases

  private let transformer: FrozenTransformer

  init(_ precision: Precision) { transformer = FrozenTransformer(precision) }

  func repetition() { transformer.forward() }
}

struct ASTReprogramWorkload: Workload {
  static let id = "ast-reprogram"
  static let summary = "the frozen base transformer, and a gradient back to its input"
  static let items = 1

  static let precisions = Precision.allCases

  private let transformer: FrozenTransformer

  init(_ precision: Precision) { transformer = FrozenTransformer(precision) }

  func repetition() { transformer.reprogram() }
}
