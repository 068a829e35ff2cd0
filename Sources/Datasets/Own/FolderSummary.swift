// What was understood of a person's own folder, in five lines, and why it cannot be trained on.
import Formats
import Foundation

struct FolderSummary {
  private let reading: FolderReading
  private let seconds: Double

  init(_ reading: FolderReading, _ settings: DatasetSettings) {
    self.reading = reading
    seconds = reading.seconds(settings)
  }

  var lines: [String] {
    ClipSummary(
      clips: reading.clips, classes: reading.labels.classes, origin: origin,
      groupAdvice: reading.labels.advice.groups, classAdvice: reading.labels.advice.classes,
      split: split,
      unlabelledAdvice: "for methods that can use them (dataset.unlabelled)"
    ).lines
  }

  private var origin: String {
    let rows = reading.rows
    let files = Set(reading.sources).count
    let cut = Dictionary(grouping: reading.sources, by: { $0 }).count { $1.count > 1 }
    let lost = rows.skipped.isEmpty ? "" : "; \(rows.skipped.count.counted("file")) cannot be used"
    let cuts = cut == 0 ? "" : ", \(cut) of them cut"
    return
      "from \(files.counted("sound file"))\(cuts)\(lost); a clip has up to "
      + "\(RecordingCuts.text(seconds)) s (dataset.seconds)"
  }

  private var split: String {
    switch reading.split {
    case .given: "split as given"
    case .drawn(let fold, let seed):
      "split drawn, fold \(fold) of \(FoldDraw.count), seed \(seed) "
        + "(\(reading.labels.advice.split))"
    }
  }
}

// MARK: too little to train on

extension FolderReading {
  /// A drawn split needs three recordings of a class, one each for training, validation and test,
  /// and two clips in each.
  private static let fewest = (recordings: 3, clips: 6)

  /// Why nothing could be learned, in one sentence; nil where something can.
  var refusal: Problem? {
    if let blank { return blank }
    let reason = rows.skipped.first.map { "; first: skipped \($0)" } ?? ""
    if rows.clips.isEmpty { return Problem(root.path, "no readable sound file\(reason)") }
    let labelled = clips.filter { !$0.isUnlabelled }
    guard !labelled.isEmpty else {
      return Problem(root.path, "no readable sound file with a label\(reason)")
    }
    if let reason = tooLittle { return Problem(labels.table.path, reason) }
    guard labelled.contains(where: { $0.split == .train }) else {
      return Problem(
        labels.table.path, "no readable clip with a label in split train; expected some")
    }
    return nil
  }

  /// Nil where the split is given: its author decides.
  private var tooLittle: String? {
    guard case .drawn = split else { return nil }
    if let oneClass { return oneClass }
    let labelled = clips.filter { !$0.isUnlabelled }
    let recordings = Set(labelled.map { $0.group ?? $0.id }).count
    let most =
      labels.classes.indices.map { k in
        Set(labelled.filter { ($0.labels[k] ?? 0) >= 0.5 }.map { $0.group ?? $0.id }).count
      }.max() ?? 0
    let fewest = Self.fewest
    guard labelled.count < fewest.clips || most < fewest.recordings else { return nil }
    let found =
      "\(labelled.count.counted("labelled clip")) of \(recordings.counted("recording")), at most "
      + "\(most.counted("recording")) of a class"
    return found
      + "; expected \(fewest.clips) clips or more, and \(fewest.recordings) recordings of "
      + "a class: one each to train, validate and test on"
  }

  /// Why there is nothing to tell apart; nil where there is.
  private var oneClass: String? {
    let labelled = clips.filter { !$0.isUnlabelled }
    guard labels.classes.count < 2 else { return nil }
    guard let name = labels.classes.first else { return "labels without a class; expected names" }
    let values = Set(labelled.compactMap { $0.labels[0].map { $0 >= 0.5 } })
    guard values.count < 2 else { return nil }
    return "one class, \(name), in every labelled clip; expected clips without it or a second class"
  }

  /// That the folder has classes and no label of them; nil where it has one, or a faulty row.
  var blank: Problem? { issues.errorCount == 0 ? labels.blank : nil }

  /// One line each for what looks wrong, beside files left out.
  var problems: [String] {
    guard blank == nil else { return [] }
    let classes = labels.classes
    return (isGiven ? [oneClass].compactMap { $0 } : []) + ClipCheck.emptySplits(clips)
      + ClipCheck.classesWithoutPositive(classes, clips).map {
        "\($0); add a clip that has it, or \(remedy)"
      }
  }

  private var isGiven: Bool { split == .given }

  private var remedy: String {
    labels.table == root
      ? "leave the class out" : "remove its column from \(labels.table.lastPathComponent)"
  }
}
