// Data sets known by the layout in which their authors publish them: opened and checked alike.
import Foundation

/// A data set whose tables are read by one function, for opening and for checking it.
package protocol PublishedDataset: Dataset {
  /// Reads the tables under `root`. What is wrong with a row is logged; throws `DatasetError` or
  /// `FormatError` where a table is missing altogether. `thorough`: also compares files that
  /// repeat one another.
  static func annotations(
    _ root: URL, _ settings: DatasetSettings, thorough: Bool
  ) throws -> Annotations

  init(contents: PublishedContents)
  var contents: PublishedContents { get }
}

/// What the tables of a published set come to.
package struct PublishedContents: Sendable {
  let root: URL
  let classes: [String]
  let clips: [Clip]
  let problems: [String]
  let seconds: Double
  let digest: String

  init(_ annotations: Annotations, root: URL, _ settings: DatasetSettings) throws {
    let sound = try AudioSearch(root, annotations.folders)
    let seconds = annotations.seconds
    let clips = try annotations.entries.map { entry in
      Clip(
        id: entry.id, audio: try sound.find(entry.files), split: entry.split, seconds: seconds,
        labels: entry.labels, group: entry.group)
    }
    self.root = root
    self.clips = clips
    classes = annotations.classes
    self.seconds = settings.seconds ?? seconds
    digest = PublishedContents.digest(classes, clips)
    let odd = annotations.issues.issues.filter { $0.severity == .odd }.map(\.description)
    problems =
      PublishedContents.audio(annotations.entries, clips) + annotations.remarks + odd
      + ClipCheck.emptySplits(clips) + ClipCheck.classesWithoutPositive(classes, clips)
  }

  /// One line where sounds are missing. First among the problems: training on sound fails for it.
  private static func audio(_ entries: [Annotations.Entry], _ clips: [Clip]) -> [String] {
    let named = entries.count { !$0.files.isEmpty }
    if named == 0 { return ["no sound in this set: it brings embeddings alone"] }
    let found = clips.count { $0.audio != nil }
    return found < named ? ["audio: \(found) of \(named) files found"] : []
  }

  /// Of classes, splits and labels.
  private static func digest(_ classes: [String], _ clips: [Clip]) -> String {
    var digest = Fingerprint(of: classes.joined(separator: "\n"))
    for clip in clips {
      digest.add(Array(clip.id.utf8))
      digest.add(UInt64(clip.split.index))
      for label in clip.labels { digest.add(label.map { UInt64($0.bitPattern) } ?? .max) }
    }
    return digest.text
  }
}

extension PublishedDataset {
  package init(_ settings: DatasetSettings) throws {
    let root = try DatasetFolder.root(Self.card, settings)
    guard (0..<1).contains(settings.validationShare) else {
      throw DatasetError(
        "validation share", "\(settings.validationShare); expected 0 up to but not 1")
    }
    let annotations = try Self.annotations(root, settings, thorough: false)
    if let refusal = annotations.issues.refusal(Self.card.id) { throw refusal }
    guard !annotations.entries.isEmpty else {
      throw DatasetError(root.path, "no clip with labels; expected some")
    }
    self.init(contents: try PublishedContents(annotations, root: root, settings))
  }

  package var title: String { Self.card.title }
  package var classes: [String] { contents.classes }
  package var clips: [Clip] { contents.clips }
  package var problems: [String] { contents.problems }
  package var isSingleLabel: Bool { false }
  package var seconds: Double { contents.seconds }
  package var digest: String { contents.digest }
}
