/// The input of the metrics: a score, a target and an observed flag for every clip and class.
public struct LabelledScores: Sendable, Equatable {
  /// The number of clips.
  public let clips: Int
  /// The number of classes.
  public let classes: Int
  /// Whether exactly one class of each clip is positive. Only then is `accuracy` defined.
  public let isSingleLabel: Bool
  /// The scores, `[clips, classes]`, row-major.
  public let scores: [Float]
  /// The targets, `[clips, classes]`, row-major; 0.5 or more is positive.
  public let targets: [Float]
  /// Whether the label is observed, `[clips, classes]`, row-major.
  public let observed: [Bool]
  /// The groups of classes for `sonyc-auprc`, which is undefined without them.
  public var groups: TagGroups?

  /// Takes flat, row-major arrays `[clips, classes]`.
  ///
  /// - Throws: `MetricError.shape` if a count is not `clips × classes`.
  public init(
    scores: [Float], targets: [Float], observed: [Bool], classes: Int, isSingleLabel: Bool = false
  ) throws(MetricError) {
    let clips = classes > 0 ? scores.count / classes : 0
    for (what, count) in [
      ("scores", scores.count), ("targets", targets.count), ("observed", observed.count),
    ] where classes <= 0 || count != clips * classes {
      throw .shape(what: what, count: count, expected: "\(clips) clips × \(classes) classes")
    }
    self.clips = clips
    self.classes = classes
    self.isSingleLabel = isSingleLabel
    self.scores = scores
    self.targets = targets
    self.observed = observed
  }

  /// Takes nested arrays `[clips][classes]`.
  ///
  /// - Throws: `MetricError.shape` if the rows differ in length.
  public init(
    scores: [[Float]], targets: [[Float]], observed: [[Bool]], isSingleLabel: Bool = false
  ) throws(MetricError) {
    let classes = scores.first?.count ?? 0
    let counts = scores.map(\.count) + targets.map(\.count) + observed.map(\.count)
    if let odd = counts.first(where: { $0 != classes }) {
      throw .shape(what: "a row", count: odd, expected: "\(classes) classes")
    }
    try self.init(
      scores: Array(scores.joined()), targets: Array(targets.joined()),
      observed: Array(observed.joined()), classes: classes, isSingleLabel: isSingleLabel)
  }

  /// Other clips, or other scores, of the same classes. The arrays have one length.
  init(_ other: LabelledScores, scores: [Float], targets: [Float], observed: [Bool]) {
    precondition(scores.count == targets.count && targets.count == observed.count)
    clips = scores.count / other.classes
    (classes, isSingleLabel, groups) = (other.classes, other.isSingleLabel, other.groups)
    (self.scores, self.targets, self.observed) = (scores, targets, observed)
  }

  /// The number of observed entries.
  public var scored: Int { observed.count { $0 } }
  /// The number of entries, observed or missing.
  public var entries: Int { observed.count }
}

/// The reason why scores cannot be evaluated, for example those of a model that diverged.
public enum MetricError: Error, Equatable, CustomStringConvertible {
  /// An array has another number of values than expected.
  case shape(what: String, count: Int, expected: String)
  /// The score of an observed entry is NaN or infinite.
  case nonFinite(score: Float, clip: Int, classIndex: Int)
  /// Methods cannot be compared: what is wrong, and what was expected.
  case pairing(String)

  /// One line: what is wrong, and what was expected.
  public var description: String {
    switch self {
    case .shape(let what, let count, let expected):
      "\(what) has \(count) values; expected \(expected)"
    case .nonFinite(let score, let clip, let classIndex):
      "the score of clip \(clip), class \(classIndex) is \(score); expected a finite number"
    case .pairing(let words): words
    }
  }
}
