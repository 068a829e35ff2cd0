// The verdict in sentences: the same on screen and in JSON.
import Foundation
import Metrics

extension Verdict {
  /// The metric's short name.
  public var metricName: String { metric == .accuracy ? "accuracy" : "F1" }

  /// What is drawn as a whole: `recordings` where several clips belong to one group.
  public var unit: String { isGrouped ? "recordings" : "clips" }

  /// Whether clips of one group stayed in one fold.
  public var isGrouped: Bool { testedGroups < testedClips }

  /// The verdict, a sentence each; without the best method's own line.
  public var sentences: [String] {
    guard let best else { return [] }
    return [level, rest, baselineSentence(best), sensitivity, bought?.words].compactMap { $0 }
  }

  /// `transfer (mn04): F1 0.81, interval 0.74 to 0.87, trained in 48 s.`
  public var headline: String {
    guard let best else { return "No score: no class is observed present and absent in the tests." }
    return "\(best.title): \(metricName) \(two(best.score)), interval \(two(best.interval.low)) to "
      + "\(two(best.interval.high)), trained in \(Int(best.seconds.rounded())) s."
  }

  private var level: String? {
    guard rows.count > 1 else { return nil }
    let others = indistinguishable
    if others.isEmpty { return "Every other method is below it." }
    let named = others.map { "\($0.title) (\(p($0.versusBest?.corrected ?? 1)))" }
    let list =
      named.count < 2
      ? named.joined() : named.dropLast().joined(separator: ", ") + " and \(named[named.count - 1])"
    return "Not distinguishable from it: \(list)."
  }

  private var rest: String? {
    guard let next = rows.first(where: { $0.group == 1 }), let test = next.versusBest else {
      return nil
    }
    let who = indistinguishable.isEmpty ? "The next, \(next.title)," : "The next group"
    return "\(who) is \(two(-test.difference)) lower, \(p(test.corrected))."
  }

  private func baselineSentence(_ best: MethodVerdict) -> String? {
    guard let baseline, best.interval.low <= baseline.score else { return nil }
    return "It is not shown to be better than \(baseline.name) (\(two(baseline.score)))."
  }

  private var sensitivity: String? {
    guard let smallestDifference, smallestDifference < Self.coarse,
      testedGroups >= Self.fewestGroups
    else { return nil }
    return "Differences below \(two(smallestDifference)) cannot be seen with "
      + "\(count(testedGroups, unit))."
  }

  /// What was too little to say more, a line each.
  public var tooLittle: [String] {
    var lines: [String] = []
    if rows.isEmpty { lines.append(headline) }
    let tested = count(testedGroups, unit).replacing(" ", with: " test ")
    if rows.count > 1, testedGroups < Self.fewestGroups {
      lines.append("\(tested): no difference can be seen; \(Self.fewestGroups) are needed.")
    } else if let smallestDifference, smallestDifference >= Self.coarse {
      lines.append("\(tested): differences below \(two(smallestDifference)) cannot be seen.")
    }
    if facts.foldsTested < facts.folds {
      lines.append("\(facts.foldsTested) of \(facts.folds) folds tested: the rest is unknown.")
    }
    for finding in findings where finding.certainty == .tooLittle {
      let detail = finding.detail ?? "too few labels"
      lines.append("\(finding.name): \(detail). Nothing can be said about this class.")
    }
    return lines
  }

  /// What the forecasts of the learning curve say, a sentence each.
  public var curveSentences: [String] {
    guard let curve else { return [] }
    let all = curve.forecast.map { [$0.words] } ?? []
    return all + curve.classes.filter(\.isClear).prefix(Self.mostForecasts).map(\.words)
  }

  /// Classes whose forecasts are put into words.
  private static let mostForecasts = 3

  /// What the numbers mean.
  public var notes: [String] {
    let meaning =
      metric == .accuracy
      ? "accuracy: share of clips whose highest-scored class is right."
      : "F1: mean of the F1 of present and of absent, mean over classes. "
        + "F1 of a class: that of present."
    let tests =
      comparisons > 0
      ? " p: answers swapped by \(isGrouped ? "recording" : "clip"), Holm for "
        + "\(count(comparisons, "comparisons"))." : ""
    return [
      meaning,
      "Intervals of \(Int(Self.level * 100)) % over \(unit): they do not cover another training."
        + tests,
    ] + (curve == nil ? [] : [LearningCurve.assumption])
  }

  /// `p .04`, `p < .001`
  private func p(_ value: Double) -> String {
    if value < 0.001 { return "p < .001" }
    let digits = String(format: value < 0.01 ? "%.3f" : "%.2f", value)
    return value >= 0.995 ? "p 1" : "p " + digits.dropFirst()
  }

  private func two(_ value: Double) -> String { String(format: "%.2f", value) }

  private func count(_ number: Int, _ nouns: String) -> String {
    "\(number) \(number == 1 ? String(nouns.dropLast()) : nouns)"
  }
}

/// A command that carries on from a verdict.
public struct NextStep: Sendable, Equatable, Encodable {
  public let command: String
  /// What it is good for.
  public let purpose: String
}

extension Verdict {
  /// What to do next. A step whose folder is unknown is left out.
  public var next: [NextStep] {
    var steps: [NextStep] = []
    if let best, let run = facts.runs[best.name].map(Self.word) {
      steps.append(
        NextStep(
          command: "scant predict \(run) NEW-FOLDER --format audacity",
          purpose: "label further recordings"))
      if facts.observed < 1 {
        steps.append(
          NextStep(
            command: "scant suggest \(run) --count 20 --out to-label.csv",
            purpose: "the 20 answers worth most" + wanted))
      }
    }
    if let folder = facts.folder.map(Self.word) {
      steps.append(
        NextStep(command: "scant open \(folder)", purpose: "look at the mistakes on 4 Clips"))
    }
    return steps
  }

  /// Classes that need labels most.
  private var wanted: String {
    let short = findings.filter { $0.certainty == .tooLittle }.map(\.name)
    let rising = curve?.classes.filter(\.isClear).compactMap(\.className) ?? []
    let names = (short + rising).prefix(3)
    return names.isEmpty ? "" : "; \(names.joined(separator: ", ")) need them most"
  }

  /// A path as one word of a shell.
  private static func word(_ path: String) -> String {
    let plain = path.allSatisfy {
      $0.isASCII && ($0.isLetter || $0.isNumber || "-_./~".contains($0))
    }
    return plain && !path.isEmpty ? path : "'" + path.replacing("'", with: "'\\''") + "'"
  }
}
