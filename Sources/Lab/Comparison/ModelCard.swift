// A card for a trained model: what is known of it, and what is not.
import Datasets
import Formats
import Foundation
import Metrics
import Models

/// A model card in Markdown with the front matter of Hugging Face, from a run's folder alone.
/// Nothing is made up: what the folder does not say is called unknown.
/// Paper: Mitchell et al. 2019, arXiv:1810.03993.
public struct ModelCard: Sendable {
  private let name: String
  private let recipe: Recipe
  private let started: RunStarted
  private let ended: RunEnded?
  private let tests: [EvalEnd]
  private let calibration: RunCalibration?
  private let weights: Int?
  private let note: RunNote?
  private let columns: [String]

  /// `columns`: the metrics that the run's session names, the main one first; may be empty. Throws
  /// one line if the folder holds no log of a run.
  public init(_ folder: RunFolder, columns: [String]) throws {
    recipe = try folder.readRecipe()
    guard let started = try folder.started() else {
      throw LabError("\(folder.events.path): no event hello; expected the log of a run")
    }
    self.started = started
    name = folder.name
    ended = try folder.ending().ended
    tests = try folder.tests()
    calibration = try RunCalibration.read(folder, classes: started.classes)
    weights = try StoredFile.stamp(folder.best)?.bytes
    note = try folder.note()
    self.columns = columns.isEmpty ? started.columns ?? [] : columns
  }

  public var markdown: String {
    let parts = [
      frontMatter, heading, use, data, results, training, loading, citation,
    ]
    return parts.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }

  private var isOutside: Bool { recipe.outside != nil }

  private var network: String { ResultNetwork.of(started.method) }

  /// That of the method's result.
  private var test: EvalEnd? { tests.first { $0.model == network } ?? tests.first }

  private var datasetCard: DatasetCard? {
    isOutside ? nil : DatasetCatalog.find(started.dataset)?.card
  }

  // MARK: parts

  private var frontMatter: [String] {
    let tags =
      ["audio", "audio-classification"]
      + (started.observed < started.entries ? ["missing-labels"] : [])
      + [started.method, started.model]
    let metrics = (test?.metrics.keys).map { Array($0).sorted() } ?? []
    return ["---", "license: unknown", "library_name: \(isOutside ? "unknown" : "scant")"]
      + ["pipeline_tag: audio-classification"] + Self.list("tags", tags)
      + Self.list("datasets", [started.dataset]) + Self.list("metrics", metrics) + ["---"]
  }

  private static func list(_ key: String, _ items: [String]) -> [String] {
    items.isEmpty ? [] : ["\(key):"] + items.map { "- \(YAMLText.quoted($0))" }
  }

  private var heading: [String] {
    let origin = isOutside ? ", trained outside Scant" : ""
    return [
      "# \(Self.plain(name))", "",
      "Classifies sounds into \(started.classes.count) classes: method `\(started.method)`, model "
        + "`\(started.model)`, data set `\(started.dataset)`\(origin).",
    ] + (note.map { ["", "Note: \(Self.plain($0.text))"] } ?? [])
  }

  private var use: [String] {
    let missing = started.entries - started.observed
    let labels =
      started.entries > 0
      ? "\(started.observed) of \(started.entries) training labels were observed"
        + (missing > 0 ? "; \(missing) were missing." : ".") : "The number of labels is unknown."
    return [
      "## Use and limits", "",
      "- **Intended use**: unknown; whoever publishes the model fills this in.",
      "- Classes: \(started.classes.map(Self.plain).joined(separator: ", ")).",
      "- \(labels)",
      "- It is tested on the clips below alone. Other recordings, rooms, microphones or classes "
        + "can give other scores.",
      calibration == nil
        ? "- Probabilities are not calibrated."
        : "- `scant predict` calibrates probabilities and decides as chosen on validation clips.",
      "- Biases and risks: unknown; nothing was measured.",
    ]
  }

  private var data: [String] {
    let card = datasetCard
    let licence = card.map { $0.id == "folder" ? "unknown (a folder of one's own)" : $0.licence }
    let paper = card?.paper ?? ""
    return [
      "## Data", "",
      "| | |", "|---|---|",
      "| data set | \(Self.cell(card?.title ?? started.dataset)) |",
      "| licence | \(Self.cell(licence ?? "unknown")) |",
      "| paper | \(Self.cell(paper.isEmpty ? "none known" : paper)) |",
      "| digest | \(Self.cell(digest ?? "unknown")) |",
      "| hidden labels | \(Self.cell(hiding)) |",
    ]
  }

  private var hiding: String {
    guard let rule = recipe["dataset.hiding"] else { return "unknown" }
    guard rule != "none" else { return "none; what is missing was missing in the tables" }
    return "rule `\(rule)`, share observed \(recipe["dataset.observed"] ?? "unknown")"
  }

  private var digest: String? {
    let lines = started.recipe?.text.split(separator: "\n") ?? []
    let line = lines.first { $0.hasPrefix("dataDigest: ") }
    return line.map { String($0.dropFirst("dataDigest: ".count)).replacing("\"", with: "") }
  }

  // MARK: results

  private var results: [String] {
    guard let test else { return ["## Results", "", "There is no test: unknown."] }
    let clips = test.entries / max(1, test.perClass.count)
    let over = test.groups.map { "\($0) groups of clips" } ?? "clips"
    let first = Headline.metric(columns, among: test.metrics.keys)
    let ids =
      [first].filter { test.metrics[$0] != nil }
      + test.metrics.keys.sorted().filter { $0 != first }
    return [
      "## Results", "",
      "Test: \(clips) clips, \(test.scored) observed labels of \(test.entries), network "
        + "\(test.model). Intervals: 95 %, bootstrap over \(over); they do not cover other "
        + "trainings.", "",
      "| metric | value | 95 % |", "|---|---|---|",
    ] + ids.map { "| \($0) | \(Self.number(test.metrics[$0])) | \(interval(test, $0)) |" }
      + classes(test)
  }

  private func interval(_ test: EvalEnd, _ id: String) -> String {
    guard let found = test.intervals?[id] else { return "unknown" }
    return "\(Self.number(found.low))–\(Self.number(found.high))"
  }

  private func classes(_ test: EvalEnd) -> [String] {
    guard !test.perClass.isEmpty else { return [] }
    return ["", "| class | observed | positive | AP | F1 |", "|---|---|---|---|---|"]
      + test.perClass.map { score in
        "| \(Self.cell(score.name)) | \(score.observed) | \(score.positives) | "
          + "\(Self.number(score.ap)) | \(Self.number(score.f1)) |"
      }
  }

  // MARK: training

  private var training: [String] {
    let rows = [
      ("program", started.build.isEmpty ? "unknown" : (isOutside ? "" : "scant ") + started.build),
      ("run", name), ("seed", "\(started.seed)"), ("threads", "\(started.threads)"),
      ("parameters", "\(started.parameters), trained \(started.trainableParameters)"),
      ("steps", "\(started.plannedSteps) planned, \(started.plannedEpochs) epochs"),
      ("weights of step", test?.weights.map { "\($0)" } ?? "unknown"),
      ("seconds", ended.map { String(format: "%.0f", $0.wall) } ?? "unknown"),
      ("ended", ended?.reason.rawValue ?? "unknown"),
      ("machine", "unknown"),
    ]
    let settings = recipe.texts.sorted { $0.key < $1.key }
    return ["## Training", "", "| | |", "|---|---|"]
      + rows.map { "| \($0.0) | \(Self.cell($0.1)) |" } + ["", "Settings:", ""]
      + settings.map { "- `\($0.key)`: \(Self.plain($0.value))" }
  }

  private var loading: [String] {
    guard !isOutside else {
      return ["## How to load", "", "Unknown: the weights are not part of the run's folder."]
    }
    guard let weights else { return ["## How to load", "", "The folder holds no weights."] }
    return [
      "## How to load", "",
      "`best.safetensors` (\(weights) bytes) holds the parameters by name, classes, recipe and "
        + "normalization.", "",
      "```sh", "scant predict \(name.forCode) recordings/", "```",
    ]
  }

  private var citation: [String] {
    ["## Citation", "", "```bibtex", RunCitations(recipe).bibTeX.trimmed, "```"]
  }

  // MARK: text

  private static func number(_ value: Double?) -> String {
    value.map { String(format: "%.3f", $0) } ?? "undefined"
  }

  /// On one line.
  private static func plain(_ text: String) -> String {
    text.split(whereSeparator: \.isNewline).joined(separator: " ")
  }

  private static func cell(_ text: String) -> String {
    plain(text).replacing("|", with: "\\|")
  }
}

extension String {
  fileprivate var trimmed: String { trimmingCharacters(in: .newlines) }

  /// As one word of a shell.
  fileprivate var forCode: String {
    let isPlain = allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._/-".contains($0)) }
    return isPlain ? self : "'" + replacing("'", with: "'\\''") + "'"
  }
}
