// FSD50K: 200 classes of sounds from Freesound, labelled by people, with ancestors.
import Formats
import Foundation
import Layers

/// FSD50K (Fonseca et al. 2022): `FSD50K.ground_truth/` with dev.csv, eval.csv and vocabulary.csv.
///
/// Splits: the published train and val of the development set; the evaluation set is the test
/// split. A label stands for its ancestors in the AudioSet ontology too, which the tables list
/// already ("smeared labels"). A class without a label is absent: the evaluation set was labelled
/// exhaustively, while labels of the development set may occasionally be incomplete.
package struct FSD50K: PublishedDataset {
  package static let card = DatasetCard(
    id: "fsd50k", title: "FSD50K",
    summary: "Sounds from Freesound of 0.3 to 30 s, 200 classes with their ancestors",
    paper: "Fonseca et al. 2022, arXiv:2010.00475",
    licence: "CC BY 4.0 (clips: CC0, CC BY, CC BY-NC, CC Sampling+)", classes: 200,
    isBuiltIn: false,
    needs: [
      "FSD50K.ground_truth/ with dev.csv, eval.csv and vocabulary.csv, doi:10.5281/zenodo.4060432",
      "FSD50K.dev_audio/*.wav and FSD50K.eval_audio/*.wav of it, for training on sound",
    ],
    options: [DatasetOptions.seconds],
    defaults: [DefaultSetting("dataset.hiding", HidingRule.none)])

  let contents: PublishedContents

  static let tables = "FSD50K.ground_truth"

  package static let layoutMarks = ["\(tables)/dev.csv"]

  package static func annotations(
    _ root: URL, _ settings: DatasetSettings, thorough: Bool
  ) throws -> Annotations {
    var result = Annotations()
    result.folders = [""]
    let folder = root.appendingPathComponent(tables, isDirectory: true)
    let vocabulary = try FSDVocabulary(folder, &result.issues)
    result.classes = vocabulary.names
    var lines: [String: (String, Int)] = [:]
    for name in ["dev", "eval"] {
      let url = folder.appendingPathComponent("\(name).csv")
      guard try StoredFile.isFile(url) else {
        throw Problem(url.path, "no such table; expected dev.csv and eval.csv in \(tables)/")
      }
      result.entries += try entries(url, name, vocabulary, &lines, &result.issues)
    }
    result.counts = [
      DataCount(
        "clips in train, val and eval", published: [36_796, 4_170, 10_231],
        found: Split.allCases.map(result.count)),
      DataCount("classes", published: 200, found: result.classes.count),
    ]
    return result
  }

  /// `lines`: the row of each clip so far.
  private static func entries(
    _ url: URL, _ part: String, _ vocabulary: FSDVocabulary, _ lines: inout [String: (String, Int)],
    _ issues: inout IssueLog
  ) throws -> [Annotations.Entry] {
    let table = try AnnotationTable(url, habits: [.quotes, .carriageReturns])
    let (name, labels) = (try table.column("fname"), try table.column("labels"))
    let split = part == "dev" ? try table.column("split") : nil
    var entries: [Annotations.Entry] = []
    var seen = lines
    table.read(&issues) { row throws(Problem) in
      let id = row.fields[name]
      guard !id.isEmpty, id.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) else {
        throw row.error("fname \"\(id)\"; expected the number of a Freesound clip")
      }
      if let (place, line) = seen.updateValue((url.lastPathComponent, row.line), forKey: id) {
        throw row.error("clip \(id) again, first in \(place):\(line); expected one row per clip")
      }
      entries.append(
        Annotations.Entry(
          id: id, files: ["FSD50K.\(part)_audio/\(id).wav"],
          split: try Self.split(split.map { row.fields[$0] }, row),
          labels: try vocabulary.labels(row.fields[labels], row), table: url.path, line: row.line))
    }
    lines = seen
    return entries
  }

  private static func split(
    _ name: String?, _ row: AnnotationTable.Row
  ) throws(Problem) -> Split {
    switch name {
    case nil: .test
    case "train": .train
    case "val": .validation
    case let name?: throw row.error("split \"\(name)\"; expected train or val")
    }
  }
}

/// The classes of `vocabulary.csv`: number, name and AudioSet identifier, without header.
private struct FSDVocabulary {
  private(set) var names: [String] = []
  private var numbers: [String: Int] = [:]

  init(_ folder: URL, _ issues: inout IssueLog) throws {
    let url = folder.appendingPathComponent("vocabulary.csv")
    guard try StoredFile.isFile(url) else {
      throw Problem(url.path, "no such table; expected vocabulary.csv of FSD50K.ground_truth.zip")
    }
    let table = try AnnotationTable(url, hasHeader: false, habits: [.quotes, .carriageReturns])
    table.read(width: 3, &issues) { row throws(Problem) in
      guard Int(row.fields[0]) == names.count, !row.fields[1].isEmpty else {
        throw row.error(
          "class \"\(row.fields[1])\" with number \"\(row.fields[0])\"; expected \(names.count)")
      }
      numbers[row.fields[1]] = names.count
      names.append(row.fields[1])
    }
  }

  /// One label per class for names between commas.
  func labels(_ cell: String, _ row: AnnotationTable.Row) throws(Problem) -> [Float?] {
    var labels = [Float?](repeating: 0, count: names.count)
    for name in cell.split(separator: ",") {
      guard let number = numbers[String(name)] else {
        throw row.error("label \"\(name)\"; expected a class of vocabulary.csv")
      }
      labels[number] = 1
    }
    return labels
  }
}
