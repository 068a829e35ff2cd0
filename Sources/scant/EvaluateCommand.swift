/// `scant evaluate RUN`: scores of a finished run on a split.
import ArgumentParser
import Canvas
import Formats
import Foundation
import Lab
import Metrics
import Output

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Score a finished run on a split.",
    discussion: """
      Prints the headline score with its 95 % interval, the worst classes and the next command; \
      --all prints every score. The interval is a percentile bootstrap over clips, or over groups \
      of clips (recordings) where the data has them. It does not cover other random seeds.

      --calibrate and --thresholds choose a calibration and decision thresholds on the validation \
      clips. The scores before and after, the calibration error and a reliability diagram follow.

      Examples:
        scant evaluate runs/b1-s0
        scant evaluate runs/b1-s0 --split validation --all
        scant evaluate runs/b0-s0 --calibrate platt --thresholds f1
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  enum Part: String, ExpressibleByArgument, CaseIterable { case train, validation, test }

  @Argument(
    help: ArgumentHelp("Folder of a run.", valueName: "run"), completion: Completions.runs)
  var path: String

  @Option(help: "Split to score.")
  var split = Part.test

  @Option(
    help: ArgumentHelp("Bootstrap samples for the intervals; 0: no intervals.", valueName: "n"))
  var draws = 1000

  @Option(help: "Calibration: none, temperature, or platt for each class.")
  var calibrate: Recalibration?

  @Option(help: "Decision thresholds: half, f1, expected-f1 or prior-corrected.")
  var thresholds: ThresholdRule?

  @Flag(help: "Print every score of each network and class.")
  var all = false

  @Option(help: "text or json.")
  var format = Format.text

  @Flag(help: "The same as --format json.")
  var json = false

  func validate() throws {
    guard draws == 0 || (20...100_000).contains(draws) else {
      throw ValidationError("--draws \(draws) is out of range; expected 0 or 20…100000")
    }
  }

  func run() throws {
    let folder = try RunFolder(argument: path)
    var notices: [String] = []
    let evaluation = try RunExecutor().evaluation(
      of: folder, split: split.rawValue, draws: draws, deciding: choice,
      progress: Meter().preparation(until: Interruption()), notice: { notices.append($0) })
    for notice in notices { Console.shared.complain("\(folder.name): \(notice)") }
    let found = evaluation.networks
    let columns = try Session.holding(folder).columns
    let headline = try headline(of: found, folder, columns)
    if json || format == .json {
      return try Console.shared.print(
        json: Report(
          run: folder.name, split: split.rawValue, headline: headline, notices: notices,
          models: found, decided: evaluation.decided))
    }
    let next = try ResultText(folder: folder).next(suggesting: path)
    let lines =
      (headline?.lines.map(\.visible) ?? []) + (all ? ["", text(found), ""] : [])
      + (evaluation.decided.map { [""] + DecidedText($0).lines + [""] } ?? []) + [next]
    try Console.shared.print(lines.joined(separator: "\n"))
  }

  /// Nil unless one of the two is named.
  private var choice: DecisionChoice? {
    guard calibrate != nil || thresholds != nil else { return nil }
    return DecisionChoice(calibrate ?? .none, thresholds ?? .half)
  }

  /// Of the network that is the method's result.
  private func headline(
    of found: [String: EvalEnd], _ folder: RunFolder, _ columns: [String]
  ) throws -> Headline? {
    let network = ResultNetwork.of(try folder.readRecipe().method)
    return (found[network] ?? found.values.first).map { Headline(of: $0, columns: columns) }
  }

  private struct Report: Encodable {
    let run: String
    let split: String
    let headline: Headline?
    /// The differences between the data now and in training.
    let notices: [String]
    let models: [String: EvalEnd]
    /// Absent unless it was asked for.
    let decided: DecidedEvaluation?
  }

  private func text(_ found: [String: EvalEnd]) -> String {
    var parts: [String] = []
    for (model, evaluation) in found.sorted(by: { $0.key < $1.key }) {
      parts.append(metricTable(model, evaluation))
      var table = ConsoleTable(
        ["\(model): class", "observed", "positive", "AP", "ROC-AUC", "precision", "recall", "F1"],
        numbers: Set(1...7))
      for score in evaluation.perClass {
        let values = [score.ap, score.rocAUC, score.precision, score.recall, score.f1]
        table.append(
          [score.name, "\(score.observed)", "\(score.positives)"]
            + values.map { $0?.fixed(3) ?? "–" })
      }
      parts.append(table.text)
      parts.append("\(evaluation.scored) of \(evaluation.entries) entries observed and scored")
      if let coverage = evaluation.coverage { parts.append(coverage) }
      if let band = band(evaluation) { parts.append(band) }
    }
    return parts.joined(separator: "\n\n")
  }

  /// A metric a row: its value, the ends of its interval, and the entries that it looks at.
  private func metricTable(_ model: String, _ evaluation: EvalEnd) -> String {
    var table = ConsoleTable(
      ["\(split.rawValue), \(model)", "score"] + (draws > 0 ? ["95 % from", "to"] : [])
        + ["scored"], numbers: Set(1...4))
    for (id, value) in evaluation.metrics.sorted(by: { $0.key < $1.key }) {
      let interval = evaluation.intervals?[id]
      let ends = [interval?.low, interval?.high].map { $0?.fixed(4) ?? "–" }
      table.append(
        [id, value.fixed(4)] + (draws > 0 ? ends : []) + ["\(evaluation.scored)"])
    }
    return table.text
  }
}

extension Recalibration: ExpressibleByArgument {}

extension ThresholdRule: ExpressibleByArgument {}

extension EvaluateCommand {
  /// The bounds of the scores over all values of the missing labels.
  private func band(_ evaluation: EvalEnd) -> String? {
    guard let bounds = evaluation.bounds, !bounds.isEmpty else { return nil }
    let parts = bounds.sorted { $0.key < $1.key }.map { id, ends in
      "\(id) \(ends.map { $0.fixed(3) }.joined(separator: "–"))"
    }
    return "whatever the missing labels are: \(parts.joined(separator: ", "))"
  }
}

extension RunFolder {
  /// A folder that holds a run; says what is missing where it does not.
  init(argument path: String) throws {
    self.init(URL(fileURLWithPath: path, isDirectory: true))
    guard try holdsRun else {
      throw LabError("\(path): no run here; expected a folder with recipe.yaml and events.jsonl")
    }
  }
}
