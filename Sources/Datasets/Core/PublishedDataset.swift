// Data sets known by the layout in which their authors publish them: opened and checked alike.
import Formats
import Foundation

/// The layout of a data set whose tables are read by one function, for opening and for checking.
package protocol PublishedLayout: Sendable {
  static var card: DatasetCard { get }
  static var layoutMarks: [String] { get }
  static func isLaidOut(_ folder: URL) throws -> Bool

  /// Reads the tables under `root`. What is wrong with a row is logged; throws `Problem` where a
  /// table is missing altogether. `thorough`: also compares files that repeat one another.
  static func annotations(
    _ root: URL, _ settings: DatasetSettings, thorough: Bool
  ) throws -> Annotations

  /// Embeddings that the release brings, as `Dataset.embeddings(of:)` gives them.
  static func embeddings(of extractor: String, _ contents: PublishedContents) throws -> Features?
}

extension PublishedLayout {
  package static var layoutMarks: [String] { [] }

  package static func isLaidOut(_ folder: URL) throws -> Bool {
    try layoutMarks.contains {
      try StoredFile.isFile(folder.appendingPathComponent($0, isDirectory: false))
    }
  }

  package static func embeddings(
    of extractor: String, _ contents: PublishedContents
  ) throws -> Features? {
    nil
  }
}

/// A data set in the layout of its release.
package struct PublishedDataset<Layout: PublishedLayout>: Dataset {
  private let contents: PublishedContents

  package init(_ settings: DatasetSettings, progress: ProgressHandler? = nil) throws {
    let root = try DatasetFolder.root(Layout.card, settings)
    guard (0..<1).contains(settings.validationShare) else {
      throw Problem(
        "validation share", "\(settings.validationShare); expected 0 up to but not 1")
    }
    let annotations = try Layout.annotations(root, settings, thorough: false)
    if let refusal = annotations.issues.refusal(Layout.card.id) { throw refusal }
    guard !annotations.entries.isEmpty else {
      throw Problem(root.path, "no clip with labels; expected some")
    }
    contents = try PublishedContents(annotations, root: root, settings)
  }

  package static var card: DatasetCard { Layout.card }
  package static var layoutMarks: [String] { Layout.layoutMarks }
  package static func isLaidOut(_ folder: URL) throws -> Bool { try Layout.isLaidOut(folder) }

  package var title: String { Layout.card.title }
  package var classes: [String] { contents.classes }
  package var clips: [Clip] { contents.clips }
  package var problems: [String] { contents.problems }
  package var isSingleLabel: Bool { false }
  package var seconds: Double { contents.seconds }
  package var digest: String { contents.digest }

  package func embeddings(of extractor: String) throws -> Features? {
    try Layout.embeddings(of: extractor, contents)
  }

  package static func check(_ settings: DatasetSettings, progress: ProgressHandler?) throws
    -> TableCheck
  {
    let root = try DatasetFolder.root(card, settings)
    var check = TableCheck(root: root.path)
    try check.noting { check in
      let annotations = try Layout.annotations(root, settings, thorough: true)
      let contents = try PublishedContents(annotations, root: root, settings)
      check.layout = annotations.layout
      check.classes = annotations.classes
      check.clips = contents.clips
      check.places = annotations.entries.map(\.place)
      check.names = annotations.entries.map { $0.files.first ?? "" }
      check.counts = annotations.counts
      check.remarks = annotations.remarks
      check.issues = annotations.issues
      for line in ClipCheck.emptySplits(contents.clips)
        + ClipCheck.classesWithoutPositive(contents.classes, contents.clips)
        + ClipCheck.classesWithoutScore(contents.classes, contents.clips)
      where !annotations.isPartial {
        check.issues.odd(root.path, line)
      }
    }
    return check
  }
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

struct AudioSearch {
  private let folders: [String]

  /// Those of `folders` under `root` that are there. Throws `Problem` where the system did
  /// not say, as `find` does.
  init(_ root: URL, _ folders: [String]) throws {
    self.folders = try folders.map { $0.isEmpty ? root.path : "\(root.path)/\($0)" }.filter {
      try StoredFile.kind($0) == .folder
    }
  }

  /// The first of `names` that is a file in one of the folders.
  func find(_ names: [String]) throws -> URL? {
    for folder in folders {
      for name in names {
        let path = "\(folder)/\(name)"
        if try StoredFile.kind(path) == .file {
          return URL(fileURLWithPath: path, isDirectory: false)
        }
      }
    }
    return nil
  }
}
