// What a check of a data set found: counts beside the published ones, and everything wrong.
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
  package let counts: [Count]
  package var sound: Sound
  package let remarks: [String]
  package var issues: [DataIssue]
  /// Issues beyond the first thousand.
  package var issuesLeft: Int
  package var isWrong: Bool

  /// A count as JSON has it.
  package struct Count: Sendable, Encodable {
    package let what: String
    package let published: [Int]
    package let found: [Int]
    package let differs: Bool
  }
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
    self.counts = counts.map {
      Count(what: $0.what, published: $0.published, found: $0.found, differs: $0.differs)
    }
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
