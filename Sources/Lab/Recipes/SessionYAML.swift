// Reads `session.yaml` and expands it into runs.
import Datasets
import Foundation
import Layers
import Metrics
import Yams

extension Session {
  private static let keys = [
    "title", "dataset", "model", "methods", "variants", "seeds", "folds", "sweep", "training",
    "overrides", "table", "claims",
  ]

  /// `url`: a `session.yaml` or the folder that holds it. Throws `RecipeError` with file and line.
  public static func read(_ url: URL) throws -> Session {
    let isFile = ["yaml", "yml"].contains(url.pathExtension)
    let file = isFile ? url : url.appendingPathComponent("session.yaml")
    return try SessionReader(YAMLDocument(contentsOf: file, file: file.relativePath))
      .session(folder: file.deletingLastPathComponent())
  }

  /// From text, for tests and previews.
  package init(yaml: String, file: String, folder: URL) throws {
    self = try SessionReader(YAMLDocument(yaml, file: file)).session(folder: folder)
  }

  fileprivate struct SessionReader {
    let document: YAMLDocument
    let nodes: [String: Node]

    init(_ document: YAMLDocument) throws {
      self.document = document
      nodes = Dictionary(
        try document.topLevel(known: Session.keys), uniquingKeysWith: { first, _ in first })
    }

    func session(folder: URL) throws -> Session {
      let name = folder.standardizedFileURL.lastPathComponent
      let title = try nodes["title"].map { try document.scalar($0, "title") } ?? name
      let table = try nodes["table"].map { try SessionTable($0, document) } ?? SessionTable()
      let runs = try runs(in: folder)
      let claims = try nodes["claims"].map {
        try Claim.all($0, document, columns: table.columns, runs: runs)
      }
      return Session(
        name: name, title: title, folder: folder, runs: runs, caption: table.caption,
        columns: table.columns, published: table.published, claims: claims ?? [])
    }

    /// Paths of a data set, a label patch and weights are relative to the session's folder.
    private func runs(in folder: URL) throws -> [Session.Run] {
      try runs().map { run in
        var run = run
        run.recipe = try run.recipe.placing(DatasetOptions.patch, in: folder)
          .placing(DatasetOptions.root, in: folder).placingWeights(in: folder)
        return run
      }
    }

    private func runs() throws -> [Session.Run] {
      let base = try Recipe().applying(shared(), file: document.file)
      let plan = SessionPlan(
        base: base, contenders: try contenders(base), sweeps: try sweepPoints(),
        seeds: try listed("seeds") ?? [("0", 1)],
        folds: try listed("folds")?.map { $0 } ?? [])
      return try plan.runs(document)
    }

    /// The rows of the table: methods with their overrides, then variants by name.
    private func contenders(_ base: Recipe) throws -> [SessionPlan.Contender] {
      let variants = try nodes["variants"].map(variants) ?? []
      let isAlone = variants.isEmpty || nodes["methods"] != nil
      let methods = try listed("methods") ?? (isAlone ? [(base.method, 1)] : [])
      let overrides = try overrides(methods.map(\.text))
      return methods.map { method in
        SessionPlan.Contender(
          name: nil, method: method.text, line: method.line,
          entries: overrides[method.text] ?? [])
      } + variants
    }

    /// `- { name: forest, method: classic, model.id: classic, model.learner: forest }`: dotted keys
    /// are any of the recipe, bare ones the method's own.
    private func variants(_ node: Node) throws -> [SessionPlan.Contender] {
      guard let nodes = node.sequence else {
        throw document.error(node, "variants", "is not a list; expected - { name, method, … }")
      }
      return try nodes.map { node in
        let line = node.mark?.line ?? 1
        var (name, method): (String?, String?) = (nil, nil)
        var entries: [YAMLDocument.Entry] = []
        for entry in try document.entries(node, prefix: "variants") {
          let key = String(entry.key.dropFirst("variants.".count))
          switch key {
          case "name": name = entry.text
          case "method": method = entry.text
          default: entries.append(entry.renamed(key.contains(".") ? key : "method.\(key)"))
          }
        }
        guard let name, let method else {
          throw document.error(node, "variants", "lacks a name or a method; expected both")
        }
        return SessionPlan.Contender(name: name, method: method, line: line, entries: entries)
      }
    }

    /// `dataset`, `model` and `training`, which all runs share.
    private func shared() throws -> [YAMLDocument.Entry] {
      try ["dataset", "model", "training"].flatMap { key in
        try nodes[key].map { try document.identified($0, key) } ?? []
      }
    }

    private func listed(_ key: String) throws -> [(text: String, line: Int)]? {
      try nodes[key].map { try document.list($0, key) }
    }

    /// Every combination of swept values, the first key outermost.
    private func sweepPoints() throws -> [[YAMLDocument.Entry]] {
      guard let node = nodes["sweep"] else { return [[]] }
      var points: [[YAMLDocument.Entry]] = [[]]
      let pairs = try document.pairs(node, "sweep", expected: "{ key: [values], … }")
      for (name, key, values) in pairs {
        let entries = try document.list(values, "sweep.\(name)").map {
          YAMLDocument.Entry(key: name, text: $0.text, line: $0.line)
        }
        guard points.count * entries.count <= 10_000 else {
          throw document.error(key, "sweep", "makes over 10000 runs; expected fewer values")
        }
        points = points.flatMap { point in entries.map { point + [$0] } }
      }
      return points
    }

    /// Per method: bare keys are the method's own, dotted ones any of the recipe.
    private func overrides(_ methods: [String]) throws -> [String: [YAMLDocument.Entry]] {
      guard let node = nodes["overrides"] else { return [:] }
      var found: [String: [YAMLDocument.Entry]] = [:]
      let expected = "{ method: { key: value } }"
      for (method, key, value) in try document.pairs(node, "overrides", expected: expected) {
        guard methods.contains(method) else {
          throw document.unknown(method, key, below: "overrides", as: "method", among: methods)
        }
        found[method] = try document.entries(value, prefix: "method").map { entry in
          let bare = String(entry.key.dropFirst("method.".count))
          return bare.contains(".") ? entry.renamed(bare) : entry
        }
      }
      return found
    }
  }
}

struct SessionTable {
  private(set) var caption = ""
  private(set) var columns: [String] = []
  /// Row name → published value of the first column.
  private(set) var published: [String: Double] = [:]

  init() {}

  /// Throws `RecipeError` with file and line.
  init(_ node: Node, _ document: YAMLDocument) throws {
    let expected = "{ rows, columns, caption }"
    for (name, key, value) in try document.pairs(node, "table", expected: expected) {
      switch name {
      case "caption": caption = try document.scalar(value, "table.caption")
      case "columns": columns = try Self.metrics(value, document)
      case "published": published = try Self.published(value, document)
      case "rows": try Self.checkRows(value, document)
      default:
        let known = ["rows", "columns", "caption", "published"]
        throw document.unknown(name, key, below: "table", among: known)
      }
    }
  }

  private static func checkRows(_ node: Node, _ document: YAMLDocument) throws {
    let rows = try document.scalar(node, "table.rows")
    guard rows == "method" else {
      throw document.error(node, "table.rows", "'\(rows)' is not a row; expected method")
    }
  }

  private static func metrics(_ node: Node, _ document: YAMLDocument) throws -> [String] {
    let metrics = Metric.allCases.map(\.rawValue)
    let columns = try document.list(node, "table.columns")
    for (place, (id, line)) in columns.enumerated() {
      // The first one also names the score of lists and curves.
      let known = place == 0 ? metrics : metrics + AfterTraining.ids
      guard known.contains(id) else {
        throw document.error(
          line: line, key: "table.columns",
          "'\(id)': " + RecipeError.unknown("metric", id, among: known)
        )
      }
    }
    return columns.map(\.text)
  }

  private static func published(
    _ node: Node, _ document: YAMLDocument
  ) throws -> [String: Double] {
    var found: [String: Double] = [:]
    for entry in try document.entries(node, prefix: "table.published") {
      guard let value = Double(entry.text), value.isFinite else {
        throw document.error(
          line: entry.line, key: entry.key, "'\(entry.text)' is not a number; expected a score")
      }
      found[String(entry.key.dropFirst("table.published.".count))] = value
    }
    return found
  }
}
