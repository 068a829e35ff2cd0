// The result of checking a data set: counts beside the published ones, and all issues.
import Formats
import Foundation

/// A report on a data set, in the order of display; also encoded to JSON.
package struct DataReport: Sendable, Encodable {
  package struct Class: Sendable, Encodable {
    package let name: String
    /// The share of clips with an observed label.
    package let observed: Double
    /// The same in train, validation and test; nil for a split without clips.
    package let observedIn: [Double?]
    /// The numbers of clips with a label of at least 0.5 in train, validation and test.
    package let positives: [Int]
  }

  package struct Sound: Sendable, Encodable {
    /// The numbers of clips with a file name, and of files found.
    package let named: Int
    package let found: Int
    /// The number of files decoded; nil if only their names were checked.
    package var opened: Int?
  }

  package let dataset: String
  package let title: String
  package let root: String
  package let layout: String
  /// The numbers of clips in train, validation and test.
  package let clips: [Int]
  package let classes: [Class]
  package let counts: [DataCount]
  package var sound: Sound
  /// What was understood, in five lines: clips, groups, classes, labels, unlabelled clips. Empty if
  /// the tables cannot be read.
  package let summary: [String]
  package let remarks: [String]
  package var issues: [DataIssue]
  /// The number of issues beyond the first thousand.
  package var issuesLeft: Int
  package var isWrong: Bool
}

extension DataReport {
  init(
    _ card: DatasetCard, root: String, layout: String, classes: [String], clips: [Clip],
    counts: [DataCount], named: Int, found: Int, summary: [String],
    remarks: [String], issues: IssueLog
  ) {
    dataset = card.id
    title = card.title
    self.root = root
    self.layout = layout
    self.clips = Split.allCases.map { split in clips.count { $0.split == split } }
    self.classes = DataReport.shares(classes, clips)
    self.counts = counts
    sound = Sound(named: named, found: found)
    self.summary = summary
    self.remarks = remarks
    self.issues = issues.issues
    issuesLeft = issues.left
    isWrong = issues.errorCount > 0 || counts.contains(where: \.differs)
  }

  private static func shares(_ classes: [String], _ clips: [Clip]) -> [Class] {
    let none = [Int](repeating: 0, count: Split.allCases.count)
    var answered = [[Int]](repeating: none, count: classes.count)
    var positives = answered
    var totals = none
    for clip in clips {
      totals[clip.split.index] += 1
      for (k, label) in clip.labels.enumerated() {
        guard let label else { continue }
        answered[k][clip.split.index] += 1
        if label >= 0.5 { positives[k][clip.split.index] += 1 }
      }
    }
    return classes.indices.map { k in
      Class(
        name: classes[k],
        observed: Double(answered[k].reduce(0, +)) / Double(max(1, clips.count)),
        observedIn: zip(answered[k], totals).map { $1 == 0 ? nil : Double($0) / Double($1) },
        positives: positives[k])
    }
  }
}

/// An error or a warning about the files of a data set.
package struct DataIssue: Sendable, Equatable, Encodable, CustomStringConvertible {
  /// The raw values are those of reports in JSON.
  package enum Severity: String, Sendable, Encodable {
    /// An error: the data set cannot be used before it is corrected.
    case error = "wrong"
    /// A warning: the data set can be used.
    case warning = "odd"
  }

  package let severity: Severity
  /// A file, or `FILE:LINE`.
  package let place: String
  /// What is wrong, and what was expected.
  package let message: String

  package var description: String { "\(place): \(message)" }
}

/// Issues in the order found. It keeps the first thousand and counts the others, so that a table of
/// another format does not fill the memory.
package struct IssueLog: Sendable {
  package private(set) var issues: [DataIssue] = []
  /// The number of issues that are not in `issues`.
  package private(set) var left = 0
  /// The number of all errors.
  package private(set) var errorCount = 0
  private static let capacity = 1000

  mutating func error(_ place: String, _ message: String) { add(.error, place, message) }

  mutating func warn(_ place: String, _ message: String) { add(.warning, place, message) }

  mutating func append(_ error: Problem) { self.error(error.position, error.message) }

  private mutating func add(_ severity: DataIssue.Severity, _ place: String, _ message: String) {
    if severity == .error { errorCount += 1 }
    guard issues.count < IssueLog.capacity else {
      left += 1
      return
    }
    issues.append(DataIssue(severity: severity, place: place, message: message))
  }

  /// The first error, as the reason why a data set does not open; nil if there is none.
  func refusal(_ id: String) -> Problem? {
    guard let first = issues.first(where: { $0.severity == .error }) else { return nil }
    let others = errorCount - 1
    let more = others > 0 ? " (and \(others) more: scant data check \(id))" : ""
    return Problem(first.place, first.message + more)
  }
}

/// Checks of classes and splits.
enum ClipCheck {
  /// One line for each class without a positive in training.
  static func classesWithoutPositive(_ classes: [String], _ clips: [Clip]) -> [String] {
    let missing = classesWithoutPositive(classes, clips, in: .train)
    return missing.map { "class \($0) has no positive in training" }
  }

  /// One line for validation and one for test, since a class without a positive has no AP there.
  static func classesWithoutScore(_ classes: [String], _ clips: [Clip]) -> [String] {
    [Split.validation, .test].compactMap { split in
      guard clips.contains(where: { $0.split == split }) else { return nil }
      let missing = classesWithoutPositive(classes, clips, in: split)
      guard !missing.isEmpty else { return nil }
      let more = missing.count > mostNamed ? " and \(missing.count - mostNamed) more" : ""
      let names = missing.prefix(mostNamed).joined(separator: ", ")
      return "no positive in \(split.rawValue) for \(names)\(more); scores that need one leave "
        + "\(missing.count == 1 ? "this class" : "these classes") out there"
    }
  }

  private static let mostNamed = 8

  private static func classesWithoutPositive(
    _ classes: [String], _ clips: [Clip], in split: Split
  ) -> [String] {
    var isMissing = [Bool](repeating: true, count: classes.count)
    for clip in clips where clip.split == split {
      for (k, label) in clip.labels.enumerated() where (label ?? 0) >= 0.5 { isMissing[k] = false }
    }
    return classes.indices.filter { isMissing[$0] }.map { classes[$0] }
  }

  /// One line for each split without clips.
  static func emptySplits(_ clips: [Clip]) -> [String] {
    Split.allCases.filter { split in !clips.contains { $0.split == split } }
      .map { "no clip in split \($0.rawValue)" }
  }
}
