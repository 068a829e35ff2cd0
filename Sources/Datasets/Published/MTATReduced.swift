// A reduced form of MagnaTagATune: 20 tags, and another random split.
import Formats
import Foundation

/// `index_mtt.tsv` (id, path), `split/{train,valid,test}.tsv` (id, path), `top20_labels.csv`
/// (clip_id and 20 tags) and `val_gt_mtt.tsv` (id and a list of 50 numbers, the same tags first).
///
/// Labels are those of the 20 tags; clips that are only in the list of 50 use its first 20.
enum MTATReduced {
  private static let splits: [(Split, String)] = [
    (.train, "train"), (.validation, "valid"), (.test, "test"),
  ]

  private static var blank: Annotations {
    var result = Annotations()
    result.seconds = 29.1
    result.folders = MagnaTagATune.folders
    result.layout = "reduced: top20_labels.csv and split/*.tsv"
    result.remarks = [
      "top20_labels.csv: 20 tags and the splits of split/*.tsv; figures do not compare with "
        + "those of the 50 tags"
    ]
    return result
  }

  static func annotations(_ root: URL, thorough: Bool) throws -> Annotations {
    let url = root.appendingPathComponent("top20_labels.csv")
    guard try StoredFile.isFile(url) else {
      throw Problem(
        root.path, "no annotations_final.csv; expected that of MagnaTagATune")
    }
    var result = blank
    let index = try paths(root, &result.issues)
    let labels = try MTATLabels(url, index, &result.issues)
    let extra = try MTATGroundTruth(root, labels, thorough: thorough, &result.issues)
    result.classes = labels.tags
    result.counts = [
      DataCount("rows of the index", published: 25_863, found: index.count)
    ]
    var homes: [String: String] = [:]
    for (split, name) in splits {
      let url = root.appendingPathComponent("split/\(name).tsv")
      result.entries += try entries(url, split, index, &homes, &result.issues) {
        labels[$0] ?? extra[$0]
      }
    }
    return result
  }

  /// The labelled clips of one split. `homes`: the row that names each clip.
  private static func entries(
    _ url: URL, _ split: Split, _ index: [String: String], _ homes: inout [String: String],
    _ issues: inout IssueLog, labels: (String) -> [Bool]?
  ) throws -> [Annotations.Entry] {
    let table = try AnnotationTable(url, separator: "\t", hasHeader: false)
    var entries: [Annotations.Entry] = []
    table.read(width: 2, &issues) { row throws(Problem) in
      let (id, path) = (row.fields[0], row.fields[1])
      guard index[id] == path else {
        throw row.error("clip \(id) at \(path); expected \(index[id] ?? "it in the index")")
      }
      if let first = homes.updateValue("\(table.path):\(row.line)", forKey: id) {
        throw row.error("clip \(id) again, first in \(first); expected it in one split")
      }
      guard let known = labels(id) else { return }
      entries.append(
        Annotations.Entry(
          id: id, files: [path], split: split, labels: known.map { $0 ? 1 : 0 },
          group: MTATTable.track(path), table: table.path, line: row.line))
    }
    return entries
  }

  private static func paths(_ root: URL, _ issues: inout IssueLog) throws -> [String: String] {
    let table = try AnnotationTable(
      root.appendingPathComponent("index_mtt.tsv"), separator: "\t", hasHeader: false)
    var paths: [String: String] = [:]
    table.read(width: 2, &issues) { row throws(Problem) in
      guard Int(row.fields[0]) != nil, MTATTable.split(row.fields[1]) != nil else {
        throw row.error("\(row.fields[0]), \(row.fields[1]); expected a number and a path")
      }
      guard paths.updateValue(row.fields[1], forKey: row.fields[0]) == nil else {
        throw row.error("clip \(row.fields[0]) again; expected one row per clip")
      }
    }
    return paths
  }
}

/// `top20_labels.csv`.
private struct MTATLabels {
  let tags: [String]
  private var labels: [String: [Bool]] = [:]

  subscript(id: String) -> [Bool]? { labels[id] }

  init(_ url: URL, _ index: [String: String], _ issues: inout IssueLog) throws {
    let table = try AnnotationTable(url)
    guard table.header.first == "clip_id", table.header.count == 21 else {
      throw Problem(
        url.path, line: 1, "\(table.header.count) columns; expected clip_id and 20 tags")
    }
    tags = Array(table.header.dropFirst())
    table.read(&issues) { row throws(Problem) in
      let id = row.fields[0]
      guard index[id] != nil else {
        throw row.error("clip \(id) is not in index_mtt.tsv; expected a row there")
      }
      let marks = try MTATTable.marks(row.fields.dropFirst(), row)
      guard labels.updateValue(marks, forKey: id) == nil else {
        throw row.error("clip \(id) again; expected one row per clip")
      }
    }
  }
}

/// `val_gt_mtt.tsv`: the 50 tags of the published validation clips.
private struct MTATGroundTruth {
  private var labels: [String: [Bool]] = [:]

  /// The first 20 tags of a clip.
  subscript(id: String) -> [Bool]? { labels[id] }

  init(
    _ root: URL, _ known: MTATLabels, thorough: Bool, _ issues: inout IssueLog
  ) throws {
    let url = root.appendingPathComponent("val_gt_mtt.tsv")
    guard try StoredFile.isFile(url) else { return }
    let table = try AnnotationTable(url, separator: "\t", hasHeader: false)
    table.read(width: 2, &issues) { row throws(Problem) in
      let numbers = row.fields[1].dropFirst().dropLast().split(separator: ",").map {
        Float($0.trimmingCharacters(in: .whitespaces))
      }
      guard row.fields[1].hasPrefix("["), numbers.count == MagnaTagATune.top,
        numbers.allSatisfy({ $0 == 0 || $0 == 1 })
      else { throw row.error("labels of clip \(row.fields[0]); expected [50 of 0.0 and 1.0]") }
      let marks = numbers.prefix(known.tags.count).map { $0 == 1 }
      guard labels.updateValue(marks, forKey: row.fields[0]) == nil else {
        throw row.error("clip \(row.fields[0]) again; expected one row per clip")
      }
      guard thorough, let other = known[row.fields[0]] else { return }
      guard other == marks else {
        throw row.error(
          "tags of clip \(row.fields[0]) differ from top20_labels.csv; expected the same")
      }
    }
  }
}
