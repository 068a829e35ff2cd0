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
    let opened = audio ? try decode(subject, settings, &log, progress) : nil
    var report = DataReport(
      subject.card, root: subject.root, layout: subject.layout, classes: subject.classes,
      clips: subject.clips, counts: subject.counts, named: subject.names.count { !$0.isEmpty },
      remarks: subject.remarks, issues: log)
    report.sound.opened = opened
    return report
  }

  /// What is checked of a set of either kind.
  struct Subject {
    let card: DatasetCard
    let root: String
    var layout = "as published"
    var classes: [String] = []
    var clips: [Clip] = []
    /// Where each clip is named, and the file that it names; empty for a clip without sound.
    var places: [String] = []
    var names: [String] = []
    var counts: [DataCount] = []
    var remarks: [String] = []
    var issues = IssueLog()
  }

  private static func subject(
    _ id: String, _ settings: DatasetSettings, _ progress: Ticker?
  ) throws -> Subject {
    if let published = DatasetCatalog.published.first(where: { $0.card.id == id }) {
      return try subject(published, settings)
    }
    guard let card = DatasetCatalog.all.first(where: { $0.id == id }) else {
      throw DatasetCatalog.unknown(id)
    }
    var subject = Subject(
      card: card, root: card.isBuiltIn ? "" : try DatasetFolder.root(card, settings).path)
    subject.layout =
      card.isBuiltIn ? "built in" : card.source.map { "made of \($0)" } ?? "as published"
    do {
      let set = try DatasetCatalog.open(id, settings, progress: progress)
      subject.classes = set.classes
      subject.clips = set.clips
      subject.places = set.clips.map { $0.audio?.path ?? $0.id }
      subject.names = set.clips.map { $0.audio?.lastPathComponent ?? "" }
      for problem in set.problems { subject.issues.problem(problem, subject.root) }
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      subject.issues = try tableIssues(id, settings) ?? subject.issues
      if subject.issues.wrongCount == 0 { subject.issues.wrong(error) }
    }
    return subject
  }

  /// Every fault of the tables of sets that open at the first; nil for others.
  private static func tableIssues(_ id: String, _ settings: DatasetSettings) throws -> IssueLog? {
    switch id {
    case Folder.card.id: try? Folder.tableIssues(settings)
    case ESC50.card.id, ESC10Mixtures.card.id: try? ESC50.tableIssues(settings)
    default: nil
    }
  }

  private static func subject(
    _ type: any PublishedDataset.Type, _ settings: DatasetSettings
  ) throws -> Subject {
    let root = try DatasetFolder.root(type.card, settings)
    var subject = Subject(card: type.card, root: root.path)
    do {
      let annotations = try type.annotations(root, settings, thorough: true)
      let contents = PublishedContents(annotations, root: root, settings)
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
    let named = subject.names.count { !$0.isEmpty }
    guard missing.count < named else {
      if named > 0 { log.odd(subject.root, "audio: 0 of \(named) files found; labels alone read") }
      return
    }
    for i in missing {
      log.wrong(subject.places[i], "no file \"\(subject.names[i])\"; expected the clip's sound")
    }
  }

  /// Decodes every sound; how many it was.
  private static func decode(
    _ subject: Subject, _ settings: DatasetSettings, _ log: inout IssueLog, _ progress: Ticker?
  ) throws -> Int {
    let sounds = subject.clips.indices.filter { subject.clips[$0].audio != nil }
    let reasons = try Parallel.map(
      sounds.count, threads: settings.threads ?? Parallel.cores, "Opening sounds",
      progress: progress, worker: {},
      work: { _, n in fault(in: subject.clips[sounds[n]]) })
    for (i, reason) in zip(sounds, reasons) {
      if let reason { log.wrong(subject.places[i], reason) }
    }
    return reasons.count { $0 == nil }
  }

  private static func fault(in clip: Clip) -> String? {
    guard let url = clip.audio else { return nil }
    do {
      let wave = try AudioFile.read(url)
      if wave.samples.isEmpty { return "\(url.path): no samples; expected sound" }
      let isFinite = wave.samples.allSatisfy(\.isFinite)
      return isFinite ? nil : "\(url.path): not a number among its samples; expected sound"
    } catch {
      return "\(error)"
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
    default: wrong("error", "\(error)")
    }
  }

  /// A line of `Dataset.problems`: what was skipped is wrong, the rest is odd.
  mutating func problem(_ line: String, _ root: String) {
    let mark = "skipped "
    guard line.hasPrefix(mark) else { return odd(root, line) }
    let parts = line.dropFirst(mark.count).split(separator: ": ", maxSplits: 1)
    wrong(parts.first.map(String.init) ?? root, parts.last.map(String.init) ?? line)
  }
}
