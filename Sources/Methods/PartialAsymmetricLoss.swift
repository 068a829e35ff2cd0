// The partial asymmetric loss: missing labels have a weight of their own, or none.
import Autograd
import Layers

/// The asymmetric loss with a third kind of label: a missing label counts as a negative with its
/// own exponent γᵘ. Missing labels that are probably positive can be left out: the k·B with the
/// largest probability in a batch of B clips, and those of classes that are frequent.
/// Paper: Ben-Baruch et al. 2022, arXiv:2110.10955, "P-ASL", "Selective".
/// Differs: the mean of all entries instead of their sum. The frequency of a class is the share of
/// positives among its observed labels, instead of the mean prediction of an earlier model.
public struct PartialAsymmetricLoss: EntryLoss {
  /// Id, title, summary, paper and hyperparameters.
  public static let card = Card(
    id: "partial-asymmetric", title: "Partial asymmetric loss",
    summary: "missing labels are weak negatives; those that look positive are left out",
    paper: "Ben-Baruch et al. 2022, arXiv:2110.10955",
    hyperparameters: [
      mode, perClip, priorLimit, negativeFocus, positiveFocus, missingFocus,
      margin,
    ])

  /// What becomes of missing labels.
  public enum Mode: String, CaseIterable, HyperparameterValue, Sendable {
    /// They all count.
    case negative
    /// They are left out.
    case ignore
    /// They are left out, and observed labels weigh 1 + 1/(1 + the clip's observed labels).
    case normalized
    /// Those that are probably positive are left out.
    case selective
  }
  static let mode = Hyperparameter<Mode>(
    "mode", "mode", help: "which missing labels count as negatives", initial: .selective)
  static let perClip = Hyperparameter<Int>(
    "perClip", "left out per clip",
    help: "selective: missing labels left out, on average per clip of a batch", initial: 1,
    range: 0...1000)
  static let priorLimit = Hyperparameter<Double>(
    "priorLimit", "prior limit",
    help: "selective: missing labels of more frequent classes are left out; 1: of none",
    initial: 0.5, range: 0...1)
  static let negativeFocus = Hyperparameter<Double>(
    "negativeFocus", "negative focus", help: "exponent of the weight of observed negatives",
    initial: 1, range: 0...10)
  static let positiveFocus = Hyperparameter<Double>(
    "positiveFocus", "positive focus", help: "exponent of the weight of positives",
    initial: 0, range: 0...10)
  static let missingFocus = Hyperparameter<Double>(
    "missingFocus", "missing focus", help: "exponent of the weight of missing labels",
    initial: 4, range: 0...10)
  static let margin = Hyperparameter<Double>(
    "margin", "probability margin", help: "negatives below this probability do not count",
    initial: 0, range: 0...0.5)

  private let mode: Mode
  private let perClip: Int
  private let isFrequent: [Bool]
  private let terms: FocalTerms
  /// Of positives, observed negatives and missing labels.
  private let focus: (positive: Double, negative: Double, missing: Double)

  public init(_ setup: MethodSetup) {
    let limit = setup[Self.priorLimit]
    self.init(
      mode: setup[Self.mode], perClip: setup[Self.perClip],
      // Positives alone tell nothing of a class's frequency.
      isFrequent: setup.labelCounts.map { $0.negatives > 0 && $0.positiveShare > limit },
      focus: (
        setup[Self.positiveFocus], setup[Self.negativeFocus], setup[Self.missingFocus]
      ), margin: setup[Self.margin])
  }

  /// The loss with these settings; `isFrequent` has one value per class.
  public init(
    mode: Mode, perClip: Int, isFrequent: [Bool],
    focus: (positive: Double, negative: Double, missing: Double), margin: Double
  ) {
    (self.mode, self.perClip, self.isFrequent) = (mode, perClip, isFrequent)
    self.focus = focus
    terms = FocalTerms(margin: margin, weightGradient: false)
  }

  public func losses(_ logits: Tensor, _ labels: [EntryLabel], epoch: Int) -> Tensor {
    let weights = weights(logits, labels)
    return logits.mapEntries { z, index in
      let (label, weight) = (labels[index], weights[index])
      guard weight > 0 else { return Dual(0) }
      guard label.isObserved else { return weight * terms.negative(z, focus.missing) }
      let y = label.target
      return weight
        * (y * terms.positive(z, focus.positive) + (1 - y) * terms.negative(z, focus.negative))
    }
  }

  /// The weight of each entry, B · C.
  public func weights(_ logits: Tensor, _ labels: [EntryLabel]) -> [Double] {
    switch mode {
    case .negative: labels.map { _ in 1 }
    case .ignore: labels.map { $0.isObserved ? 1 : 0 }
    case .normalized: normalized(labels, classes: logits.shape[1])
    case .selective: selected(logits, labels)
    }
  }

  private func normalized(_ labels: [EntryLabel], classes: Int) -> [Double] {
    stride(from: 0, to: labels.count, by: classes).flatMap { start in
      let row = labels[start..<start + classes]
      let weight = 1 + 1 / (1 + Double(row.count { $0.isObserved }))
      return row.map { $0.isObserved ? weight : 0 }
    }
  }

  private func selected(_ logits: Tensor, _ labels: [EntryLabel]) -> [Double] {
    var weights = labels.map { !$0.isObserved && isFrequent[$0.classIndex] ? 0.0 : 1.0 }
    // By the shifted probability, which is what the loss takes; the smallest come first.
    let missing = logits.values.enumerated().filter { !labels[$0.offset].isObserved }
      .map { (index: $0.offset, rest: terms.shifted(Dual(Double($0.element))).value) }
      .sorted { ($0.rest, $0.index) < ($1.rest, $1.index) }
    for entry in missing.prefix(perClip * logits.shape[0]) { weights[entry.index] = 0 }
    return weights
  }
}
