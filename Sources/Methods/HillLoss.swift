// The Hill loss: assumed negatives weigh less where the network contradicts them.
import Autograd
import Layers

/// A loss for missing labels as negatives that forgives what the network contradicts: (λ − p)·p²,
/// which falls again towards p = 1. Positives have the focal loss (1 − p')^γ · −ln p' with
/// p' = σ(z − m).
/// Paper: Zhang et al. 2021, arXiv:2112.07368, "Hill".
/// Differs: the mean of all entries instead of their sum. Observed negatives have the binary
/// cross-entropy if `observedNegatives` is `certain`; the authors' code knows no missing labels,
/// which `assumed` reproduces.
public struct HillLoss: EntryLoss {
  /// Id, title, summary, paper and hyperparameters.
  public static let card = Card(
    id: "hill", title: "Hill loss",
    summary: "missing labels are negatives, forgiven where the network is sure of the contrary",
    paper: SelfPacedCorrection.paper,
    hyperparameters: [height, SelfPacedCorrection.margin, SelfPacedCorrection.focus, negatives])

  /// How observed negatives count.
  public enum Negatives: String, CaseIterable, HyperparameterValue, Sendable {
    case certain, assumed
  }
  static let height = Hyperparameter<Double>(
    "height", "height", help: "λ of (λ − p)·p², the loss of missing labels", initial: 1.5,
    range: 1...10)
  static let negatives = Hyperparameter<Negatives>(
    "observedNegatives", "observed negatives", help: "cross-entropy, or as missing labels",
    initial: .certain)

  private let height, margin, focus: Double
  private let negatives: Negatives

  public init(_ setup: MethodSetup) {
    self.init(
      height: setup[Self.height], margin: setup[SelfPacedCorrection.margin],
      focus: setup[SelfPacedCorrection.focus], negatives: setup[Self.negatives])
  }

  /// The loss with height λ, margin m and exponent γ.
  public init(
    height: Double = 1.5, margin: Double = 1, focus: Double = 2, negatives: Negatives = .certain
  ) {
    (self.height, self.margin, self.focus) = (height, margin, focus)
    self.negatives = negatives
  }

  public func losses(_ logits: Tensor, _ labels: [EntryLabel], epoch: Int) -> Tensor {
    logits.losses(of: labels) { z, label in
      let (shifted, p) = (z - margin, z.sigmoid)
      let positive = (1 - shifted.sigmoid).power(focus) * (-shifted).softplus
      let isCertain = label.isObserved && negatives == .certain
      let negative = isCertain ? z.softplus : (height - p) * p * p
      return label.target * positive + (1 - label.target) * negative
    }
  }
}
