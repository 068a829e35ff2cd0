// One part of AudioSet, a label table with an array of embeddings, and the names of the classes.
import Formats
import Foundation

/// The rows of one part.
struct AudioSetPart {
  struct Row {
    /// Video and start.
    let id: String
    let video: String
    let labels: [Int]
    let frames: Int
    let line: Int
  }

  let table: URL
  private(set) var rows: [Row] = []
  private static let frames = 10
  /// The number of codes of a clip.
  static let size = frames * VGGishCodes.bands
  private static let suffix = ".labels.csv"

  private static func tables(in root: URL) throws -> [String] {
    let names = try StoredFile.names(in: root)
    return names.filter { $0.hasSuffix(suffix) }.sorted()
  }

  static func isPresent(in root: URL) throws -> Bool { try !tables(in: root).isEmpty }

  /// All parts below `root`, by name. Throws `Problem` if there is none.
  static func all(_ root: URL, _ classes: Int, _ issues: inout IssueLog) throws -> [AudioSetPart] {
    let tables = try tables(in: root)
    guard !tables.isEmpty else {
      throw Problem(root.path, "no PART\(suffix); expected one beside PART.embedding.npy")
    }
    return try tables.map {
      try AudioSetPart(root.appendingPathComponent($0), classes, &issues)
    }
  }

  private init(_ url: URL, _ classes: Int, _ issues: inout IssueLog) throws {
    table = url
    let text = try AnnotationTable(url)
    let columns = try ["video_id", "start_s", "labels", "num_frames"].map { try text.column($0) }
    text.read(&issues) { row throws(Problem) in
      let cells = columns.map { row.fields[$0] }
      guard !cells[0].isEmpty, let start = Double(cells[1]), start >= 0, start.isFinite else {
        throw row.error("video \"\(cells[0])\" at \"\(cells[1])\"; expected an id and seconds")
      }
      guard let count = Int(cells[3]), (1...Self.frames).contains(count) else {
        throw row.error("num_frames \"\(cells[3])\"; expected 1…\(Self.frames)")
      }
      let labels = try cells[2].split(separator: ";").map { cell throws(Problem) in
        guard let label = Int(cell), (0..<classes).contains(label) else {
          throw row.error("label \"\(cell)\"; expected a number below \(classes)")
        }
        return label
      }
      rows.append(
        Row(
          id: "\(cells[0])_\(cells[1])", video: cells[0], labels: labels, frames: count,
          line: row.line))
    }
  }

  func place(_ row: Row) -> String { "\(table.path):\(row.line)" }

  private var array: URL {
    let stem = table.lastPathComponent.dropLast(Self.suffix.count)
    return table.deletingLastPathComponent().appendingPathComponent("\(stem).embedding.npy")
  }

  /// [N, 10, 128], one clip per row of the table. Throws `Problem`.
  func codes() throws -> [Float] {
    let (shape, values) = try NPY.read(array)
    let expected = [rows.count, Self.frames, VGGishCodes.bands]
    guard shape == expected else {
      throw Problem(array.path, "shape \(shape); expected \(expected) for the rows of the table")
    }
    guard values.allSatisfy({ (0...255).contains($0) }) else {
      throw Problem(array.path, "a code outside 0…255; expected 8-bit codes")
    }
    return values
  }

  /// Checks the shape of the array, and that codes after the last frame of a clip are zeros.
  func checkCodes(_ issues: inout IssueLog) throws {
    do {
      let codes = try codes()
      for (n, row) in rows.enumerated() {
        let rest = n * Self.size + row.frames * VGGishCodes.bands..<(n + 1) * Self.size
        if codes[rest].contains(where: { $0 != 0 }) {
          issues.error(place(row), "codes after frame \(row.frames) of \(row.id); expected zeros")
        }
      }
    } catch let error as Problem {
      issues.append(error)
    }
  }
}

/// `class_labels_indices.csv`: index, mid, display_name.
struct AudioSetNames {
  private var names: [Int: String] = [:]
  let remarks: [String]
  private static let published = 527

  var count: Int { names.isEmpty ? Self.published : names.count }

  subscript(index: Int) -> String { names[index] ?? "class \(index)" }

  init(_ root: URL, _ issues: inout IssueLog) throws {
    let url = root.appendingPathComponent("class_labels_indices.csv")
    guard try StoredFile.isFile(url) else {
      remarks = ["no class_labels_indices.csv: classes go by their numbers"]
      return
    }
    remarks = []
    let table = try AnnotationTable(url, habits: [.quotes])
    let (index, name) = (try table.column("index"), try table.column("display_name"))
    table.read(&issues) { row throws(Problem) in
      guard Int(row.fields[index]) == names.count else {
        throw row.error("index \"\(row.fields[index])\"; expected \(names.count)")
      }
      names[names.count] = row.fields[name]
    }
  }
}
