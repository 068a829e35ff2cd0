// Checks a data set: every table, every name of a sound and, on request, every sound.
import Acoustics
import Formats
import Foundation

/// The check of a data set.
package enum DataCheck {
  /// A report on a data set. `audio`: decodes every sound.
  ///
  /// Faults below the folder are in the report. Throws `Problem` if there is no such data set or
  /// folder, and `CancellationError`.
  package static func report(
    _ id: String, _ settings: DatasetSettings = DatasetSettings(), audio: Bool = false,
    progress: ProgressHandler? = nil
  ) throws -> DataReport {
    let set = try DatasetCatalog.entry(id)
    let subject = try set.check(settings, progress: progress)
    var log = subject.issues
    lookForSounds(subject, &log)
    let opened = audio ? try SoundCheck(subject, settings).run(&log, progress) : nil
    var report = DataReport(
      set.card, root: subject.root, layout: subject.layout, classes: subject.classes,
      clips: subject.clips, counts: subject.counts, named: subject.named, found: subject.found,
      summary: subject.summary ?? subject.usualSummary, remarks: subject.remarks, issues: log)
    report.sound.opened = opened
    return report
  }
}

extension DataCheck {
  /// One line if all sounds are missing; otherwise one for each missing file.
  private static func lookForSounds(_ subject: TableCheck, _ log: inout IssueLog) {
    let missing = subject.clips.indices.filter {
      subject.clips[$0].audio == nil && !subject.names[$0].isEmpty
    }
    guard missing.isEmpty || subject.found > 0 else {
      return log.warn(
        subject.root, "audio: 0 of \(subject.named) files found; only the labels are read")
    }
    for i in missing {
      log.error(subject.places[i], "no file \"\(subject.names[i])\"; expected the clip's sound")
    }
  }
}

extension IssueLog {
  /// Adds an error, which names its own place.
  mutating func add(_ error: any Error) {
    switch error {
    case let error as Problem: append(error)
    case let error as AudioError: self.error(error.file, error.reason)
    default: self.error("error", "\(error)")
    }
  }
}

/// The result of checking the tables of a data set.
public struct TableCheck: Sendable {
  /// The folder of the data set; empty for a built-in one.
  let root: String
  var layout = "as published"
  var classes: [String] = []
  var clips: [Clip] = []
  /// The row that names each clip, and its file name, which is empty for a clip without sound.
  var places: [String] = []
  var names: [String] = []
  /// The numbers of rows that name a file and of files found, if rows without file are left out.
  var files: (named: Int, found: Int)?
  var counts: [DataCount] = []
  /// What was understood, in five lines, if the data set says it in words of its own.
  var summary: [String]?
  /// Where the split comes from.
  var split = "split as published"
  var remarks: [String] = []
  var issues = IssueLog()

  init(root: String) { self.root = root }

  /// The five lines of a data set whose tables could be read.
  var usualSummary: [String] { clips.isEmpty ? [] : ClipSummary(self).lines }

  var named: Int { files?.named ?? names.count { !$0.isEmpty } }
  var found: Int { files?.found ?? clips.count { $0.audio != nil } }

  /// Runs `reading` and adds what it throws as a fault. A cancellation ends the check.
  mutating func noting(_ reading: (inout TableCheck) throws -> Void) throws {
    do { try reading(&self) } catch is CancellationError {
      throw CancellationError()
    } catch {
      issues.add(error)
    }
  }
}

extension Dataset {
  public static func check(_ settings: DatasetSettings, progress: ProgressHandler?) throws
    -> TableCheck
  {
    try openingCheck(settings, progress: progress)
  }

  /// Checks a data set by opening it, for data sets without tables of their own.
  static func openingCheck(
    _ settings: DatasetSettings, progress: ProgressHandler?
  ) throws -> TableCheck {
    var check = TableCheck(
      root: card.isBuiltIn ? "" : try DatasetFolder.root(card, settings).path)
    check.layout = card.source.map { "made of \($0)" } ?? "built in"
    try check.noting { check in
      let set = try Self(settings, progress: progress)
      try set.makeSounds(of: nil, threads: settings.threads, progress: progress)
      check.classes = set.classes
      check.clips = set.clips
      check.places = set.clips.map { $0.audio?.path ?? $0.id }
      check.names = set.clips.map { $0.audio?.lastPathComponent ?? "" }
      for problem in set.problems { check.issues.warn(check.root, problem) }
    }
    return check
  }
}
