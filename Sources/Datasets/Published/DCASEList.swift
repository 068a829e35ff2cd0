// A weak label list of DCASE 2017 task 4, and the download list with the same labels.
import Formats
import Foundation

/// Rows `FILE.wav⇥start⇥end⇥label`, one per label, without a header.
struct DCASEList {
  struct Row {
    let file: String
    let label: Int
  }

  let name: String
  let path: String
  private(set) var rows: [Row] = []
  /// Files in the order of their first rows.
  private(set) var order: [String] = []
  private var clips: [String: (line: Int, labels: Set<Int>)] = [:]

  static func url(_ name: String, _ root: URL) -> URL {
    root.appendingPathComponent("groundtruth_weak_label_\(name)_set.csv")
  }

  init(_ name: String, _ root: URL, _ issues: inout IssueLog) throws {
    self.name = name
    let numbers = Dictionary(uniqueKeysWithValues: DCASE2017.names.enumerated().map { ($1, $0) })
    // The evaluation list is published with CR LF.
    let table = try AnnotationTable(
      Self.url(name, root), separator: "\t", hasHeader: false,
      habits: name == "evaluation" ? [.carriageReturns] : [])
    path = table.path
    table.read(width: 4, &issues) { row throws(Problem) in
      let (file, text) = (row.fields[0], row.fields[3])
      try Self.checkTimes(row)
      guard let label = numbers[text] else {
        throw row.error("label \"\(text)\"; expected one of the 17 classes")
      }
      var clip = clips[file] ?? (row.line, [])
      guard clip.labels.insert(label).inserted else {
        throw row.error("\(text) of \(file) again; expected one row per clip and label")
      }
      if clips[file] == nil { order.append(file) }
      clips[file] = clip
      rows.append(Row(file: file, label: label))
    }
  }

  /// Checks that start and end are times, and equal to those in the file's name.
  private static func checkTimes(_ row: AnnotationTable.Row) throws(Problem) {
    let (first, last) = (row.fields[1], row.fields[2])
    guard let start = Double(first), let end = Double(last), start >= 0, end > start, end.isFinite
    else { throw row.error("\(first) to \(last); expected start and end in seconds") }
    guard row.fields[0].hasSuffix("_\(first)_\(last).wav") else {
      throw row.error(
        "file \"\(row.fields[0])\"; expected ID_\(first)_\(last).wav as in the row")
    }
  }

  func place(_ file: String) -> String { "\(path):\(clips[file]?.line ?? 1)" }

  /// The clips. Sound files may have a `Y` before their name.
  func entries(_ split: Split, _ validation: Set<String>) -> [Annotations.Entry] {
    order.map { file in
      let clip = clips[file] ?? (1, [])
      let isHeldOut = split == .train && validation.contains(file)
      return Annotations.Entry(
        id: file, files: ["Y\(file)", file], split: isHeldOut ? .validation : split,
        labels: DCASE2017.names.indices.map { clip.labels.contains($0) ? 1 : 0 },
        group: String(file.prefix(11)), table: path, line: clip.line)
    }
  }

  static func counts(_ lists: [DCASEList]) -> [DataCount] {
    let published = [
      "training": [56_131, 51_172], "testing": [606, 488], "evaluation": [1350, 1103],
    ]
    var counts = lists.map { list in
      DataCount(
        "rows and clips of the \(list.name) list", published: published[list.name] ?? [],
        found: [list.rows.count, list.order.count])
    }
    if lists.count == 3 {
      counts.append(
        DataCount(
          "clips of the three lists", published: 52_763,
          found: lists.reduce(0) { $0 + $1.order.count }))
    }
    let car = [11, 2].map { label in lists[0].rows.count { $0.label == label } }
    counts.append(
      DataCount("training rows of Car and Car alarm", published: [25_077, 180], found: car))
    return counts
  }

  /// Compares with `training_set.csv` and so on, which have the same clips and labels as
  /// `id,start,end,"labels","mids"`. It compares the mids, since labels contain their separator.
  func compare(with tags: [String: Int], _ root: URL, _ issues: inout IssueLog) throws {
    let url = root.appendingPathComponent("\(name)_set.csv")
    guard !tags.isEmpty, try StoredFile.isFile(url) else { return }
    let table = try AnnotationTable(url, hasHeader: false, habits: [.carriageReturns, .quotes])
    var count = 0
    table.read(width: 5, &issues) { row throws(Problem) in
      count += 1
      let file = "\(row.fields[0])_\(row.fields[1])_\(row.fields[2]).wav"
      guard let clip = clips[file] else {
        throw row.error("\(file) is not in \(path); expected a row there")
      }
      let found = try Set(
        row.fields[4].split(separator: ",").map { mid throws(Problem) in
          guard let label = tags[String(mid)] else {
            throw row.error("tag \"\(mid)\"; expected one of the list of classes")
          }
          return label
        })
      guard found == clip.labels else {
        throw row.error("labels of \(file) differ from \(path):\(clip.line); expected the same")
      }
    }
    if count != order.count {
      issues.error(url.path, "\(count) clips; expected \(order.count) as in \(path)")
    }
  }
}

/// `sound_event_list_17_classes.txt`: the mid, confidence and name of each class.
enum DCASETags {
  /// The indices of the classes by mid; empty if there is no such list.
  static func check(_ root: URL, _ issues: inout IssueLog) throws -> [String: Int] {
    let url = root.appendingPathComponent("sound_event_list_17_classes.txt")
    guard let text = try StoredFile.text(url) else { return [:] }
    var tags: [String: Int] = [:]
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    // The first line is a header with blanks as separators.
    for (n, line) in lines.enumerated().dropFirst() where !line.isEmpty {
      let fields = line.split(separator: "\t")
      guard fields.count == 3, let label = DCASE2017.names.firstIndex(of: String(fields[2])) else {
        issues.error("\(url.path):\(n + 1)", "\"\(line)\"; expected mid, confidence and class")
        continue
      }
      tags[String(fields[0])] = label
    }
    if Set(tags.values).count != DCASE2017.names.count {
      issues.error(url.path, "\(tags.count) classes; expected 17")
    }
    return tags
  }
}
