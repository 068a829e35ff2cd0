// Reading `session.yaml` and multiplying it out into runs.
import Foundation
import Metrics
import Yams

extension Session {
  private static let keys = [
    "title", "dataset", "model", "methods", "seeds", "sweep", "training", "overrides", "table",
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
      let (caption, columns) = try table()
      return Session(
        name: name, title: title, folder: folder, runs: try runs(), caption: caption,
        columns: columns)
    }

    private func runs() throws -> [Session.Run] {
      let base = try Recipe().applying(shared(), file: document.file)
      let sweeps = try sweepPoints()
      let methods = try listed("methods") ?? [(base.method, 1)]
      let overrides = try overrides(methods.map(\.text))
      var runs: [Session.Run] = []
      for (seed, line) in try listed("seeds") ?? [("0", 1)] {
        for point in sweeps {
          for method in methods {
            let identity = [
              YAMLDocument.Entry(key: "method.id", text: method.text, line: method.line),
              YAMLDocument.Entry(key: "seed", text: seed, line: line),
            ]
            let recipe = try base.applying(identity, file: document.file)
              .applying(overrides[method.text] ?? [], file: document.file)
              .applying(point, file: document.file)
            runs.append(Self.run(recipe, point))
          }
        }
      }
      try checkNames(runs)
      return runs
    }

    private static func run(_ recipe: Recipe, _ point: [YAMLDocument.Entry]) -> Session.Run {
      var name = recipe.method
      var sweep: [String: String] = [:]
      for entry in point {
        let value = recipe[entry.key] ?? entry.text
        sweep[entry.key] = value
        let key =
          entry.key.hasSuffix(".id") ? "" : entry.key.split(separator: ".").last.map(String.init)
        name += "-\(key ?? "")\(Self.fileSafe(value))"
      }
      return Session.Run(name: "\(name)-s\(recipe.seed)", recipe: recipe, sweep: sweep)
    }

    private static func fileSafe(_ text: String) -> String {
      String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == ".") ? $0 : "_" })
    }

    private func checkNames(_ runs: [Session.Run]) throws {
      var names: Set<String> = []
      for run in runs where !names.insert(run.name).inserted {
        throw RecipeError(
          file: document.file, line: 1,
          message: "two runs are called \(run.name); expected methods, seeds and values once each")
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
      guard let mapping = node.mapping else {
        throw document.error(node, "sweep", "is no mapping; expected { key: [values], … }")
      }
      var points: [[YAMLDocument.Entry]] = [[]]
      for (key, values) in mapping {
        let name = key.string ?? ""
        let entries = try document.list(values, "sweep.\(name)").map {
          YAMLDocument.Entry(key: name, text: $0.text, line: $0.line)
        }
        points = points.flatMap { point in entries.map { point + [$0] } }
        guard points.count <= 10_000 else {
          throw document.error(key, "sweep", "makes over 10000 runs; expected fewer values")
        }
      }
      return points
    }

    /// Per method: bare keys are the method's own, dotted ones any of the recipe.
    private func overrides(_ methods: [String]) throws -> [String: [YAMLDocument.Entry]] {
      guard let node = nodes["overrides"] else { return [:] }
      guard let mapping = node.mapping else {
        throw document.error(
          node, "overrides", "is no mapping; expected { method: { key: value } }")
      }
      var found: [String: [YAMLDocument.Entry]] = [:]
      for (key, value) in mapping {
        let method = key.string ?? ""
        guard methods.contains(method) else {
          let message = RecipeError.unknown("method", method, among: methods)
          throw document.error(key, "overrides.\(method)", message)
        }
        found[method] = try document.entries(value, prefix: "method").map { entry in
          let bare = String(entry.key.dropFirst("method.".count))
          guard bare.contains(".") else { return entry }
          return YAMLDocument.Entry(key: bare, text: entry.text, line: entry.line)
        }
      }
      return found
    }

    private func table() throws -> (caption: String, columns: [String]) {
      guard let node = nodes["table"] else { return ("", Session.defaultColumns) }
      guard let mapping = node.mapping else {
        throw document.error(node, "table", "is no mapping; expected { rows, columns, caption }")
      }
      var (caption, columns) = ("", Session.defaultColumns)
      for (key, value) in mapping {
        switch key.string ?? "" {
        case "caption": caption = try document.scalar(value, "table.caption")
        case "columns": columns = try metrics(value)
        case "rows": try checkRows(value)
        case let name:
          let message = RecipeError.unknown("key", name, among: ["rows", "columns", "caption"])
          throw document.error(key, "table.\(name)", message)
        }
      }
      return (caption, columns)
    }

    private func checkRows(_ node: Node) throws {
      let rows = try document.scalar(node, "table.rows")
      guard rows == "method" else {
        throw document.error(node, "table.rows", "'\(rows)' is no row; expected method")
      }
    }

    private func metrics(_ node: Node) throws -> [String] {
      let known = Metric.allCases.map(\.rawValue)
      return try document.list(node, "table.columns").map { id, line in
        guard known.contains(id) else {
          throw RecipeError(
            file: document.file, line: line, key: "table.columns",
            message: "'\(id)': " + RecipeError.unknown("metric", id, among: known))
        }
        return id
      }
    }
  }
}
