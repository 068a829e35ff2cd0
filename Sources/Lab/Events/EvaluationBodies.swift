// The bodies of events about what the model gets right and why: loss terms, scores, predictions.

/// One loss term at one step.
public struct TermReport: Codable, Sendable, Equatable {
  public var name: String
  public var value: Double
  public var weight: Double
  public var contribution: Double
  /// L2 norm of the term's gradient over all trainable parameters, as last
  /// measured; absent before that.
  public var gradNorm: Double?
  /// Cosine of the angle between this term's gradient and the first term's, as last measured;
  /// absent for the first term, and where one of the two is 0.
  public var cosWithSupervised: Double?
  /// The step of which `gradNorm` and `cosWithSupervised` are; absent in older logs.
  public var measuredAt: Int?
  /// How many (clip, class) entries the mean runs over, and of how many.
  public var denominator: Int
  public var entries: Int
  /// In a snapshot's losses: a text a clip of the batch, a digit a class, 1 where the mean counts
  /// the entry. Absent in older logs, and where the mean runs over something else than labels.
  public var counted: [String]?
  /// `dead`: a value without a gradient. `exploding`: a very long gradient. `conflicting`: it
  /// pulls against the first term's.
  public var flags: [String]

  package init(
    name: String, value: Double, weight: Double, contribution: Double, gradNorm: Double? = nil,
    cosWithSupervised: Double? = nil, denominator: Int, entries: Int, flags: [String],
    measuredAt: Int? = nil, counted: [String]? = nil
  ) {
    self.measuredAt = measuredAt
    self.counted = counted
    self.name = name
    self.value = value
    self.weight = weight
    self.contribution = contribution
    self.gradNorm = gradNorm
    self.cosWithSupervised = cosWithSupervised
    self.denominator = denominator
    self.entries = entries
    self.flags = flags
  }
}

public struct Terms: Codable, Sendable, Equatable {
  public var terms: [TermReport]

  package init(terms: [TermReport]) {
    self.terms = terms
  }
}

public struct EvalStart: Codable, Sendable, Equatable {
  public var split: String
  public var model: String

  package init(split: String, model: String) {
    self.split = split
    self.model = model
  }
}

public struct ClassScore: Codable, Sendable, Equatable {
  public var name: String
  /// Absent where the class has no observed positive (or no negative) in the split.
  public var ap: Double?
  public var rocAUC: Double?
  public var precision: Double?
  public var recall: Double?
  public var f1: Double?
  /// ½(F1⁺ + F1⁻).
  public var f1Both: Double?
  public var observed: Int
  public var positives: Int

  package init(
    name: String, ap: Double? = nil, rocAUC: Double? = nil, precision: Double? = nil,
    recall: Double? = nil, f1: Double? = nil, f1Both: Double? = nil, observed: Int, positives: Int
  ) {
    self.name = name
    self.ap = ap
    self.rocAUC = rocAUC
    self.precision = precision
    self.recall = recall
    self.f1 = f1
    self.f1Both = f1Both
    self.observed = observed
    self.positives = positives
  }
}

/// Between which values a metric lies, at 95 % confidence.
public struct ScoreInterval: Codable, Sendable, Equatable {
  public var low: Double
  public var high: Double
  /// How many times the clips were drawn anew, as far as the metric was defined.
  public var draws: Int

  package init(low: Double, high: Double, draws: Int) {
    self.low = low
    self.high = high
    self.draws = draws
  }
}

public struct EvalEnd: Codable, Sendable, Equatable {
  public var split: String
  /// `student` or `teacher`.
  public var model: String
  public var seconds: Double
  /// Metric id to value; a metric that is undefined here is absent.
  public var metrics: [String: Double]
  /// Mean binary cross-entropy over the observed entries; absent where none is observed.
  public var loss: Double?
  public var perClass: [ClassScore]
  /// The metrics' denominator: entries scored, of entries there are.
  public var scored: Int
  public var entries: Int
  /// Metric id to where 95 % of other draws of clips would put it; absent unless asked for.
  public var intervals: [String: ScoreInterval]?
  /// Where labels are missing: the smallest and largest value of a metric over all ways to answer
  /// them.
  public var bounds: [String: [Double]]?

  package init(
    split: String, model: String, seconds: Double, metrics: [String: Double],
    loss: Double? = nil, perClass: [ClassScore], scored: Int, entries: Int,
    bounds: [String: [Double]]? = nil
  ) {
    self.bounds = bounds
    self.split = split
    self.model = model
    self.seconds = seconds
    self.metrics = metrics
    self.loss = loss
    self.perClass = perClass
    self.scored = scored
    self.entries = entries
  }
}

public struct ClipPrediction: Codable, Sendable, Equatable {
  public var clip: String
  public var model: String
  public var probs: [Float]
  /// One letter a class, as in `LabelState`.
  public var labels: String

  package init(clip: String, model: String, probs: [Float], labels: String) {
    self.clip = clip
    self.model = model
    self.probs = probs
    self.labels = labels
  }
}

public struct TensorSummary: Codable, Sendable, Equatable {
  public var name: String
  public var shape: [Int]
  public var min: Float
  public var max: Float
  public var mean: Float
  public var norm: Float
  public var nonFinite: Int

  package init(
    name: String, shape: [Int], min: Float, max: Float, mean: Float, norm: Float, nonFinite: Int
  ) {
    self.name = name
    self.shape = shape
    self.min = min
    self.max = max
    self.mean = mean
    self.norm = norm
    self.nonFinite = nonFinite
  }
}

/// One phase of a step, told before the step counts: that of the event's header is the one before.
public struct StepSnapshot: Codable, Sendable, Equatable {
  public var phase: PhaseChange.Name
  public var clips: [String]
  public var tensors: [TensorSummary]
  public var terms: [TermReport]
  /// Nanoseconds this phase took; absent where the step was not walked through.
  public var duration: UInt64?
  /// After a forward pass: what it answered, a clip a row, to four decimals. The pass is the one
  /// that is trained on, with dropout and augmentation.
  public var answers: [[Float]]?
  /// After the update: the learning rate it took.
  public var rate: Double?

  package init(
    phase: PhaseChange.Name, clips: [String], tensors: [TensorSummary], terms: [TermReport],
    duration: UInt64? = nil, answers: [[Float]]? = nil, rate: Double? = nil
  ) {
    self.rate = rate
    self.answers = answers
    self.duration = duration
    self.phase = phase
    self.clips = clips
    self.tensors = tensors
    self.terms = terms
  }
}

extension EvalEnd {
  /// One line where some classes are left out of the means over classes; nil where none is.
  public var coverage: String? {
    let all = perClass.count
    let known = perClass.count { $0.positives > 0 }
    let both = perClass.count { $0.positives > 0 && $0.observed > $0.positives }
    guard both < all else { return nil }
    return "of \(all) classes, f1-macro, ap-macro and auprc-macro are means over the \(known) with "
      + "an observed positive, f1-macro-both and roc-auc-macro over the \(both) with a negative too"
  }
}

extension RunFolder {
  /// That of the run's test.
  public func coverage() throws -> String? {
    for event in try EventLog.read(events, kinds: [.evalEnd]).events.reversed() {
      if case .evalEnd(let end) = event.body, end.split == "test" { return end.coverage }
    }
    return nil
  }
}
