// Any folder of sound files: the way to bring one's own data. Documentation/Own-data.md.
import Formats
import Foundation

/// A folder with a table of labels, with label tracks, or with a folder a class. Sounds without a
/// label are clips for training whose labels are all missing. Where the layout has no split, one is
/// drawn.
public struct Folder: Dataset {
  public static let card = DatasetCard(
    id: "folder", title: "Folder",
    summary: "Any folder of sounds with labels.csv, label tracks or a folder a class",
    paper: "", licence: "your own", classes: nil, isBuiltIn: false,
    needs: [
      "labels.csv with the header filename[,split][,group],<class>,…, a table of file and label,"
        + " label tracks or a folder a class, beside the sounds"
    ],
    options: [
      DatasetOptions.seconds, DatasetOptions.seed, DatasetOptions.testFold,
      DatasetOptions.unlabelled,
    ])

  public static let layoutMarks = ["labels.csv"]

  public let title: String
  public let classes: [String]
  public let clips: [Clip]
  public let problems: [String]
  public let lost: [Split: Int]
  /// One class a clip in every labelled clip, all others ruled out.
  public let isSingleLabel: Bool
  /// Drawn here, unless the folder has a split.
  public let folds: [Int]
  public let seconds: Double
  public let digest: String
  /// Why nothing can be trained although the folder can be listened to and labelled.
  private let refusal: Problem?

  /// A folder with classes and too few labels, or none, is opened all the same, so that labels can
  /// be given; `demandTraining` then throws. Throws `Problem` with file and line, `AudioError`
  /// where a sound could not be looked at, and `CancellationError`.
  public init(_ settings: DatasetSettings, progress: ProgressHandler? = nil) throws {
    var reading = try FolderReading(settings, refusing: true, progress: progress)
    refusal = reading.refusal
    if let refusal, reading.labels.classes.isEmpty || reading.clips.isEmpty { throw refusal }
    let digest = DatasetFolder.digest(reading.labels.classes, reading.clips, sizes: reading.sizes)
    try reading.makeClipFiles(settings, progress: progress)
    title = reading.root.lastPathComponent
    (classes, clips) = (reading.labels.classes, reading.clips)
    (lost, self.digest) = (reading.rows.lost, digest)
    folds = reading.split == .given ? [] : Array(1...FoldDraw.count)
    problems = reading.rows.problems + reading.problems
    isSingleLabel =
      reading.blank == nil && clips.allSatisfy { $0.isUnlabelled || Self.isSingle($0) }
    seconds = reading.seconds(settings)
  }

  public func demandTraining() throws { if let refusal { throw refusal } }

  private static func isSingle(_ clip: Clip) -> Bool {
    clip.labels.count { $0 == 1 } == 1 && clip.labels.count { $0 == 0 } == clip.labels.count - 1
  }

  /// All faults of the folder, and what was understood in five lines. No recording is cut.
  public static func check(_ settings: DatasetSettings, progress: ProgressHandler?) throws
    -> TableCheck
  {
    let root = try DatasetFolder.root(card, settings)
    var check = TableCheck(root: root.path)
    check.layout = "not understood"
    try check.noting { check in
      let reading = try FolderReading(settings, refusing: false, progress: progress)
      check.take(reading)
      check.summary = FolderSummary(reading, settings).lines
      if check.issues.errorCount == 0, let refusal = reading.refusal { throw refusal }
    }
    return check
  }
}

extension TableCheck {
  /// Everything found in a person's own folder.
  fileprivate mutating func take(_ reading: FolderReading) {
    let rows = reading.rows
    layout = reading.labels.layout
    (classes, clips) = (reading.labels.classes, reading.clips)
    names = clips.map { $0.audio?.lastPathComponent ?? "" }
    places = zip(clips, reading.sources).map { clip, source in
      rows.lines[source] > 0 ? rows.place(rows.lines[source]) : clip.audio?.path ?? clip.id
    }
    files = (rows.named, rows.found)
    issues = reading.issues
    let listed = Set(reading.labels.recordings.map { ByteText(text: $0.url.path) })
    for (problem, path) in zip(rows.skipped, rows.skippedPaths) {
      if listed.contains(ByteText(text: path)) {
        issues.append(problem)
      } else {
        issues.warn(problem.position, problem.message)
      }
    }
    for line in reading.problems + ClipCheck.classesWithoutScore(classes, clips) {
      issues.warn(root, line)
    }
  }
}
