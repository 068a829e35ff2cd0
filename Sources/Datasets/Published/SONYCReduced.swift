// A reduced table of SONYC-UST: only coarse tags, without splits and annotators.
import Formats
import Foundation

/// `tag_annotations.csv`: audio_filename and eight `N_name_presence` columns, with one row per
/// annotator and −1 for no answer. The two digits before `_` in a name are the sensor.
///
/// A class is 1 if any annotator heard it. Splits are drawn here by seed, in whole sensors, so
/// scores do not compare with those on the published splits.
enum SONYCReduced {
  private static let testShare = 0.2

  private struct Votes {
    let line: Int
    var ones = 0
    var zeros = 0
    /// The sums of the columns, including −1.
    var sums = [Int](repeating: 0, count: SONYCTaxonomy.coarseTags.count)
  }

  static func read(
    _ root: URL, _ settings: DatasetSettings, thorough: Bool, _ result: inout Annotations
  ) throws {
    let url = root.appendingPathComponent("tag_annotations.csv")
    guard try StoredFile.isFile(url) else {
      throw Problem(
        root.path, "no annotations.csv; expected that of SONYC-UST v2.3 (or tag_annotations.csv)")
    }
    result.layout = "reduced: tag_annotations.csv, coarse classes without splits"
    result.remarks.append(
      "tag_annotations.csv: coarse classes only, splits made here by sensor; figures do not "
        + "compare with published ones")
    result.classes = SONYCTaxonomy.classes(.coarse)
    let votes = try gather(url, &result.issues)
    result.entries = votes.sorted { $0.key < $1.key }.compactMap { name, votes in
      entry(name, votes, url.path)
    }
    if thorough { try compare(votes, root, &result.issues) }
    result.move(testShare, to: .test, seed: settings.seed)
    let rest = settings.validationShare / (1 - testShare)
    result.move(min(0.9, rest), to: .validation, seed: settings.seed)
  }

  private static func gather(
    _ url: URL, _ issues: inout IssueLog
  ) throws -> [String: Votes] {
    let table = try AnnotationTable(url)
    let file = try table.column("audio_filename")
    let columns = try SONYCTaxonomy.coarseTags.map { try table.column("\($0.column)_presence") }
    var votes: [String: Votes] = [:]
    table.read(&issues) { row throws(Problem) in
      let name = row.fields[file]
      guard let mark = name.firstIndex(of: "_"), Int(name[..<mark]) != nil else {
        throw row.error("audio_filename \"\(name)\"; expected one such as 00_026884.wav")
      }
      var vote = votes[name] ?? Votes(line: row.line)
      for (k, column) in columns.enumerated() {
        guard let value = Int(row.fields[column]), (-1...1).contains(value) else {
          throw row.error("presence \"\(row.fields[column])\"; expected 1, 0 or -1")
        }
        vote.sums[k] += value
        if value == 1 { vote.ones |= 1 << k }
        if value == 0 { vote.zeros |= 1 << k }
      }
      votes[name] = vote
    }
    return votes
  }

  private static func entry(_ name: String, _ votes: Votes, _ path: String) -> Annotations.Entry? {
    guard votes.ones | votes.zeros != 0 else { return nil }
    let labels = SONYCTaxonomy.coarseTags.indices.map { k -> Float? in
      votes.ones >> k & 1 == 1 ? 1 : votes.zeros >> k & 1 == 1 ? 0 : nil
    }
    return Annotations.Entry(
      id: name, files: [name], split: .train, labels: labels,
      group: "sensor \(name.prefix { $0 != "_" })", table: path, line: votes.line)
  }

  /// Compares with `sum_annotations.csv`, which has the sums of the columns by recording.
  private static func compare(
    _ votes: [String: Votes], _ root: URL, _ issues: inout IssueLog
  ) throws {
    let url = root.appendingPathComponent("sum_annotations.csv")
    guard try StoredFile.isFile(url) else { return }
    let table = try AnnotationTable(url)
    let file = try table.column("audio_filename")
    let columns = try SONYCTaxonomy.coarseTags.map { try table.column("\($0.column)_presence") }
    var rows = 0
    table.read(&issues) { row throws(Problem) in
      rows += 1
      guard let sums = votes[row.fields[file]]?.sums else {
        throw row.error("\(row.fields[file]) is not in tag_annotations.csv; expected its rows")
      }
      let found = columns.map { Int(row.fields[$0]) }
      guard found == sums else {
        throw row.error("sums differ from tag_annotations.csv; expected \(sums)")
      }
    }
    if rows != votes.count {
      issues.error(url.path, "\(rows) recordings; expected \(votes.count) as in the annotations")
    }
  }
}
