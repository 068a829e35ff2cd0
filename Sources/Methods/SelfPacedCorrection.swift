// SPLC: assumed negatives become positives where the network contradicts them.
import Autograd
import Layers

/// A focal loss with a margin m for positives, where missing labels count as negatives. After the
/// first epochs, a missing label becomes a positive wherever the network gives it more than τ: it
/// is decided anew in every step. With z' = z − m for positives and p' = σ(z'), the loss of an
/// entry is (y·(1 − p') + (1 − y)·p')^γ · BCE(y, p').
/// Paper: Zhang et al. 2021, arXiv:2112.07368, "SPLC".
/// Differs: the mean of all entries instead of their sum. Observed negatives stay negatives; the
/// authors' code knows no missing labels and turns them as well.
public struct SelfPacedCorrection: EntryLoss {
  /// Id, title, summary, paper and hyperparameters.
  public static let card = Card(
    id: "splc", title: "Self-paced correction (SPLC)",
    summary: "missing labels are negatives until the network is fairly sure of the contrary",
    paper: paper, hyperparameters: [threshold, firstEpoch, margin, focus])

  static let paper = "Zhang et al. 2021, arXiv:2112.07368"

  static let threshold = Hyperparameter<Double>(
    "threshold", "threshold", help: "probability above which a missing label counts as positive",
    initial: 0.6, range: 0.5...1)
  static let firstEpoch = Hyperparameter<Int>(
    "after", "after epochs", help: "epochs before missing labels can become positives",
    initial: 1, range: 0...10_000)
  static let margin = Hyperparameter<Double>(
    "margin", "margin", help: "subtracted from the logits of positives", initial: 1,
    range: 0...10)
  static let focus = Hyperparameter<Double>(
    "focus", "focus", help: "exponent of the focal weight; 0: none", initial: 2, range: 0...10)

  private let threshold, margin, focus: Double
  private let firstEpoch: Int

  public init(_ setup: MethodSetup) {
    self.init(
      threshold: setup[Self.threshold], firstEpoch: setup[Self.firstEpoch],
      margin: setup[Self.margin], focus: setup[Self.focus])
  }

  /// The loss with threshold τ, margin m and exponent γ. `firstEpoch` is counted from 0.
  public init(
    threshold: Double = 0.6, firstEpoch: Int = 1, margin: Double = 1, focus: Double = 2
  ) {
    (self.threshold, self.margin, self.focus) = (threshold, margin, focus)
    self.firstEpoch = firstEpoch
  }

  public func losses(_ logits: Tensor, _ labels: [EntryLabel], epoch: Int) -> Tensor {
    logits.losses(of: labels) { z, label in
      let shifted = z - label.target * margin
      let p = shifted.sigmoid
      let isTurned = epoch >= firstEpoch && !label.isObserved && p.value > threshold
      let y = isTurned ? 1 : label.target
      let weight = (y * (1 - p) + (1 - y) * p).power(focus)
      return weight * shifted.crossEntropy(y)
    }
  }
}
