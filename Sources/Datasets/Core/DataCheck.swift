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
    progress: Ticker? = nil
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
