// nnPU: learning from positives and unlabelled clips.
import Autograd
import Datasets
import Layers

/// For each class, the risk of a classifier from positives and unlabelled clips alone. With the
/// share π of positives among the unlabelled clips, R⁺ = π·mean over positives of l(z) and
/// R⁻ = mean over unlabelled clips of l(−z) − π·mean over positives of l(−z). R⁻ estimates a mean
/// that cannot be negative; where it falls below −β, the network fits noise, and its gradient is
/// turned around: that of −γ·R⁻ alone. The loss is the mean over the classes.
/// Paper: Kiryo et al. 2017, arXiv:1703.00593.
/// Differs: clips have several labels, so each class is a problem of its own. Observed negatives,
/// which the paper's data do not have, count as unlabelled clips or, with `missing`, not at all.
public final class PositiveUnlabelled: Method {
  /// Id, title, summary, paper and hyperparameters.
  public static let card = Card(
    id: "nnpu", title: "Positive-unlabelled (nnPU)",
    summary: "learns from positives and from how many there should be among the rest",
    paper: "Kiryo et al. 2017, arXiv:1703.00593",
    hyperparameters: [prior, unlabelled, surrogate, tolerance, strength, isCorrected])

  /// Which entries are unlabelled.
  public enum Unlabelled: String, CaseIterable, HyperparameterValue, Sendable {
    /// All clips, positives too: the paper's setting.
    case all
    /// All but the positives.
    case nonPositive
    /// Missing labels only.
    case missing
  }
  /// The loss l(z) of a positive.
  public enum Surrogate: String, CaseIterable, HyperparameterValue, Sendable {
    /// σ(−z).
    case sigmoid
    /// ln(1 + e⁻ᶻ).
    case logistic
  }
  static let prior = Hyperparameter<Adaptive>(
    "prior", "prior",
    help: "share of positives among the unlabelled; auto: from each class's observed labels",
    range: 0...1)
  static let unlabelled = Hyperparameter<Unlabelled>(
    "unlabelled", "unlabelled set", help: "the clips that count as unlabelled", initial: .all)
  static let surrogate = Hyperparameter<Surrogate>(
    "surrogate", "surrogate loss", help: "loss of a positive", initial: .sigmoid)
  static let tolerance = Hyperparameter<Double>(
    "tolerance", "tolerance", help: "β: how far below 0 the risk of negatives may fall",
    initial: 0, range: 0...1)
  static let strength = Hyperparameter<Double>(
    "strength", "strength", help: "γ: how strongly the gradient is turned around", initial: 1,
    range: 0...1)
  static let isCorrected = Hyperparameter<Bool>(
    "nonNegative", "non-negative", help: "no: the risk of negatives may fall (uPU)", initial: true)

  public let model: any Classifier
  private let risk: PositiveUnlabelledRisk
  private let augmentation: Augmentation

  public init(_ setup: MethodSetup) throws {
    model = try setup.makeModel()
    let priors: [Double] =
      switch setup[Self.prior] {
      case .fixed(let prior): [Double](repeating: prior, count: setup.classes)
      case .auto: try setup.positiveShares(for: Self.prior.key)
      }
    risk = PositiveUnlabelledRisk(
      priors: priors, unlabelled: setup[Self.unlabelled], surrogate: setup[Self.surrogate],
      tolerance: setup[Self.tolerance], strength: setup[Self.strength],
      isCorrected: setup[Self.isCorrected])
    augmentation = setup.augmentation
  }

  public func loss(_ batch: Batch, _ mode: Mode) -> Loss {
    let augmented = augmentation(batch, mode)
    let prediction = model(augmented.input, mode)
    let (perClass, violated) = risk(prediction.logits, augmented.entryLabels)
    let term = Loss.Term(
      "cls", perClass.mean(), counting: Tensor(repeating: 1, augmented.observed.shape))
    return Loss(
      [term], probabilities: prediction.probabilities,
      measures: ["mask/ratio": Float(violated.count { $0 }) / Float(max(1, violated.count))])
  }
}

/// The risk of each class from positives and unlabelled clips.
public struct PositiveUnlabelledRisk {
  private let priors: [Double]
  private let unlabelled: PositiveUnlabelled.Unlabelled
  private let surrogate: PositiveUnlabelled.Surrogate
  private let tolerance, strength: Double
  private let isCorrected: Bool

  /// The risk with one prior π per class, tolerance β and strength γ.
  public init(
    priors: [Double], unlabelled: PositiveUnlabelled.Unlabelled,
    surrogate: PositiveUnlabelled.Surrogate, tolerance: Double, strength: Double, isCorrected: Bool
  ) {
    (self.priors, self.unlabelled, self.surrogate) = (priors, unlabelled, surrogate)
    (self.tolerance, self.strength, self.isCorrected) = (tolerance, strength, isCorrected)
  }

  /// The loss of each class, [C], and the classes whose risk of negatives is below −β. There, the
  /// value is R⁺ − β and the gradient is that of −γ·R⁻.
  public func callAsFunction(
    _ logits: Tensor, _ labels: [EntryLabel]
  ) -> (perClass: Tensor, violated: [Bool]) {
    let shares = entryShares(labels, classes: logits.shape[1])
    let positive = logits.mapEntries { z, i in shares[i].positive * loss(z) }.sum([0])
    let negative = logits.mapEntries { z, i in
      shares[i].unlabelled * loss(-z) - shares[i].positive * loss(-z)
    }.sum([0])
    let violated = negative.values.map { isCorrected && Double($0) < -tolerance }
    let mask = Tensor(violated.map { $0 ? 1 : 0 }, negative.shape)
    let rest = mask * -1 + 1
    let turned = negative * Float(-strength)
    let reported = positive.detached - Float(tolerance)
    let corrected = turned - turned.detached + reported
    return (mask * corrected + rest * (positive + negative), violated)
  }

  private func loss(_ z: Dual) -> Dual {
    surrogate == .sigmoid ? (-z).sigmoid : (-z).softplus
  }

  /// For each entry, what it counts in π·mean over positives and in the mean over the unlabelled.
  private func entryShares(
    _ labels: [EntryLabel], classes: Int
  ) -> [(positive: Double, unlabelled: Double)] {
    var positives = [Double](repeating: 0, count: classes), others = positives
    for label in labels {
      positives[label.classIndex] += isPositive(label) ? 1 : 0
      others[label.classIndex] += isUnlabelled(label) ? 1 : 0
    }
    return labels.map { label in
      let c = label.classIndex
      return (
        isPositive(label) ? priors[c] / max(1, positives[c]) : 0,
        isUnlabelled(label) ? 1 / max(1, others[c]) : 0
      )
    }
  }

  private func isPositive(_ label: EntryLabel) -> Bool { label.isObserved && label.target > 0.5 }

  private func isUnlabelled(_ label: EntryLabel) -> Bool {
    switch unlabelled {
    case .all: true
    case .nonPositive: !isPositive(label)
    case .missing: !label.isObserved
    }
  }
}
