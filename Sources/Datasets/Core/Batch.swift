// B clips packed for one step.
import Autograd

/// What a model sees of B clips, and what is known of their C classes.
public struct Batch {
  public var clips: [Clip.ID]
  /// What the model's front end yields, [B, 1, M, T]; [B, T, D] of an extractor.
  public var input: Tensor
  /// [B, C], 0…1; 0 wherever the label is missing, so that nothing can leak.
  public var targets: Tensor
  /// [B, C], 1: somebody answered; 0: missing.
  public var observed: Tensor
  /// Extractor id to [B, D], for methods that use pre-trained features in training.
  public var embeddings: [String: Tensor]

  public init(
    clips: [Clip.ID], input: Tensor, targets: Tensor, observed: Tensor,
    embeddings: [String: Tensor] = [:]
  ) {
    self.clips = clips
    self.input = input
    self.targets = targets
    self.observed = observed
    self.embeddings = embeddings
  }
}
