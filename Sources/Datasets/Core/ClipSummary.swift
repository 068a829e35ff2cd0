// What was understood of a data set, in five lines.
import Foundation

/// Clips, groups, classes, labels and unlabelled clips of a data set, each with what to change.
struct ClipSummary {
  let clips: [Clip]
  let classes: [String]
  /// Where the clips come from, such as "from 12 sound files".
  let origin: String
  /// What says which clips belong together.
  let groupAdvice: String
  /// Where the classes come from.
  let classAdvice: String
  /// Where the split comes from.
  let split: String
  /// What happens to clips without a label.
  let unlabelledAdvice: String

  var lines: [String] {
    [
      ("clips", "\(clips.count) \(origin)"), ("groups", groups), ("classes", classNames),
      ("labels", labels), ("unlabelled", unlabelled),
    ].map { $0.0.padding(toLength: 12, withPad: " ", startingAt: 0) + $0.1 }
  }

  private var groups: String {
    let count = Set(clips.map { $0.group ?? $0.id }).count
    let all = count == clips.count ? ", each clip by itself" : ""
    return "\(count)\(all) (\(groupAdvice))"
  }

  private var classNames: String {
    let shown = classes.prefix(8).joined(separator: ", ") + (classes.count > 8 ? ", …" : "")
    return "\(classes.count): \(shown) (\(classAdvice))"
  }

  private var labels: String {
    let parts = Split.allCases.map { "\($0.rawValue) \(observed($0))" }
    return parts.joined(separator: "; ") + "; " + split
  }

  /// Share of the labels that are observed, and positives of the classes, of the labelled clips.
  private func observed(_ split: Split) -> String {
    let clips = clips.filter { $0.split == split && !$0.isUnlabelled }
    guard !clips.isEmpty else { return "none" }
    let positives = classes.indices.map { k in clips.count { ($0.labels[k] ?? 0) >= 0.5 } }
    let (least, most) = (positives.min() ?? 0, positives.max() ?? 0)
    let count = clips.reduce(0) { $0 + $1.labels.count { $0 != nil } }
    let share = Double(count) / Double(max(1, clips.count * classes.count)) * 100
    let range = least == most ? "\(least)" : "\(least)–\(most)"
    return "\(clips.count.counted("clip")), \(Int(share.rounded())) % observed, \(range) positive "
      + "a class"
  }

  private var unlabelled: String {
    let clips = clips.filter(\.isUnlabelled)
    let training = clips.count { $0.split == .train }
    guard !clips.isEmpty else { return "no clip" }
    let place = training == clips.count ? "in training" : "\(training) of them in training"
    return "\(clips.count.counted("clip")), \(place), \(unlabelledAdvice)"
  }
}

extension ClipSummary {
  /// Of a data set in a layout whose files are given.
  init(_ check: TableCheck) {
    let longest = check.clips.map(\.seconds).max() ?? 0
    let length = longest > 0 ? " of up to \(RecordingCuts.text(longest)) s" : ""
    let missing = check.found < check.named ? "\(check.found) of " : ""
    clips = check.clips
    classes = check.classes
    origin =
      check.named == 0
      ? "without sound" : "from \(missing)\(check.named.counted("sound file"))\(length)"
    let isGrouped = check.clips.contains { $0.group != nil }
    groupAdvice = isGrouped ? "clips of one recording are a group" : "the layout has no groups"
    classAdvice = check.layout
    split = check.split
    unlabelledAdvice = "all their labels are missing"
  }
}

extension Int {
  /// "1 clip", "2 clips".
  func counted(_ noun: String) -> String { "\(self) \(noun)\(self == 1 ? "" : "s")" }
}
