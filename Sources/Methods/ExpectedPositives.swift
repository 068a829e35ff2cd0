// Expected positive regularization: positives by label, and how many there are in all.
import Autograd
import Datasets
import Layers

/// The cross-entropy of observed labels, plus the squared difference between the number of
/// positives that the network predicts for a clip, on average over the batch, and the number k that
/// is expected: ((mean over clips of Σ_c p) − k)² / C². Missing labels count in the second term
/// only.
/// Paper: Cole et al. 2021, arXiv:2106.09708, "EPR".
/// Differs: observed negatives, which the paper's data do not have, count in the first term. If k
/// is `auto`, it is the sum over classes of the share of positives among the observed labels.
public final class ExpectedPositives: Method {
  /// Id, title, summary, paper and hyperparameters.
  public static let card = Card(
    id: "expected-positives", title: "Expected positives",
    summary: "observed labels, and as many positives in all as are expected",
    paper: AssumeNegative.cole, hyperparameters: [expected])

  static let expected = Hyperparameter<Adaptive>(
    "expected", "expected positives",
    help: "positives of a clip; auto: from the observed labels", range: 0...10_000)

  public let model: any Classifier
  private let expected: Double
  private let augmentation: Augmentation

  public init(_ setup: MethodSetup) throws {
    model = try setup.makeModel()
    expected = try Self.expected(in: setup)
    augmentation = setup.augmentation
  }

  static func expected(in setup: MethodSetup) throws -> Double {
    switch setup[expected] {
    case .fixed(let count): count
    case .auto: try setup.positiveShares(for: expected.key).reduce(0, +)
    }
  }

  public func loss(_ batch: Batch, _ mode: Mode) -> Loss {
    let augmented = augmentation(batch, mode)
    let prediction = model(augmented.input, mode)
    let (labels, count) = (Self.observedLoss(prediction.logits, augmented.entryLabels), expected)
    let everything = Tensor(repeating: 1, augmented.observed.shape)
    return Loss(
      [
        .init("cls", labels, counting: everything),
        .init("expected", Self.penalty(prediction.probabilities, count), counting: everything),
      ], probabilities: prediction.probabilities)
  }

  /// The cross-entropy of the observed labels, divided by the number of all entries, a scalar.
  public static func observedLoss(_ logits: Tensor, _ labels: [EntryLabel]) -> Tensor {
    logits.losses(of: labels) { z, label in
      label.isObserved ? z.sigmoid.limitedCrossEntropy(label.target) : Dual(0)
    }.mean()
  }

  /// ((mean over clips of Σ_c p) − k)² / C² of probabilities [B, C], a scalar.
  public static func penalty(_ probabilities: Tensor, _ expected: Double) -> Tensor {
    let (clips, classes) = (Float(probabilities.shape[0]), Float(probabilities.shape[1]))
    return (probabilities.sum() / clips - Float(expected)).squared() / (classes * classes)
  }
}
