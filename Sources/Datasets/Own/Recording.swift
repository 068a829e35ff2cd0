// What the layout of a person's own folder says of each sound file.
import Formats
import Foundation

/// A sound file, and its labels as the layout gives them.
struct Recording: Sendable {
  /// The labels of its classes.
  enum Labels: Sendable {
    /// One entry a class, for the whole file.
    case whole([Float?])
    /// Parts of the file; a class without a part is absent.
    case spans([LabelSpan])
  }

  /// The clip's id; unique within the folder.
  let id: String
  /// As the table has it, or the path below the folder.
  let name: String
  let url: URL
  /// Nil where the layout does not say: the split is drawn.
  var split: Split?
  /// Recordings of one group never cross splits; nil: the file is a group of its own.
  var group: String?
  let labels: Labels
  /// The row of the table; 0 where no row names the file.
  let line: Int
}

/// A part of a recording with a label, in s from its beginning.
struct LabelSpan: Sendable, Equatable {
  let start, end: Double
  /// Nil: all classes are missing here.
  let name: String?
  /// Whether the class is present; false: its label is missing.
  let isCertain: Bool

  /// Whether the span shares time with `range`. A point counts where it lies in it.
  func overlaps(_ range: Range<Double>) -> Bool {
    start == end ? range.contains(start) : start < range.upperBound && end > range.lowerBound
  }
}

extension Recording.Labels {
  /// Labels of the part `range` of a recording, in s. Labels of whole files hold for all parts.
  func labels(_ classes: [String], in range: Range<Double>) -> [Float?] {
    guard case .spans(let spans) = self else {
      guard case .whole(let labels) = self else { return [] }
      return labels
    }
    let found = spans.filter { $0.overlaps(range) }
    let present = Set(found.filter(\.isCertain).compactMap(\.name))
    let unsure = Set(found.filter { !$0.isCertain }.compactMap(\.name))
    let isOpen = found.contains { $0.name == nil }
    return classes.map { name in
      present.contains(name) ? 1 : isOpen || unsure.contains(name) ? nil : 0
    }
  }

  /// Whether at least one class of the file has a label.
  var isKnown: Bool {
    switch self {
    case .whole(let labels): labels.contains { $0 != nil }
    case .spans: true
    }
  }
}

/// All labels of a folder.
struct FolderLabels: Sendable {
  /// What a check says of the layout.
  let layout: String
  /// What messages about rows name: a table, or the folder.
  let table: URL
  /// In the order of the table's columns, else of the alphabet.
  let classes: [String]
  let recordings: [Recording]
  /// Names of files in all rows, faulty ones too: these files are labelled, even if the labels
  /// cannot be used.
  var named: Set<ByteText> = []
  /// What to change in the folder for another split, other groups or other classes.
  let advice: Advice

  struct Advice: Sendable {
    let split, groups, classes: String
  }

  /// Rows whose group an earlier row puts into another split.
  func crossings(_ issues: inout IssueLog) {
    var first: [String: (split: Split, line: Int)] = [:]
    for recording in recordings {
      guard let split = recording.split, let group = recording.group else { continue }
      guard let earlier = first[group] else {
        first[group] = (split, recording.line)
        continue
      }
      if earlier.split != split {
        issues.append(
          Problem(
            table.path, line: recording.line,
            "group \(group) in \(split.rawValue), in \(earlier.split.rawValue) on line "
              + "\(earlier.line); expected one split a group"))
      }
    }
  }
}
