// What a session says of its table: the metrics, a caption, and figures published elsewhere.
import Metrics
import Yams

struct SessionTable {
  private(set) var caption = ""
  private(set) var columns = Session.defaultColumns
  /// Row name → published value of the first column.
  private(set) var published: [String: Double] = [:]

  init() {}

  /// Throws `RecipeError` with file and line.
  init(_ node: Node, _ document: YAMLDocument) throws {
    guard let mapping = node.mapping else {
      throw document.error(node, "table", "is no mapping; expected { rows, columns, caption }")
    }
    for (key, value) in mapping {
      switch key.string ?? "" {
      case "caption": caption = try document.scalar(value, "table.caption")
      case "columns": columns = try Self.metrics(value, document)
      case "published": published = try Self.published(value, document)
      case "rows": try Self.checkRows(value, document)
      case let name:
        let known = ["rows", "columns", "caption", "published"]
        throw document.error(
          key, "table.\(name)", RecipeError.unknown("key", name, among: known))
      }
    }
  }

  private static func checkRows(_ node: Node, _ document: YAMLDocument) throws {
    let rows = try document.scalar(node, "table.rows")
    guard rows == "method" else {
      throw document.error(node, "table.rows", "'\(rows)' is no row; expected method")
    }
  }

  private static func metrics(_ node: Node, _ document: YAMLDocument) throws -> [String] {
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

  private static func published(
    _ node: Node, _ document: YAMLDocument
  ) throws -> [String: Double] {
    var found: [String: Double] = [:]
    for entry in try document.entries(node, prefix: "table.published") {
      guard let value = Double(entry.text), value.isFinite else {
        throw RecipeError(
          file: document.file, line: entry.line, key: entry.key,
          message: "'\(entry.text)' is no number; expected a score")
      }
      found[String(entry.key.dropFirst("table.published.".count))] = value
    }
    return found
  }
}
