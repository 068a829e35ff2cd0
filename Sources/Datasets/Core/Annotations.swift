// What the annotation tables of a published data set say, before a sound is looked for.
import Foundation

/// How many there are of something, next to how many were published.
package struct DataCount: Sendable, Equatable, Encodable {
  package let what: String
  package let published: [Int]
  package let found: [Int]

  package var differs: Bool { published != found }

  init(_ what: String, published: [Int], found: [Int]) {
    self.what = what
    self.published = published
    self.found = found
  }

  init(_ what: String, published: Int, found: Int) {
    self.init(what, published: [published], found: [found])
  }
}

/// The clips of a set as its tables have them.
package struct Annotations: Sendable {
  struct Entry: Sendable {
    let id: String
    /// Names that its sound may have, relative to one of the set's folders; none where the set
    /// brings no sound.
    let files: [String]
    var split: Split
    var labels: [Float?]
    var group: String?
    /// Where it is first named.
    let table: String
    let line: Int

    var place: String { "\(table):\(line)" }
  }

  /// Which of the forms of the set was found, in a few words.
  package var layout = "as published"
  package var classes: [String] = []
  var entries: [Entry] = []
  package var counts: [DataCount] = []
  package var issues = IssueLog()
  /// Splits or labels are not at hand, so nothing is said of what they lack.
  var isPartial = false
  /// What somebody who trains on it should know, one line each.
  package var remarks: [String] = []
  /// Length of every clip, in s.
  var seconds = 10.0
  /// Folders under the root that may hold the sounds.
  var folders: [String] = []
}

extension Annotations {
  func count(_ split: Split) -> Int { entries.count { $0.split == split } }

  /// Moves about `share` of the training clips to `target`, whole groups at a time, by `seed`.
  mutating func move(_ share: Double, to target: Split, seed: Int) {
    let chosen = GroupDraw(share: share, seed: seed, stream: target.index).chosen(
      entries.filter { $0.split == .train }.map { $0.group ?? $0.id })
    for i in entries.indices where entries[i].split == .train {
      if chosen.contains(entries[i].group ?? entries[i].id) { entries[i].split = target }
    }
  }
}
