// The asymmetric loss: easy negatives count less than easy positives.
import Autograd
import Layers

/// A focal loss with an exponent of its own for negatives, whose probability is also shifted by a
/// margin m: with q = min(1 − p + m, 1), positives have (1 − p)^γ⁺ · −ln p and negatives
/// (1 − q)^γ⁻ · −ln q. Missing labels count as negatives.
/// Paper: Ridnik et al. 2021, arXiv:2009.14119, "ASL".
/// Differs: the mean of all entries instead of their sum.
public struct AsymmetricLoss: EntryLoss {
  /// Id, title, summary, paper and hyperparameters.
  public static let card = Card(
    id: "asymmetric", title: "Asymmetric loss",
    summary: "missing labels are negatives, and easy negatives hardly count",
    paper: "Ridnik et al. 2021, arXiv:2009.14119",
    hyperparameters: [negativeFocus, positiveFocus, margin, weightGradient])

  static let negativeFocus = Hyperparameter<Double>(
    "negativeFocus", "negative focus", help: "exponent of the weight of negatives",
    initial: 4, range: 0...10)
  static let positiveFocus = Hyperparameter<Double>(
    "positiveFocus", "positive focus", help: "exponent of the weight of positives",
    initial: 1, range: 0...10)
  static let margin = Hyperparameter<Double>(
    "margin", "probability margin", help: "negatives below this probability do not count",
    initial: 0.05, range: 0...0.5)
  static let weightGradient = Hyperparameter<Bool>(
    "weightGradient", "weight gradient", help: "no: the weight is a constant in each step",
    initial: false)

  private let terms: FocalTerms
  private let negativeFocus, positiveFocus: Double

  public init(_ setup: MethodSetup) {
    self.init(
      negativeFocus: setup[Self.negativeFocus], positiveFocus: setup[Self.positiveFocus],
      margin: setup[Self.margin], weightGradient: setup[Self.weightGradient])
  }

  /// The loss with exponents γ⁻ and γ⁺ and margin m.
  public init(
    negativeFocus: Double = 4, positiveFocus: Double = 1, margin: Double = 0.05,
    weightGradient: Bool = false
  ) {
    terms = FocalTerms(margin: margin, weightGradient: weightGradient)
    (self.negativeFocus, self.positiveFocus) = (negativeFocus, positiveFocus)
  }

  public func losses(_ logits: Tensor, _ labels: [EntryLabel], epoch: Int) -> Tensor {
    logits.losses(of: labels) { z, label in
      let y = label.target
      return y * terms.positive(z, positiveFocus) + (1 - y) * terms.negative(z, negativeFocus)
    }
  }
}

/// The focal terms of a positive and of a negative. Logarithms are limited to those of 1e-8, where
/// the gradient vanishes.
struct FocalTerms {
  let margin: Double
  /// Whether the gradient passes through the weight.
  let weightGradient: Bool

  func positive(_ z: Dual, _ focus: Double) -> Dual {
    let p = z.sigmoid
    return weighted(p, (-z).sigmoid, focus)
  }

  func negative(_ z: Dual, _ focus: Double) -> Dual {
    let q = shifted(z)
    return weighted(q, 1 - q, focus)
  }

  /// q = min(1 − p + m, 1).
  func shifted(_ z: Dual) -> Dual { ((-z).sigmoid + margin).clamped(to: -1...1) }

  /// `rest`^focus · −ln p.
  private func weighted(_ p: Dual, _ rest: Dual, _ focus: Double) -> Dual {
    let loss = -p.clamped(to: 1e-8...2).log
    let weight = rest.power(focus)
    return (weightGradient ? weight : weight.constant) * loss
  }
}
