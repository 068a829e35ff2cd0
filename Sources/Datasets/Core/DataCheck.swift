// Reads a data set for its faults: every table, every name of a sound, on request every sound.
import Acoustics
import Formats
import Foundation

package enum DataCheck {
  /// Everything there is to say of a data set. `audio`: decodes every sound.
  ///
  /// Throws `DatasetError` where there is no such set or folder, and `CancellationError`; whatever
  /// is wrong below the folder is in the report.
  package static func report(
    _ id: String, _ settings: DatasetSettings = DatasetSettings(), audio: Bool = false,
    progress: Ticker? = nil
  ) throws -> DataReport {
    let subject = try subject(id, settings, progress)
    var log = subject.issues
    lookForSounds(subject, &log)
    let opened = audio ? try SoundCheck(subject, settings).run(&log, progress) : nil
    var report = DataReport(
      subject.card, root: subject.root, layout: subject.layout, classes: subject.classes,
      clips: subject.clips, counts: subject.counts, named: subject.named, found: subject.found,
      remarks: subject.remarks, issues: log)
    report.sound.opened = opened
    return report
  }

  /// What is checked of a set of any kind.
  struct Subject {
    let card: DatasetCard
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

    var named: Int { files?.named ?? names.count { !$0.isEmpty } }
    var found: Int { files?.found ?? clips.count { $0.audio != nil } }
  }

  private static func subject(
    _ id: String, _ settings: DatasetSettings, _ progress: Ticker?
  ) throws -> Subject {
    if let published = DatasetCatalog.published.first(where: { $0.card.id == id }) {
      return try subject(published, settings)
    }
    if let sheet = DatasetCatalog.sheets.first(where: { $0.card.id == id }) {
      return try subject(sheet, settings, progress)
    }
    guard let card = DatasetCatalog.all.first(where: { $0.id == id }) else {
      throw DatasetCatalog.unknown(id)
    }
    var subject = Subject(
      card: card, root: card.isBuiltIn ? "" : try DatasetFolder.root(card, settings).path)
    subject.layout = card.source.map { "made of \($0)" } ?? "built in"
    do {
      let set = try DatasetCatalog.open(id, settings, progress: progress)
      subject.classes = set.classes
      subject.clips = set.clips
      subject.places = set.clips.map { $0.audio?.path ?? $0.id }
      subject.names = set.clips.map { $0.audio?.lastPathComponent ?? "" }
      for problem in set.problems { subject.issues.odd(subject.root, problem) }
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      if card.source != nil { subject.issues = try sourceIssues(settings, progress) }
      if subject.issues.wrongCount == 0 { subject.issues.wrong(error) }
    }
    return subject
  }

  /// Every fault of the set that another is made of, where opening ends at the first.
  private static func sourceIssues(
    _ settings: DatasetSettings, _ progress: Ticker?
  ) throws -> IssueLog {
    var log = IssueLog()
    do {
      let reading = try ESC50.reading(settings, refusing: false, progress: progress)
      log = reading.issues
      for error in reading.rows.skipped { log.append(error) }
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      log.wrong(error)
    }
    return log
  }

  private static func subject(
    _ type: any SheetDataset.Type, _ settings: DatasetSettings, _ progress: Ticker?
  ) throws -> Subject {
    let root = try DatasetFolder.root(type.card, settings)
    var subject = Subject(card: type.card, root: root.path)
    subject.layout = type.layout
    do {
      let reading = try type.reading(settings, refusing: false, progress: progress)
      let rows = reading.rows
      (subject.classes, subject.clips) = (reading.classes, rows.clips)
      subject.places = rows.lines.map(rows.place)
      subject.names = rows.clips.map { $0.audio?.lastPathComponent ?? "" }
      subject.files = (rows.named, rows.found)
      subject.issues = reading.issues
      for error in rows.skipped { subject.issues.append(error) }
      let unlisted = try UnlistedSounds(in: reading.sounds, beside: rows)
      for line in reading.problems + ClipCheck.classesWithoutScore(reading.classes, rows.clips)
        + unlisted.problems
      {
        subject.issues.odd(root.path, line)
      }
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      subject.issues.wrong(error)
    }
    return subject
  }

  private static func subject(
    _ type: any PublishedDataset.Type, _ settings: DatasetSettings
  ) throws -> Subject {
    let root = try DatasetFolder.root(type.card, settings)
    var subject = Subject(card: type.card, root: root.path)
    do {
      let annotations = try type.annotations(root, settings, thorough: true)
      let contents = try PublishedContents(annotations, root: root, settings)
      subject.layout = annotations.layout
      subject.classes = annotations.classes
      subject.clips = contents.clips
      subject.places = annotations.entries.map(\.place)
      subject.names = annotations.entries.map { $0.files.first ?? "" }
      subject.counts = annotations.counts
      subject.remarks = annotations.remarks
      subject.issues = annotations.issues
      for line in ClipCheck.emptySplits(contents.clips)
        + ClipCheck.classesWithoutPositive(contents.classes, contents.clips)
        + ClipCheck.classesWithoutScore(contents.classes, contents.clips)
      where !annotations.isPartial {
        subject.issues.odd(root.path, line)
      }
    } catch {
      subject.issues.wrong(error)
    }
    return subject
  }
}

extension DataCheck {
  /// One line where there is no sound at all, else one for each file that is missing.
  private static func lookForSounds(_ subject: Subject, _ log: inout IssueLog) {
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
    case let error as DatasetError: append(error)
    case let error as FormatError:
      wrong(error.line.map { "\(error.file):\($0)" } ?? error.file, error.message)
    case let error as AudioError: wrong(error.file, error.reason)
    default: wrong("error", "\(error)")
    }
  }
}
