// A loss as the sum of named terms, so that each can be plotted, weighed and doubted.
import Autograd
import Datasets
import Layers

/// The loss of one batch.
public struct Loss {
  public struct Term {
    /// Becomes the curve `loss/<name>`.
    public let name: String
    /// A scalar, before its weight.
    public let value: Tensor
    public let weight: Double
    /// How many entries (clip, class) the mean runs over, and of how many.
    public let denominator: Int
    public let entries: Int
    /// Entries [B, C] that the mean runs over, above 0 where one counts; nil where it runs over
    /// something else than labels, such as clips.
    public let counted: Tensor?

    /// A mean over the entries (clip, class) where `counted` is above 0.
    public init(_ name: String, _ value: Tensor, weight: Double = 1, counting counted: Tensor) {
      self.init(
        name, value, weight: weight, denominator: counted.values.count { $0 > 0 },
        entries: counted.count, counted: counted.detached)
    }

    /// A mean over something else than labels.
    public init(_ name: String, _ value: Tensor, weight: Double = 1, denominator: Int, entries: Int)
    {
      self.init(
        name, value, weight: weight, denominator: denominator, entries: entries, counted: nil)
    }

    /// B1's term, `cls`: the mean binary cross-entropy over the entries of `batch` that somebody
    /// answered. `batch` is what the model saw: targets and answers after mixing.
    public static func supervised(_ prediction: Prediction, _ batch: Batch) -> Term {
      Term(
        "cls", prediction.binaryCrossEntropy(batch.targets, observed: batch.observed),
        counting: batch.observed)
    }

    private init(
      _ name: String, _ value: Tensor, weight: Double, denominator: Int, entries: Int,
      counted: Tensor?
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

  public let terms: [Term]
  /// The model's answers on what it saw of the batch, [B, C], without gradient.
  public let probabilities: Tensor?
  /// The teacher's answers on what it saw of the batch, [B, C].
  public let teacherProbabilities: Tensor?
  /// Further curves by name, such as "mask/ratio".
  public let measures: [String: Float]

  /// B1's term alone.
  public init(supervised prediction: Prediction, _ batch: Batch, measures: [String: Float] = [:]) {
    self.init(
      [.supervised(prediction, batch)], probabilities: prediction.probabilities,
      measures: measures)
  }

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

  /// Nothing was counted: the batch teaches nothing and the step is skipped (Gururani & Lerch
  /// 2021 do the same).
  public var isEmpty: Bool { terms.allSatisfy { $0.denominator == 0 } }

  private func weighted(_ term: Term) -> Tensor {
    term.weight == 1 ? term.value : term.value * Float(term.weight)
  }
}
