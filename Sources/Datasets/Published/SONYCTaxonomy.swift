// The taxonomy of SONYC-UST v2: 8 coarse tags, and 29 fine tags of which 6 mean "uncertain".
import Formats
import Foundation

/// The tags in the order of the columns of annotations.csv.
enum SONYCTaxonomy {
  struct Group {
    let name: String
    /// The fine tags 1, 2, … of the group.
    let fine: [String]
    /// The tag for an uncertain fine tag of this group.
    let uncertain: String?
  }

  static let groups = [
    Group(
      name: "engine",
      fine: ["small-sounding-engine", "medium-sounding-engine", "large-sounding-engine"],
      uncertain: "engine-of-uncertain-size"),
    Group(
      name: "machinery-impact", fine: ["rock-drill", "jackhammer", "hoe-ram", "pile-driver"],
      uncertain: "other-unknown-impact-machinery"),
    Group(name: "non-machinery-impact", fine: ["non-machinery-impact"], uncertain: nil),
    Group(
      name: "powered-saw",
      fine: ["chainsaw", "small-medium-rotating-saw", "large-rotating-saw"],
      uncertain: "other-unknown-powered-saw"),
    Group(
      name: "alert-signal", fine: ["car-horn", "car-alarm", "siren", "reverse-beeper"],
      uncertain: "other-unknown-alert-signal"),
    Group(
      name: "music", fine: ["stationary-music", "mobile-music", "ice-cream-truck"],
      uncertain: "music-from-uncertain-source"),
    Group(
      name: "human-voice",
      fine: [
        "person-or-small-group-talking", "person-or-small-group-shouting", "large-crowd",
        "amplified-speech",
      ], uncertain: "other-unknown-human-voice"),
    Group(name: "dog", fine: ["dog-barking-whining"], uncertain: nil),
  ]

  /// One column: its name without `_presence`, its group, and whether it is an uncertain tag (X).
  struct Tag {
    let column: String
    let name: String
    let group: Int
    let isUncertain: Bool
  }

  /// The 29 fine tags; 3, 8, 13, 18, 22 and 27 are uncertain ones.
  static let fineTags: [Tag] = groups.enumerated().flatMap { g, group in
    group.fine.enumerated().map { f, name in
      Tag(column: "\(g + 1)-\(f + 1)_\(name)", name: name, group: g, isUncertain: false)
    }
      + (group.uncertain.map {
        [Tag(column: "\(g + 1)-X_\($0)", name: $0, group: g, isUncertain: true)]
      } ?? [])
  }

  /// The 8 coarse tags.
  static let coarseTags: [Tag] = groups.enumerated().map { g, group in
    Tag(column: "\(g + 1)_\(group.name)", name: group.name, group: g, isUncertain: false)
  }

  /// The 23 fine or 8 coarse names.
  static func classes(_ level: TaxonomyLevel) -> [String] {
    switch level {
    case .fine: fineTags.filter { !$0.isUncertain }.map(\.name)
    case .coarse: coarseTags.map(\.name)
    }
  }

  /// Compares the names and their order with `dcase-ust-taxonomy.yaml` if it is there.
  static func check(_ root: URL, _ issues: inout IssueLog) throws {
    let url = root.appendingPathComponent("dcase-ust-taxonomy.yaml")
    guard let text = try StoredFile.text(url) else { return }
    let wanted = (fineTags + coarseTags).map(\.name)
    var found: [(line: Int, name: String)] = []
    for (n, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      let parts = line.split(separator: ":", maxSplits: 1)
      let name = parts.count == 2 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
      if !name.isEmpty { found.append((n + 1, name)) }
    }
    for (entry, name) in zip(found, wanted) where entry.name != name {
      return issues.error("\(url.path):\(entry.line)", "\(entry.name); expected \(name)")
    }
    if found.count != wanted.count {
      issues.error(url.path, "\(found.count) names; expected \(wanted.count)")
    }
  }
}
