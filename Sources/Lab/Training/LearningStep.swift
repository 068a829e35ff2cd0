// One optimizer step in pieces: loss, gradient, update, with the values to report about each.
import Autograd
import Datasets
import Layers
import Methods

/// A step can be inspected between its pieces; weights change in the last one alone.
struct LearningStep {
  let batch: Batch
  let loss: Loss
  /// The learning rate it takes.
  let rate: Double
  private let total: Tensor
  private let isMeasuring: Bool
  private var gradient: Gradients?
  private(set) var outcome: Outcome

  struct Outcome {
    var terms: [TermReport]
    /// By term, the entries its mean runs over; nil where it runs over something else.
    var counted: [Tensor?]
    var total: Float
    /// L2 norm of the whole gradient; 0 before there is one.
    var gradNorm: Float
    var rate: Double
    var probabilities: Tensor?
    var teacher: Tensor?
    var measures: [String: Float]

    /// The step's point of each curve, by name.
    var scalars: [String: Float] {
      var values = ["loss/total": total, "grad/total": gradNorm, "lr": Float(rate)]
      for term in terms {
        values["loss/\(term.name)"] = Float(term.value)
        if terms.count > 1 { values["w/\(term.name)"] = Float(term.weight) }
        if let norm = term.gradNorm { values["grad/\(term.name)"] = Float(norm) }
      }
      return values.merging(measures) { $1 }
    }
  }

  /// A term whose gradient is longer than this is flagged.
  static let explodingNorm = 1e3
  /// A term whose gradient has a smaller cosine with the first one's is flagged.
  static let conflictingCosine = -0.5

  /// Throws `Divergence` if the loss is not finite.
  init(_ batch: Batch, _ loss: Loss, rate: Double, measuring: Bool) throws {
    self.batch = batch
    self.loss = loss
    self.rate = rate
    isMeasuring = measuring
    total = loss.total
    outcome = Outcome(
      terms: loss.terms.map { LearningStep.report($0) }, counted: loss.terms.map(\.counted),
      total: total.item, gradNorm: 0, rate: rate, probabilities: loss.probabilities,
      teacher: loss.teacherProbabilities,
      measures: loss.measures)
    try check()
  }

  private func check() throws {
    guard !total.item.isFinite else { return }
    let suspects =
      [("input", batch.input)] + (loss.probabilities.map { [("probabilities", $0)] } ?? [])
      + loss.terms.map { ("loss/\($0.name)", $0.value) } + [("loss/total", total)]
    let culprit = suspects.first { !$0.1.detached.sum().item.isFinite }
    if culprit?.0 == "input" { throw badInput }
    throw Divergence(tensor: culprit?.0 ?? "loss/total", what: "is not finite")
  }

  /// The gradient of the whole; while measuring, of each term as well.
  mutating func backward(
    _ trained: [(name: String, parameter: Parameter)], maxNorm: Double
  ) throws {
    let parameters = trained.map(\.parameter)
    if isMeasuring, loss.terms.count > 1 { measure(parameters) }
    var gradient = gradients(of: total, forgetting: true)
    outcome.gradNorm = try norm(gradient, trained)
    if loss.terms.count == 1 { judge(0, norm: Double(outcome.gradNorm), cosine: nil) }
    if maxNorm > 0 { _ = gradient.clip(norm: maxNorm, of: parameters) }
    self.gradient = gradient
  }

  mutating func update(_ optimizer: any Optimizer) {
    if let gradient, !loss.isEmpty { optimizer.step(gradient, learningRate: rate) }
    gradient = nil
  }

  /// A ReLU can hide a non-finite input from the loss; it shows here.
  private func norm(
    _ gradient: Gradients, _ trained: [(name: String, parameter: Parameter)]
  ) throws -> Float {
    var squares = 0.0
    for (name, parameter) in trained {
      let length = gradient.norm(of: [parameter])
      let square = length * length
      guard square.isFinite else {
        guard batch.input.sum().item.isFinite else { throw badInput }
        throw Divergence(tensor: name, what: "has no finite gradient")
      }
      squares += square
    }
    return Float(squares.squareRoot())
  }

  private var badInput: Divergence {
    let reason = batch.fault.map { " (\($0))" } ?? ""
    return Divergence(tensor: "input", what: "is not finite\(reason)")
  }

  // MARK: measurements

  /// Each term's weighted gradient: its norm and its cosine with the first term's.
  private mutating func measure(_ parameters: [Parameter]) {
    var first: Gradients?
    for (index, term) in loss.terms.enumerated() {
      let gradient = gradients(of: term.value)
      let cosine = first.flatMap { gradient.cosine(with: $0, over: parameters) }
      judge(index, norm: gradient.norm(of: parameters) * abs(term.weight), cosine: cosine)
      if first == nil { first = gradient }
    }
  }

  private mutating func judge(_ index: Int, norm: Double, cosine: Double?) {
    var flags: [String] = []
    let term = outcome.terms[index]
    if term.contribution != 0, norm == 0 { flags.append("dead") }
    if norm > Self.explodingNorm { flags.append("exploding") }
    if let cosine, cosine < Self.conflictingCosine { flags.append("conflicting") }
    outcome.terms[index].gradNorm = norm
    outcome.terms[index].cosWithSupervised = cosine
    outcome.terms[index].flags = flags
  }

  private static func report(_ term: Loss.Term) -> TermReport {
    let value = Double(term.value.item)
    return TermReport(
      name: term.name, value: value, weight: term.weight, contribution: value * term.weight,
      denominator: term.denominator, entries: term.entries, flags: [])
  }
}

/// A non-finite value: which tensor, and what is wrong with it.
struct Divergence: Error, CustomStringConvertible {
  let tensor: String
  let what: String
  var description: String { "\(tensor) \(what); expected finite numbers" }
}

/// The last measurement of each term's gradient: it stands in the reports until the next one.
struct MeasuredTerms {
  private var newest: [String: TermReport] = [:]

  /// Terms of a step with the gradient norm, cosine and flags as last measured.
  mutating func completing(_ terms: [TermReport], at step: Int) -> [TermReport] {
    terms.map { term in
      var term = term
      if term.gradNorm != nil {
        term.measuredAt = step
        newest[term.name] = term
      } else if let before = newest[term.name] {
        (term.gradNorm, term.flags) = (before.gradNorm, before.flags)
        term.measuredAt = before.measuredAt
        term.cosWithSupervised = before.cosWithSupervised
      }
      return term
    }
  }
}
