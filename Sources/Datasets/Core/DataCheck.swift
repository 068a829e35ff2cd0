// Reads a data set for its faults: every table, every name of a sound, on request every sound.
import Acoustics
import Formats
import Foundation

package enum DataCheck {
  /// Everything there is to say of a data set. `audio`: decodes every sound.
  ///
  /// Throws `Problem` where there is no such set or folder, and `CancellationError`; whatever
  /// is wrong below the folder is in the report.
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
      remarks: subject.remarks, issues: log)
    report.sound.opened = opened
    return report
  }
}

extension DataCheck {
  /// One line where there is no sound at all, else one for each file that is missing.
  private static func lookForSounds(_ subject: TableCheck, _ log: inout IssueLog) {
    let missing = subject.clips.indices.filter {
      subject.clips[$0].audio == nil && !subject.names[$0].isEmpty
    }
    guard missing.isEmpty || subject.found > 0 else {
      return log.odd(
        subject.root, "audio: 0 of \(subject.named) files found; labels alone read")
    }
    for i in missing {
      log.wrong(subject.places[i], "no file \"\(subject.names[i])\"; expected the clip's sound")
    }
  }
}

extension IssueLog {
  /// An error with a place of its own.
  mutating func wrong(_ error: any Error) {
    switch error {
    case let error as Problem: append(error)
    case let error as AudioError: wrong(error.file, error.reason)
    default: wrong("error", "\(error)")
    }
  }
}

public struct TableCheck: Sendable {
  /// The folder that was read; empty for a set that is made here.
  let root: String
  var layout = "as published"
  var classes: [String] = []
  var clips: [Clip] = []
  /// Where each clip is named, and the file that it names; empty for a clip without sound.
  var places: [String] = []
  var names: [String] = []
  /// Rows that name a file, and files that are there, where rows are left out for their files.
  var files: (named: Int, found: Int)?
  var counts: [DataCount] = []
  var remarks: [String] = []
  var issues = IssueLog()

  init(root: String) { self.root = root }

  var named: Int { files?.named ?? names.count { !$0.isEmpty } }
  var found: Int { files?.found ?? clips.count { $0.audio != nil } }

  /// Runs a reading of tables: what it throws is one more fault, a cancellation ends the check.
  mutating func noting(_ reading: (inout TableCheck) throws -> Void) throws {
    do { try reading(&self) } catch is CancellationError {
      throw CancellationError()
    } catch {
      issues.wrong(error)
    }
  }
}

extension Dataset {
  public static func check(_ settings: DatasetSettings, progress: ProgressHandler?) throws
    -> TableCheck
  {
    try openingCheck(settings, progress: progress)
  }

  /// Of a set that is made here: what opening it says.
  static func openingCheck(
    _ settings: DatasetSettings, progress: ProgressHandler?
  ) throws -> TableCheck {
    var check = TableCheck(
      root: card.isBuiltIn ? "" : try DatasetFolder.root(card, settings).path)
    check.layout = card.source.map { "made of \($0)" } ?? "built in"
    try check.noting { check in
      let set = try Self(settings, progress: progress)
      check.classes = set.classes
      check.clips = set.clips
      check.places = set.clips.map { $0.audio?.path ?? $0.id }
      check.names = set.clips.map { $0.audio?.lastPathComponent ?? "" }
      for problem in set.problems { check.issues.odd(check.root, problem) }
    }
    return check
  }
}
