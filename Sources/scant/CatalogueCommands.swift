/// `scant datasets`, `models`, `extractors`, `methods`, `metrics`: what there is to choose from.
import ArgumentParser
import Datasets
import Downloads
import Lab
import Layers
import Methods
import Metrics
import Models
import Output

/// One line of a catalogue, and one object of its JSON.
struct CatalogueEntry: Encodable {
  let id: String
  let title: String
  let summary: String
  let paper: String
  /// What the entries of a heading have in common.
  var family: String?
  var licence: String?
  var classes: Int?
  var isBuiltIn: Bool?
  /// Which file of which release belongs where.
  var needs: [String]?
  var settings: [Setting]?
  /// The folder where the weights were found.
  var weights: String?
  /// Outputs that can be read, with their sizes; the first is the embedding.
  var layers: [Layer]?

  struct Layer: Encodable {
    let name: String
    let dimension: Int
  }

  struct Setting: Encodable {
    let key: String
    let title: String
    let help: String
    let initial: String
    let range: String
  }

  init(id: String, title: String, summary: String, paper: String) {
    self.id = id
    self.title = title
    self.summary = summary
    self.paper = paper
  }

  /// `owner`: the prefix of the card's settings in a recipe, `model` or `method`.
  init(_ card: Card, owner: String) throws {
    self.init(id: card.id, title: card.title, summary: card.summary, paper: card.paper)
    settings = try Self.settings(owner, card.id)
  }

  init(_ card: ExtractorCard, weights: String?) {
    self.init(id: card.id, title: card.title, summary: card.summary, paper: card.paper)
    licence = card.licence
    needs = card.files
    layers = card.layers.map { Layer(name: $0.name, dimension: $0.dimension) }
    self.weights = weights
  }

  private static func settings(_ owner: String, _ id: String) throws -> [Setting] {
    let fields = try Recipe().setting("\(owner).id", to: id).fields
    return fields.filter { $0.key.hasPrefix("\(owner).") }.map {
      Setting(key: $0.key, title: $0.title, help: $0.help, initial: $0.initial, range: $0.range)
    }
  }

  init(_ card: DatasetCard) throws {
    self.init(id: card.id, title: card.title, summary: card.summary, paper: card.paper)
    licence = card.licence
    classes = card.classes
    isBuiltIn = card.isBuiltIn
    needs = card.needs
    settings = try Self.settings("dataset", card.id)
  }
}

/// A command that prints a catalogue.
protocol CatalogueCommand: ParsableCommand {
  var json: Bool { get }
  static func entries() throws -> [CatalogueEntry]
}

extension CatalogueCommand {
  func run() throws {
    let entries = try Self.entries()
    if json { return try Console.shared.print(json: entries) }
    var table = ConsoleTable(["id", "what it is", "paper"])
    for (place, entry) in entries.enumerated() {
      if let family = entry.family, place == 0 || entries[place - 1].family != family {
        table.append([family.uppercased(), "", ""])
      }
      table.append([entry.id, entry.summary, entry.paper])
    }
    try Console.shared.print(table.text)
  }
}

struct DatasetsCommand: CatalogueCommand {
  static let configuration = CommandConfiguration(
    commandName: "datasets", abstract: "List the data sets that Scant reads or renders.",
    discussion: "Example:\n  scant datasets --json")
  @Flag(help: "Write a JSON array to stdout.") var json = false

  static func entries() throws -> [CatalogueEntry] {
    try DatasetCatalog.cards.map { try CatalogueEntry($0) }
  }
}

struct ModelsCommand: CatalogueCommand {
  static let configuration = CommandConfiguration(
    commandName: "models", abstract: "List the models.",
    discussion: "Example:\n  scant train --model harmonic-cnn")
  @Flag(help: "Write a JSON array to stdout.") var json = false

  static func entries() throws -> [CatalogueEntry] {
    try ModelCatalog.all.map { try CatalogueEntry($0.card, owner: "model") }
  }
}

struct ExtractorsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "extractors",
    abstract: "List the pre-trained networks, their licences, and where their weights are.",
    discussion: "Example:\n  scant extractors")
  @Flag(help: "Write a JSON array to stdout.") var json = false

  func run() throws {
    let entries = try ExtractorCatalog.all.map { type in
      let folder = try ExtractorCatalog.folder(for: type.card.id) ?? type.packaged()
      return CatalogueEntry(type.card, weights: folder?.relativePath)
    }
    if json { return try Console.shared.print(json: entries) }
    var table = ConsoleTable(["id", "what it is", "paper", "licence", "weights"])
    for entry in entries {
      let isPublished = !ReleaseTable.hint(entry.id).isEmpty
      let found =
        entry.weights ?? "none; " + (isPublished ? "scant fetch \(entry.id)" : "scant embed --help")
      table.append([entry.id, entry.summary, entry.paper, entry.licence ?? "", found])
    }
    try Console.shared.print(table.text)
  }
}

struct MethodsCommand: CatalogueCommand {
  static let configuration = CommandConfiguration(
    commandName: "methods", abstract: "List the training methods.",
    discussion: "Example:\n  scant methods --json")
  @Flag(help: "Write a JSON array to stdout.") var json = false

  static func entries() throws -> [CatalogueEntry] {
    try MethodCatalog.families.flatMap { family in
      try family.methods.map { method in
        var entry = try CatalogueEntry(method.card, owner: "method")
        entry.family = family.title
        return entry
      }
    }
  }
}

struct MetricsCommand: CatalogueCommand {
  static let configuration = CommandConfiguration(
    commandName: "metrics", abstract: "List the metrics. Missing labels are never scored.",
    discussion: "Example:\n  scant table band-missing-labels --metric ap-macro")
  @Flag(help: "Write a JSON array to stdout.") var json = false

  static func entries() -> [CatalogueEntry] {
    Metric.allCases.map {
      CatalogueEntry(id: $0.rawValue, title: $0.title, summary: $0.summary, paper: $0.paper)
    }
  }
}
