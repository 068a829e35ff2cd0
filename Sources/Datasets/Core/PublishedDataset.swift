// Data sets in the layout of their release.
import Acoustics
import Formats
import Foundation

/// A data set in the layout of its release. One function reads its tables, for opening and for
/// checking.
protocol PublishedDataset: Dataset {
  /// Reads the tables below `root`. Faulty rows are logged; a missing table throws `Problem`.
  /// `thorough`: also compares files that repeat one another.
  static func annotations(
    _ root: URL, _ settings: DatasetSettings, thorough: Bool
  ) throws -> Annotations

  var contents: PublishedContents { get }
  init(contents: PublishedContents)
}

extension PublishedDataset {
  package init(_ settings: DatasetSettings, progress: ProgressHandler? = nil) throws {
    let root = try DatasetFolder.root(Self.card, settings)
    _ = try ValidationShare(settings.validationShare, seed: settings.seed)
    let annotations = try Self.annotations(root, settings, thorough: false)
    if let refusal = annotations.issues.refusal(Self.card.id) { throw refusal }
    guard !annotations.entries.isEmpty else {
      throw Problem(root.path, "no clip with labels; expected some")
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

  package static func check(_ settings: DatasetSettings, progress: ProgressHandler?) throws
    -> TableCheck
  {
    let root = try DatasetFolder.root(card, settings)
    var check = TableCheck(root: root.path)
    try check.noting { check in
      let annotations = try annotations(root, settings, thorough: true)
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
        check.issues.warn(root.path, line)
      }
    }
    return check
  }
}

/// The clips of a published data set, with the sounds that are there.
struct PublishedContents: Sendable {
  let root: URL
  let classes: [String]
  let clips: [Clip]
  let problems: [String]
  let seconds: Double
  let digest: String

  init(_ annotations: Annotations, root: URL, _ settings: DatasetSettings) throws {
    let sound = try AudioSearch(root, annotations.folders)
    let clips = try annotations.entries.map { entry in
      Clip(
        id: entry.id, audio: try sound.find(entry.files), split: entry.split,
        seconds: annotations.seconds, labels: entry.labels, group: entry.group)
    }
    (self.root, self.clips, classes) = (root, clips, annotations.classes)
    seconds = settings.seconds ?? annotations.seconds
    digest = PublishedContents.digest(classes, clips)
    let warnings = annotations.issues.issues.filter { $0.severity == .warning }.map(\.description)
    problems =
      PublishedContents.audio(annotations.entries, clips) + annotations.remarks + warnings
      + ClipCheck.emptySplits(clips) + ClipCheck.classesWithoutPositive(classes, clips)
  }

  /// A line if sounds are missing. It comes first, since training on sound fails because of it.
  private static func audio(_ entries: [Annotations.Entry], _ clips: [Clip]) -> [String] {
    let named = entries.count { !$0.files.isEmpty }
    if named == 0 { return ["this data set has no sound; it brings embeddings"] }
    let found = clips.count { $0.audio != nil }
    return found < named ? ["audio: \(found) of \(named) files found"] : []
  }

  /// The digest of classes, splits and labels.
  private static func digest(_ classes: [String], _ clips: [Clip]) -> String {
    var digest = Fingerprint(of: classes.joined(separator: "\n"))
    for clip in clips {
      digest.add(Array(clip.id.utf8))
      digest.add(UInt64(clip.split.index))
      for label in clip.labels { digest.add(label.map { UInt64($0.bitPattern) } ?? .max) }
    }
    return digest.text
  }

  /// Features that the release has in one file per clip, `folder/NAME(id)`; nil if there is no such
  /// folder. The problems say how many files are missing. Throws `Problem`.
  func features(
    _ extractor: String, in folder: String, file: (String) -> String,
    read: (URL) throws -> Spectrogram
  ) throws -> Features? {
    let folder = root.appendingPathComponent(folder)
    guard try StoredFile.exists(folder) else { return nil }
    var spectrograms: [Clip.ID: Spectrogram] = [:]
    for clip in clips {
      let url = folder.appendingPathComponent(file(clip.id))
      if try StoredFile.isFile(url) { spectrograms[clip.id] = try read(url) }
    }
    let (found, all) = (spectrograms.count, clips.count)
    return Features(
      spectrograms, problems: found < all ? ["\(extractor): \(found) of \(all) files found"] : [])
  }
}

/// Looks for the sound files of a data set.
struct AudioSearch {
  private let folders: [String]

  /// Looks in those of `folders` below `root` that exist. Throws `Problem` if the system fails, as
  /// `find` does.
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
