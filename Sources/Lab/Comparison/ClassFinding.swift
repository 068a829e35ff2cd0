// What the best method of a comparison can do with each class.
import Metrics

/// What can be said about a class.
public struct ClassFinding: Codable, Sendable, Equatable {
  /// How sure a statement about a class is.
  public enum Certainty: String, Codable, Sendable, Equatable {
    /// The interval lies above `goodF1` and above what "always present" reaches.
    case reliable
    /// F1 does, but the interval does not.
    case likely
    /// F1 does not.
    case weak
    /// Too few labels to say anything.
    case tooLittle = "too little"
  }

  /// F1 from which a class counts as found well.
  public static let goodF1 = 0.7
  /// Clips with the class observed present, and absent, below which nothing is said.
  public static let fewestLabels = 5
  /// Groups with a positive below which nothing is said.
  public static let fewestGroups = 3
  /// Mistakes with one other class from which the class is named.
  public static let fewestMistakes = 2

  public let name: String
  /// Clips with the class observed present and absent.
  public let positives: Int
  public let negatives: Int
  /// F1 of the positives; nil with too little to say.
  public let f1: Double?
  public let interval: ScoreRange?
  public let certainty: Certainty
  /// What goes wrong, or why nothing can be said.
  public let detail: String?
  /// The class that explains most mistakes.
  public let confusedWith: String?
  /// Positives that would halve the interval, if its width falls with the root of their number;
  /// nil for a reliable class.
  public let positivesToHalve: Int?

  var isJudged: Bool { certainty != .tooLittle }

  /// The whole statement.
  public var words: String {
    let statement = certainty.rawValue + (detail.map { ": \($0)" } ?? "")
    guard certainty == .likely, let positivesToHalve else { return statement }
    return statement + "; about \(positivesToHalve) more positives would halve the interval"
  }
}

/// Finds what can be said about the classes of one method.
struct ClassFindings {
  private let method: Int
  private let decisions: GroupedDecisions
  private let bootstrap: GroupBootstrap
  private let mistakes: ClassMistakes
  private let positives, negatives, answered: [Int]
  /// How often a clip was tested.
  private let isRepeated: Bool
  private let clips: Int
  private let f1: [Double?]

  init(
    _ predictions: OutOfFoldPredictions, _ method: Int, _ decisions: GroupedDecisions,
    _ bootstrap: GroupBootstrap
  ) throws {
    (self.method, self.decisions, self.bootstrap) = (method, decisions, bootstrap)
    mistakes = try ClassMistakes(predictions.labelled)
    clips = Set(predictions.clips).count
    isRepeated = clips < predictions.clips.count
    let classes = 0..<decisions.classes
    positives = classes.map { c in predictions.count(c) { $0 >= 0.5 } }
    negatives = classes.map { c in predictions.count(c) { $0 < 0.5 } }
    answered = decisions.positives
    f1 = decisions.f1[method]
  }

  func of(_ c: Int, _ classes: [String]) -> ClassFinding {
    guard let score = f1[c], let range = bootstrap.interval(of: method, class: c),
      tooLittle(c) == nil
    else { return finding(c, classes, nil, nil, .tooLittle, tooLittle(c), nil) }
    let always = 2 * Double(positives[c]) / Double(2 * positives[c] + negatives[c])
    let bar = max(ClassFinding.goodF1, always)
    let confused = confusion(c)
    if range.low >= bar { return finding(c, classes, score, range, .reliable, nil, nil) }
    if score >= bar { return finding(c, classes, score, range, .likely, nil, nil) }
    let detail =
      score <= always && always >= ClassFinding.goodF1
      ? String(format: "no better than always \"present\" (%.2f)", always)
      : trouble(c, classes, confused)
    return finding(c, classes, score, range, .weak, detail, confused?.other)
  }

  private func finding(
    _ c: Int, _ classes: [String], _ f1: Double?, _ range: ConfidenceInterval?,
    _ certainty: ClassFinding.Certainty, _ detail: String?, _ other: Int?
  ) -> ClassFinding {
    ClassFinding(
      name: classes[c], positives: positives[c], negatives: negatives[c], f1: f1,
      interval: range.map(ScoreRange.init), certainty: certainty, detail: detail,
      confusedWith: other.map { classes[$0] },
      positivesToHalve: [.likely, .weak].contains(certainty) ? 3 * positives[c] : nil)
  }

  /// Why nothing can be said about the class.
  private func tooLittle(_ c: Int) -> String? {
    let (fewest, count) = (ClassFinding.fewestLabels, positives[c])
    if count == 0 { return "no clip is labelled present" }
    if count < fewest {
      return "\(count) \(count == 1 ? "positive" : "positives") in \(clips) clips"
    }
    let groups = decisions.groupsWithPositives[c]
    if groups < ClassFinding.fewestGroups {
      return "\(count) positives from \(groups) \(groups == 1 ? "recording" : "recordings")"
    }
    guard negatives[c] < fewest else { return nil }
    return "\(negatives[c]) of \(clips) clips labelled absent"
  }

  private struct Confused {
    let other, count, of: Int
    let isMissed: Bool
  }

  /// The class that goes with most mistakes of the more frequent kind.
  private func confusion(_ c: Int) -> Confused? {
    let (misses, alarms) = (mistakes.misses[c], mistakes.falseAlarms[c])
    let isMissed = misses >= alarms
    let counts = isMissed ? mistakes.heardInstead[c] : mistakes.falseAlarmsOn[c]
    guard let most = counts.indices.max(by: { (counts[$0], $1) < (counts[$1], $0) }),
      counts[most] >= ClassFinding.fewestMistakes
    else { return nil }
    return Confused(
      other: most, count: counts[most], of: isMissed ? answered[c] : alarms, isMissed: isMissed)
  }

  private func trouble(_ c: Int, _ classes: [String], _ confused: Confused?) -> String {
    let tests = isRepeated ? " tests" : ""
    guard let confused else {
      let (misses, alarms) = (mistakes.misses[c], mistakes.falseAlarms[c])
      return misses >= alarms
        ? "missed in \(misses) of \(answered[c])\(tests)"
        : "\(alarms) false \(alarms == 1 ? "alarm" : "alarms")"
    }
    let other = classes[confused.other]
    return confused.isMissed
      ? "confused with \(other) in \(confused.count) of \(confused.of)\(tests)"
      : "\(confused.count) of \(confused.of) false alarms on \(other)"
  }
}

extension OutOfFoldPredictions {
  /// Clips, each counted once, whose target of a class is observed and wanted.
  fileprivate func count(_ c: Int, _ isWanted: (Float) -> Bool) -> Int {
    let rows = clips.indices.filter {
      let entry = $0 * labelled.classes + c
      return labelled.observed[entry] && isWanted(labelled.targets[entry])
    }
    return Set(rows.map { clips[$0] }).count
  }
}
