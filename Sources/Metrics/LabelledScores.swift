/// What is scored: one score, one target and whether it was observed, for every clip and class.
public struct LabelledScores: Sendable, Equatable {
  public let clips: Int
  public let classes: Int
  /// Exactly one class of a clip is right; `accuracy` exists only here.
  public let isSingleLabel: Bool
  /// `[clips, classes]`, row-major. A target of 0.5 or more counts as positive.
  public let scores: [Float]
  public let targets: [Float]
  public let observed: [Bool]
  /// Which classes form groups, for `sonyc-auprc`; it exists only here.
  public var groups: TagGroups?

  /// Flat, row-major `[clips, classes]`. Throws when the three counts are not `clips × classes`.
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

  /// Nested `[clips][classes]`. Throws when a row has another length than the first.
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

  /// Observed entries, the denominator of every metric.
  public var scored: Int { observed.count { $0 } }
  public var entries: Int { observed.count }
}

/// Why a set of scores cannot be scored. An answer, not a trap: a diverged model ends up here.
public enum MetricError: Error, Equatable, CustomStringConvertible {
  case shape(what: String, count: Int, expected: String)
  case nonFinite(score: Float, clip: Int, classIndex: Int)

  public var description: String {
    switch self {
    case .shape(let what, let count, let expected):
      "\(what) has \(count) values; expected \(expected)"
    case .nonFinite(let score, let clip, let classIndex):
      "the score of clip \(clip), class \(classIndex) is \(score); expected a finite number"
    }
  }
}
