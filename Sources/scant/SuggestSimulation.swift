// `scant suggest RUN --simulate COUNTS`: what answers buy by each rule, where the truth is known.
import ArgumentParser
import Datasets
import Formats
import Foundation
import Lab
import Metrics
import Output

/// Numbers of answers, as in `25,50,100`.
struct AnswerCounts: ExpressibleByArgument {
  let values: [Int]

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map {
      Int($0.trimmingCharacters(in: .whitespaces))
    }
    values = Set(parts.compactMap { $0 }).filter { $0 > 0 }.sorted()
    guard !values.isEmpty, !parts.contains(nil), parts.allSatisfy({ ($0 ?? -1) >= 0 }) else {
      return nil
    }
  }
}

/// The table: mean scores of each rule, and its differences from random answers.
struct SimulationReport {
  let steps: [LabelSimulation.Step]

  /// `rule,seed,answers,positives,ap-macro`, a row a training.
  var csv: String {
    let rows = steps.map {
      "\($0.rule.rawValue),\($0.seed),\($0.answers),\($0.positives),\($0.score.fixed(5))"
    }
    return (["rule,seed,answers,positives,ap-macro"] + rows).joined(separator: "\n") + "\n"
  }

  private var counts: [Int] { Set(steps.map(\.answers)).sorted() }
  private var rules: [SuggestionRule] {
    SuggestionRule.allCases.filter { rule in steps.contains { $0.rule == rule } }
  }

  private func steps(_ rule: SuggestionRule, _ answers: Int) -> [LabelSimulation.Step] {
    steps.filter { $0.rule == rule && $0.answers == answers }
  }

  /// Rules down, answers across; below them the differences from random.
  var text: String {
    let head = ["rule"] + counts.map { "\($0)" } + ["yes"]
    var table = ConsoleTable(head, numbers: Set(1..<head.count))
    for rule in rules {
      let means = counts.map { count in
        MeanInterval(steps(rule, count).map(\.score))?.mean.fixed(3) ?? "-"
      }
      table.append([rule.rawValue] + means + [share(rule)])
    }
    let differences = rules.filter { $0 != .random }.compactMap(sentence)
    let seeds = Set(steps.map(\.seed)).count
    return
      ([
        "ap-macro, mean over \(seeds) seed\(seeds == 1 ? "" : "s"), by number of answers",
        table.text,
      ] + differences).joined(separator: "\n")
  }

  /// Of the answers to the most questions, those that were yes.
  private func share(_ rule: SuggestionRule) -> String {
    let last = steps(rule, counts.last ?? 0)
    let (all, yes) = (last.reduce(0) { $0 + $1.answers }, last.reduce(0) { $0 + $1.positives })
    return all == 0 ? "-" : "\(Int((Double(yes) / Double(all) * 100).rounded())) %"
  }

  /// `gain − random: +0.021 (0.008 to 0.034), mean over 25, 50, 100 answers`; nil without random.
  private func sentence(_ rule: SuggestionRule) -> String? {
    let seeds = Set(steps.map(\.seed)).sorted()
    let later = counts.filter { $0 > 0 }
    let differences = seeds.compactMap { seed -> Double? in
      let pairs = later.compactMap { count -> Double? in
        let here = steps(rule, count).first { $0.seed == seed }
        let there = steps(.random, count).first { $0.seed == seed }
        guard let here, let there else { return nil }
        return here.score - there.score
      }
      return MeanInterval(pairs)?.mean
    }
    guard let mean = MeanInterval(differences) else { return nil }
    func signed(_ value: Double) -> String { (value < 0 ? "" : "+") + value.fixed(3) }
    let range = mean.interval.map { " (95 % \(signed($0.low)) to \(signed($0.high)))" } ?? ""
    return "\(rule.rawValue) - random: \(signed(mean.mean))\(range), mean over "
      + "\(later.map { "\($0)" }.joined(separator: ", ")) answers"
  }
}

extension SuggestCommand {
  /// Answers from the labels that the run's recipe hides.
  func simulate(_ recipe: Recipe, _ counts: AnswerCounts) throws {
    let (meter, interruption, stop) = (Meter(), Interruption(), TrainingStop())
    interruption.whenRaised { stop.stop(.asked) }
    guard let split = Split(rawValue: split), split != .train else {
      throw ValidationError("--split \(split) has no score; expected test or validation")
    }
    let simulation = LabelSimulation(
      recipe, counts: counts.values, rules: SuggestionRule.trained,
      seeds: Array(seed..<seed + seeds), split: split, executor: RunExecutor(), stop: stop
    ) { preparation in
      meter.show(
        Meter.Reading(
          what: preparation.what, done: preparation.done, total: preparation.total,
          left: preparation.eta))
      return !interruption.isRaised
    }
    let report: SimulationReport
    do { report = SimulationReport(steps: try simulation()) } catch is CancellationError {
      throw ExitCode.interrupted
    }
    if let out { try AtomicFile.write(Data(report.csv.utf8), to: URL(fileURLWithPath: out)) }
    try Console.shared.print(report.text)
  }
}
