import Autograd
import Datasets
import Layers

/// The loss of a batch: a weighted sum of named terms.
public struct Loss {
  /// A term of the loss: a mean with its weight and the entries that it counts.
  public struct Term {
    /// The name; the term is logged as the curve `loss/<name>`.
    public let name: String
    /// The value before weighting, a scalar.
    public let value: Tensor
    /// The weight in the sum.
    public let weight: Double
    /// The number of entries (clip, class), or of clips, that the mean runs over.
    public let denominator: Int
    /// The number of entries, or of clips, in the batch.
    public let entries: Int
    /// The mask [B, C] of the entries that the mean runs over; a value above 0 counts. nil if the
    /// mean does not run over labels.
    public let counted: Tensor?

    /// A mean over the entries (clip, class) whose `counted` is above 0.
    public init(_ name: String, _ value: Tensor, weight: Double = 1, counting counted: Tensor) {
      self.init(
        name, value, weight: weight, denominator: counted.values.count { $0 > 0 },
        entries: counted.count, counted: counted.detached)
    }

    /// B1's term, `cls`: the mean binary cross-entropy over the observed entries of `batch`, which
    /// is the augmented batch, after mixup.
    public static func supervised(_ prediction: Prediction, _ batch: Batch) -> Term {
      Term(
        "cls", prediction.binaryCrossEntropy(batch.targets, observed: batch.observed),
        counting: batch.observed)
    }

    /// A mean that does not run over labels, but for example over clips: without a mask.
    public init(
      _ name: String, _ value: Tensor, weight: Double = 1, denominator: Int, entries: Int,
      counted: Tensor? = nil
    ) {
      precondition(value.count == 1, "loss term '\(name)' has shape \(value.shape), not a scalar")
      self.name = name
      self.value = value
      self.weight = weight
      self.denominator = denominator
      self.entries = entries
      self.counted = counted
    }
  }

  /// The terms; at least one.
  public let terms: [Term]
  /// The model's probabilities for the augmented batch, [B, C], without gradient.
  public let probabilities: Tensor?
  /// The teacher's probabilities for the augmented batch, [B, C].
  public let teacherProbabilities: Tensor?
  /// Further curves, by name, such as "mask/ratio".
  public let measures: [String: Float]

  /// B1's term alone.
  public init(supervised prediction: Prediction, _ batch: Batch, measures: [String: Float] = [:]) {
    self.init(
      [.supervised(prediction, batch)], probabilities: prediction.probabilities,
      measures: measures)
  }

  /// A loss of `terms`, at least one. Probabilities lose their gradient.
  public init(
    _ terms: [Term], probabilities: Tensor? = nil, teacher: Tensor? = nil,
    measures: [String: Float] = [:]
  ) {
    precondition(!terms.isEmpty, "a loss has at least one term")
    self.terms = terms
    self.probabilities = probabilities?.detached
    teacherProbabilities = teacher?.detached
    self.measures = measures
  }

  /// Σ weight · value, a scalar.
  public var total: Tensor {
    terms.dropFirst().reduce(weighted(terms[0])) { $0 + weighted($1) }
  }

  /// Whether no term counts any entry. Then the step is skipped, as in Gururani & Lerch 2021.
  public var isEmpty: Bool { terms.allSatisfy { $0.denominator == 0 } }

  private func weighted(_ term: Term) -> Tensor {
    term.weight == 1 ? term.value : term.value * Float(term.weight)
  }
}

/// The weight of a term, which rises over the first steps of a stage.
struct RisingWeight {
  let largest: Double
  /// The number of steps until `largest` is reached; 0 for a constant weight.
  let rise: Int

  /// The weight rises along e^(−5·(1 − t/T)²) over a fraction `share` of the steps of the stage.
  /// Paper: Tarvainen & Valpola 2017, arXiv:1703.01780.
  init(_ largest: Double, rising share: Hyperparameter<Double>, in setup: MethodSetup) {
    self.largest = largest
    rise = Int((setup[share] * Double(setup.plannedSteps)).rounded())
  }

  /// The weight after t steps (`Mode.step`).
  func value(at t: Int) -> Double {
    guard rise > 0 else { return largest }
    return largest * RampUp.sigmoid.factor(step: t, over: rise)
  }

  /// `before` is the share in runs of a method that had no such setting yet.
  static func rampUp(initial: Double, before: Double? = nil) -> Hyperparameter<Double> {
    Hyperparameter(
      "rampUp", "ramp-up", help: "share of the steps over which the weight rises; 0: none",
      initial: initial, range: 0...1, before: before)
  }
}
