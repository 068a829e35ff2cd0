// The thresholds of pseudo-labels as a method uses them: fixed, or adapted to each class.
import Autograd
import Datasets
import Layers

/// Chooses the pseudo-labels of missing entries. Each class is a problem of two exclusive classes,
/// present and absent.
///
/// - `fixed`: two probabilities.
/// - `class-aware`: `ClassAwareThresholds` of the scores of the last epoch; fixed in the first one.
/// - `freematch`: `FreeMatchThresholds`, an instance per class, with its fairness term.
/// - `softmatch`: `SoftMatchWeights`, an instance per class, aligned with the share of positives
///   among the observed labels.
struct AdaptiveThresholds {
  enum Rule: String, CaseIterable, HyperparameterValue {
    case fixed
    case classAware = "class-aware"
    case freeMatch = "freematch"
    case softMatch = "softmatch"
  }
  static let rule = Hyperparameter<Rule>(
    "thresholds", "thresholds", help: "fixed, or adapted to each class as training goes on",
    initial: .fixed)
  static let momentum = Hyperparameter<Double>(
    "momentum", "momentum",
    help: "freematch, softmatch: what the averages keep of themselves in a step", initial: 0.99,
    range: 0...0.9999)
  static let fairness = Hyperparameter<Double>(
    "fairness", "fairness",
    help: "freematch: weight of the term against predicting one answer too often", initial: 0.01,
    range: 0...1000, before: 0)
  static let adaptive: [any ListedHyperparameter] = [momentum, fairness]

  private let rule: Rule
  private let fixed: PseudoLabels.Thresholds
  private let momentum: Double
  private let fairness: Double
  private let shares: [Double]
  private let stepsPerEpoch: Int
  private var free: [FreeMatchThresholds]
  private var soft: [SoftMatchWeights]
  /// The scores of each class's missing entries in `epoch`, and the thresholds from those before.
  private var scores: [[Double]]
  private var ranked: [ClassAwareThresholds?]
  private var epoch = 0

  init(_ setup: MethodSetup) {
    rule = setup[Self.rule]
    fixed = PseudoLabels.Thresholds(setup)
    momentum = setup[Self.momentum]
    fairness = setup[Self.fairness]
    stepsPerEpoch = setup.stepsPerEpoch
    shares = setup.labelCounts.map(\.positiveShare)
    let momentum = momentum
    free = shares.map { _ in FreeMatchThresholds(classes: 2, momentum: momentum) }
    soft = shares.map { SoftMatchWeights(expected: [1 - $0, $0], momentum: momentum) }
    scores = shares.map { _ in [] }
    ranked = shares.map { _ in nil }
  }

  /// The pseudo-labels of a batch for probabilities [B, C], after `step` steps of the stage.
  mutating func labels(
    _ probabilities: Tensor, missingIn batch: Batch, step: Int
  ) -> PseudoLabels {
    guard rule != .fixed else { return PseudoLabels(probabilities, missingIn: batch, fixed) }
    if rule == .classAware { turn(to: step / stepsPerEpoch) }
    let (values, observed) = (probabilities.values, batch.observed.values)
    let classes = shares.count
    var targets = [Float](repeating: 0, count: values.count), weights = targets
    for c in 0..<classes {
      let entries = stride(from: c, to: values.count, by: classes).filter { observed[$0] == 0 }
      let chosen = choose(entries.map { Double(values[$0]) }, of: c)
      for (entry, choice) in zip(entries, chosen) {
        targets[entry] = choice.isPositive ? 1 : 0
        weights[entry] = Float(choice.weight)
      }
    }
    return PseudoLabels(
      targets: Tensor(targets, probabilities.shape), weights: Tensor(weights, probabilities.shape))
  }

  /// FreeMatch's fairness term: the mean over the classes of their terms, each over the entries
  /// with a pseudo-label. Nil for other rules and for weight 0.
  ///
  /// - Parameters:
  ///   - probabilities: Those of the harsh look, [B, C].
  ///   - labels: The pseudo-labels of the same batch, chosen before.
  func fairnessTerm(_ probabilities: Tensor, _ labels: PseudoLabels) -> Loss.Term? {
    guard rule == .freeMatch, fairness > 0 else { return nil }
    let (batch, weights) = (probabilities.shape[0], labels.weights.values)
    let terms = free.indices.compactMap { c -> Tensor? in
      let present = probabilities.slice(1, c..<c + 1)
      let rows = (0..<batch).filter { weights[$0 * free.count + c] > 0 }
      return free[c].fairness(of: .concat(present * -1 + 1, present, axis: 1), in: rows)
    }
    let sum = terms.dropFirst().reduce(terms.first ?? Tensor(0)) { $0 + $1 }
    return Loss.Term(
      "fair", sum / Float(max(terms.count, 1)), weight: fairness, counting: labels.weights)
  }

  private typealias Choice = (isPositive: Bool, weight: Double)

  private mutating func choose(_ scores: [Double], of c: Int) -> [Choice] {
    let rows = scores.map { [1 - $0, $0] }
    switch rule {
    case .freeMatch:
      free[c].update(rows)
      return zip(scores, rows).map { ($0 >= 0.5, free[c].isSure($1) ? 1 : 0) }
    case .softMatch:
      return zip(scores, soft[c].update(rows)).map { ($0 >= 0.5, $1) }
    case .classAware, .fixed:
      self.scores[c] += scores
      return scores.map { score in
        guard let own = ranked[c] else { return fixedChoice(score) }
        return (own.isPositive(score), own.counts(score) ? 1 : 0)
      }
    }
  }

  private func fixedChoice(_ score: Double) -> Choice {
    let isPositive = Float(score) >= fixed.positive
    return (isPositive, isPositive || Float(score) <= fixed.negative ? 1 : 0)
  }

  /// At the first step of an epoch, ranks the scores of the one before.
  private mutating func turn(to next: Int) {
    guard next != epoch else { return }
    epoch = next
    for c in scores.indices where !scores[c].isEmpty {
      ranked[c] = ClassAwareThresholds(
        scores: scores[c], shares: (shares[c], 1 - shares[c]))
      scores[c] = []
    }
  }
}

// MARK: resuming

extension AdaptiveThresholds {
  var memory: [String: Tensor] {
    let classes = shares.count
    switch rule {
    case .fixed: return [:]
    case .freeMatch:
      let rows: [Double] = free.flatMap { [$0.level] + $0.means + $0.shares }
      return ["thresholds": Tensor(rows.map { Float($0) }, [classes, 5])]
    case .softMatch:
      // Without an update there are no means yet, which −1 says.
      let rows: [Double] = soft.flatMap { $0.mean + $0.variance + ($0.means ?? [-1, -1]) }
      return ["thresholds": Tensor(rows.map { Float($0) }, [classes, 4])]
    case .classAware:
      return rankedMemory
    }
  }

  private var rankedMemory: [String: Tensor] {
    let rows: [[Double]] = ranked.map { own in
      guard let own else { return [0, 0, 0, 0] }
      return [1, own.label, own.positive, own.negative]
    }
    let all: [Double] = scores.reduce([], +)
    return [
      "thresholds": Tensor(rows.reduce([], +).map { Float($0) }, [shares.count, 4]),
      "epoch": Tensor(Float(epoch)),
      "score.counts": Tensor(scores.map { Float($0.count) }, [shares.count]),
      "scores": Tensor(all.map { Float($0) }, [all.count]),
    ]
  }

  mutating func restore(_ memory: [String: Tensor]) throws {
    guard rule != .fixed else { return }
    let width = rule == .freeMatch ? 5 : 4
    let table = try SavedState.entry("thresholds", [shares.count, width], in: memory).values
    let rows = shares.indices.map { c in
      table[c * width..<(c + 1) * width].map { Double($0) }
    }
    switch rule {
    case .fixed: break
    case .freeMatch:
      free = rows.map {
        FreeMatchThresholds(
          level: $0[0], means: [$0[1], $0[2]], shares: [$0[3], $0[4]], momentum: momentum)
      }
    case .softMatch:
      for (c, row) in rows.enumerated() {
        let means = row[2] < 0 ? nil : [row[2], row[3]]
        soft[c].restore(mean: row[0], variance: row[1], means: means)
      }
    case .classAware: try restoreScores(memory, rows)
    }
  }

  private mutating func restoreScores(
    _ memory: [String: Tensor], _ rows: [[Double]]
  ) throws {
    ranked = rows.map { row in
      row[0] == 0
        ? nil : ClassAwareThresholds(label: row[1], positive: row[2], negative: row[3])
    }
    epoch = try SavedState.steps("epoch", in: memory)
    let counts = try SavedState.entry("score.counts", [shares.count], in: memory).values
      .map { Int($0) }
    var rest = try SavedState.entry("scores", [counts.reduce(0, +)], in: memory).values[...]
    for (c, count) in counts.enumerated() {
      scores[c] = rest.prefix(count).map { Double($0) }
      rest = rest.dropFirst(count)
    }
  }
}
