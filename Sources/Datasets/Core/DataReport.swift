// What a check of a data set found: counts beside the published ones, and everything wrong.
import Formats
import Foundation

/// Plain values in the order in which they are shown; encodes to JSON.
package struct DataReport: Sendable, Encodable {
  package struct Class: Sendable, Encodable {
    package let name: String
    /// Share of the clips that have an answer for it.
    package let observed: Double
    /// The same by split: train, validation, test; nil where a split has no clip.
    package let observedIn: [Double?]
    /// Clips in which it is 0.5 and more, by split: train, validation, test.
    package let positives: [Int]
  }

  package struct Sound: Sendable, Encodable {
    /// Clips whose tables name a file, and how many of the files are there.
    package let named: Int
    package let found: Int
    /// How many were decoded; nil where only names were looked at.
    package var opened: Int?
  }

  package let dataset: String
  package let title: String
  package let root: String
  package let layout: String
  /// Clips in train, validation and test.
  package let clips: [Int]
  package let classes: [Class]
  package let counts: [DataCount]
  package var sound: Sound
  package let remarks: [String]
  package var issues: [DataIssue]
  /// Issues beyond the first thousand.
  package var issuesLeft: Int
  package var isWrong: Bool
}

extension DataReport {
  init(
    _ card: DatasetCard, root: String, layout: String, classes: [String], clips: [Clip],
    counts: [DataCount], named: Int, found: Int, remarks: [String], issues: IssueLog
  ) {
    dataset = card.id
    title = card.title
    self.root = root
    self.layout = layout
    self.clips = Split.allCases.map { split in clips.count { $0.split == split } }
    self.classes = DataReport.shares(classes, clips)
    self.counts = counts
    sound = Sound(named: named, found: found)
    self.remarks = remarks
    self.issues = issues.issues
    issuesLeft = issues.left
    isWrong = issues.wrongCount > 0 || counts.contains(where: \.differs)
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

/// One thing that is wrong, or merely odd, with a data set's files.
package struct DataIssue: Sendable, Equatable, Encodable, CustomStringConvertible {
  package enum Severity: String, Sendable, Encodable {
    /// The set cannot be trusted before this is put right.
    case wrong
    /// Read all the same.
    case odd
  }

  package let severity: Severity
  /// A file, or `FILE:LINE`.
  package let place: String
  /// What is wrong; what was expected.
  package let message: String

  package var description: String { "\(place): \(message)" }
}

/// Issues in the order found. Keeps the first thousand and counts the others, so that a table of
/// another kind altogether does not fill the memory.
package struct IssueLog: Sendable {
  package private(set) var issues: [DataIssue] = []
  /// How many are not among `issues`.
  package private(set) var left = 0
  /// Of all found, kept or not.
  package private(set) var wrongCount = 0
  private static let capacity = 1000

  mutating func wrong(_ place: String, _ message: String) { add(.wrong, place, message) }

  mutating func odd(_ place: String, _ message: String) { add(.odd, place, message) }

  mutating func append(_ error: Problem) { wrong(error.position, error.message) }

  private mutating func add(_ severity: DataIssue.Severity, _ place: String, _ message: String) {
    if severity == .wrong { wrongCount += 1 }
    guard issues.count < IssueLog.capacity else {
      left += 1
      return
    }
    issues.append(DataIssue(severity: severity, place: place, message: message))
  }

  /// The first thing wrong as the reason why a data set does not open; nil where all is well.
  func refusal(_ id: String) -> Problem? {
    guard let first = issues.first(where: { $0.severity == .wrong }) else { return nil }
    let others = wrongCount - 1
    let more = others > 0 ? " (and \(others) more: scant data check \(id))" : ""
    return Problem(first.place, first.message + more)
  }
}

enum ClipCheck {
  /// One line for each class that no training clip has.
  static func classesWithoutPositive(_ classes: [String], _ clips: [Clip]) -> [String] {
    let missing = classesWithoutPositive(classes, clips, in: .train)
    return missing.map { "class \($0) has no positive in training" }
  }

  /// One line a split, for those that are scored: without a positive a class has no AP there.
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
