// Elkan & Noto's label frequency: how much a missing label says.
import Autograd
import Layers

/// The cross-entropy of observed labels and, for missing ones, of the chance that a positive was
/// labelled: if a share c of the positives is labelled, a clip has a positive label with the
/// probability c·p, and none with 1 − c·p. So a missing label says little where c is small.
/// Paper: Elkan & Noto 2008, "Learning classifiers from only positive and unlabeled data", KDD,
/// whose label frequency is c.
/// Differs: the factor stands in the loss instead of being applied afterwards. If c is `auto`, it
/// is the share of a class's labels that are observed, which holds where labels are missing at
/// random.
public struct PriorCorrected: EntryLoss {
  /// Id, title, summary, paper and hyperparameters.
  public static let card = Card(
    id: "prior-corrected", title: "Prior-corrected cross-entropy",
    summary: "a missing label counts as a negative only as far as positives are labelled",
    paper: "Elkan & Noto 2008, KDD", hyperparameters: [labelled])

  static let labelled = Hyperparameter<Adaptive>(
    "labelledShare", "labelled share",
    help: "share of positives that are labelled; auto: of each class's labels", range: 0...1)

  private let shares: [Double]

  public init(_ setup: MethodSetup) {
    switch setup[Self.labelled] {
    case .fixed(let share): shares = [Double](repeating: share, count: setup.classes)
    case .auto: shares = setup.labelCounts.map(\.observedShare)
    }
  }

  public func losses(_ logits: Tensor, _ labels: [EntryLabel], epoch: Int) -> Tensor {
    logits.losses(of: labels) { z, label in
      guard !label.isObserved else { return z.crossEntropy(label.target) }
      return -(1 - shares[label.classIndex] * z.sigmoid).clamped(to: 1e-8...1).log
    }
  }
}
