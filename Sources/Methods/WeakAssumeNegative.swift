// Missing labels as negatives of little weight.
import Autograd
import Layers

/// Every missing label is assumed negative, with the weight 1/(C − 1): the assumed negatives of a
/// clip weigh together about as much as one label.
/// Paper: Cole et al. 2021, arXiv:2106.09708, "WAN".
/// Differs: observed negatives, which the paper's data do not have, have weight 1.
public struct WeakAssumeNegative: EntryLoss {
  /// Id, title, summary, paper and hyperparameters.
  public static let card = Card(
    id: "weak-assume-negative", title: "Weak assume negative",
    summary: "missing labels count as negatives of little weight",
    paper: AssumeNegative.cole, hyperparameters: [weight])

  static let weight = Hyperparameter<Adaptive>(
    "weight", "weight", help: "weight of a missing label; auto: 1/(classes − 1)", range: 0...1)

  private let weight: Double

  public init(_ setup: MethodSetup) {
    switch setup[Self.weight] {
    case .fixed(let weight): self.init(weight: weight)
    case .auto: self.init(classes: setup.classes)
    }
  }

  /// The loss with the weight 1/(C − 1).
  public init(classes: Int) { self.init(weight: 1 / Double(max(1, classes - 1))) }

  /// The loss with this weight of missing labels.
  public init(weight: Double) { self.weight = weight }

  public func losses(_ logits: Tensor, _ labels: [EntryLabel], epoch: Int) -> Tensor {
    logits.losses(of: labels) { z, label in
      let loss = z.sigmoid.limitedCrossEntropy(label.target)
      return label.isObserved ? loss : weight * loss
    }
  }
}
