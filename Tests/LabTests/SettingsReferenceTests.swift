// Documentation/Settings.md lists every key of a recipe; this writes it and compares it.
import Datasets
import Foundation
import Lab
import Layers
import Methods
import Models
import Testing

@Suite struct SettingsReferenceTests {
  private static let file = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Documentation/Settings.md")

  /// `SCANT_UPDATE_GOLDEN=1`, and never in CI, writes the page instead.
  @Test func settingsPageMatchesTheCards() throws {
    let expected = try Self.page()
    let environment = ProcessInfo.processInfo.environment
    if environment["SCANT_UPDATE_GOLDEN"] == "1", environment["CI"] == nil {
      try expected.write(to: Self.file, atomically: true, encoding: .utf8)
      return
    }
    let page = try String(contentsOf: Self.file, encoding: .utf8)
    #expect(
      page == expected,
      "SCANT_UPDATE_GOLDEN=1 script/test --filter SettingsReferenceTests writes the page anew")
  }

  /// The form's label of a setting holds the words of its key, and fits into the form at 80 columns.
  @Test func labelsAreTheWordsOfTheKeys() throws {
    var all = Recipe().fields
    for card in DatasetCatalog.cards { all += try Self.fields("dataset", card.id) }
    for card in MethodCatalog.all.map({ $0.card }) { all += try Self.fields("method", card.id) }
    for card in ModelCatalog.all.map({ $0.card }) { all += try Self.fields("model", card.id) }
    let wrong = all.compactMap { field -> String? in
      let words = Self.words(String(field.key.split(separator: ".").last ?? ""))
      let title = field.title.lowercased()
      let isNamed = words.allSatisfy { title.contains($0) }
      return isNamed && title.count <= 21 ? nil : "\(field.key): \(field.title)"
    }
    #expect(Set(wrong).sorted() == [])
  }

  /// "learning" and "rate" of `learningRate`.
  private static func words(_ key: String) -> [String] {
    key.reduce(into: [""]) { words, letter in
      if letter.isUppercase { words.append("") }
      words[words.count - 1] += letter.lowercased()
    }
  }

  private static func page() throws -> String {
    let base = Recipe()
    let datasets = DatasetCatalog.cards
    let shared = try datasets.map { Set(try fields("dataset", $0.id).map(\.key)) }
      .reduce(Set(base.fields.map(\.key))) { $0.intersection($1) }
    var lines = [
      "# Settings", "",
      "Every key of a recipe, as `session.yaml`, `--set key=value` and the form of the Method",
      "screen take it. This page is written from the cards of the methods, models and data sets",
      "(`SCANT_UPDATE_GOLDEN=1 script/test --filter SettingsReferenceTests`); do not edit it.", "",
      "`dataset.id`, `model.id` and `method.id` choose the cards. A card may give other starting",
      "values to settings than their own: they stand below its table.", "",
    ]
    lines += table(base.fields.filter { $0.key == "seed" }, "Random seed")
    lines += table(base.fields.filter { $0.key.hasPrefix("training.") }, "Training")
    let every = try fields("dataset", "folder").filter { shared.contains($0.key) }
    lines += table(every, "Every data set")
    lines += ["## Data sets", ""]
    for card in datasets {
      let own = try fields("dataset", card.id).filter { !shared.contains($0.key) }
      lines += section(card.id, card.title, own, card.defaults)
    }
    lines += ["## Methods", ""]
    for card in MethodCatalog.all.map({ $0.card }) {
      lines += section(card.id, card.title, try fields("method", card.id), card.defaults)
    }
    lines += ["## Models", ""]
    for card in ModelCatalog.all.map({ $0.card }) {
      lines += section(card.id, card.title, try fields("model", card.id), card.defaults)
    }
    return lines.joined(separator: "\n")
  }

  /// Settings of one owner with their own starting values: those of a data set without defaults.
  private static func fields(_ owner: String, _ id: String) throws -> [RecipeField] {
    try Recipe(dataset: owner == "dataset" ? id : "folder").setting("\(owner).id", to: id).fields
      .filter { $0.key.hasPrefix("\(owner).") }
  }

  private static func section(
    _ id: String, _ title: String, _ fields: [RecipeField], _ defaults: [DefaultSetting]
  ) -> [String] {
    var lines = ["### `\(id)`: \(title)", ""]
    lines += fields.isEmpty ? ["No settings of its own.", ""] : rows(fields)
    guard !defaults.isEmpty else { return lines }
    lines += ["Starts with:", ""]
    lines += defaults.map { start in
      let method = start.method.map { ", with method `\($0)`" } ?? ""
      return "- `\(start.key)`: \(start.value)\(method)"
    }
    return lines + [""]
  }

  private static func table(_ fields: [RecipeField], _ title: String) -> [String] {
    ["## \(title)", ""] + rows(fields)
  }

  private static func rows(_ fields: [RecipeField]) -> [String] {
    let rows = fields.map { field in
      let range = field.range.replacingOccurrences(of: " | ", with: ", ")
      let initial = field.initial.isEmpty ? "(empty)" : field.initial
      return "| `\(field.key)` | \(field.title) | \(initial) | \(range) | \(field.help) |"
    }
    return ["| key | title | starts from | values | what it is |", "|---|---|---|---|---|"] + rows
      + [""]
  }
}
