// Everything that is read of a person's own folder: layout, labels, sounds, clips and splits.
import Acoustics
import Formats
import Foundation

struct FolderReading {
  let root: URL
  let labels: FolderLabels
  private(set) var rows: LabelledClips
  /// Clips of the data set; those of a cut recording still have the recording as their sound.
  private(set) var clips: [Clip] = []
  /// Of each clip the recording it is from, an index into `rows.clips`.
  private(set) var sources: [Int] = []
  let cuts: RecordingCuts
  /// How the splits came about.
  let split: SplitOrigin
  private(set) var issues = IssueLog()

  enum SplitOrigin: Sendable, Equatable {
    case given
    case drawn(testFold: Int, seed: Int)
  }

  /// Clips are this long unless the settings say otherwise, in s.
  static let usualSeconds = 10.0

  /// Faulty rows are logged and left out; with `refusing` the first of them is thrown before any
  /// sound is opened. Throws `Problem` where there is no label, `AudioError` where a sound could
  /// not be looked at, and `CancellationError`.
  init(_ settings: DatasetSettings, refusing: Bool, progress: ProgressHandler?) throws {
    root = try DatasetFolder.root(Folder.card, settings)
    let listing = try SoundListing(root, leavingOut: ClipFiles.place(settings.cache))
    var issues = IssueLog()
    labels = try FolderLayout.read(root, listing, &issues)
    labels.crossings(&issues)
    cuts = RecordingCuts(length: settings.seconds ?? FolderReading.usualSeconds)
    split = try FolderReading.origin(labels, settings)
    let unlisted = labels.unlisted(listing)
    let recordings = labels.recordings + (settings.usesUnlabelled ? unlisted : [])
    rows = try LabelledClips(
      recordings.map(FolderReading.file), table: labels.table, root: root, settings, &issues,
      refusing: refusing ? Folder.card.id : nil, progress: progress)
    self.issues = issues
    cut(recordings)
    if case .drawn(let testFold, let seed) = split {
      clips = try FoldDraw(testFold: testFold, seed: seed).applied(to: clips)
    }
  }

  private static func file(_ recording: Recording) -> LabelledFile {
    var labels: [Float?] = []
    if case .whole(let known) = recording.labels { labels = known }
    return LabelledFile(
      id: recording.id, name: recording.name, url: recording.url,
      split: recording.split ?? .train, labels: labels, group: recording.group,
      line: recording.line)
  }

  /// A split is given for all labelled recordings or for none.
  private static func origin(
    _ labels: FolderLabels, _ settings: DatasetSettings
  ) throws -> SplitOrigin {
    if labels.recordings.contains(where: { $0.split != nil }) {
      guard settings.testFold == nil else {
        throw Problem(
          labels.table.path, "has its own split; expected none where dataset.testFold is set")
      }
      return .given
    }
    let draw = try FoldDraw(testFold: settings.testFold, seed: settings.seed)
    return .drawn(testFold: draw.testFold, seed: settings.seed)
  }

  private mutating func cut(_ recordings: [Recording]) {
    let annotations = Dictionary(
      recordings.map { ($0.id, $0.labels) }, uniquingKeysWith: { first, _ in first })
    for (index, clip) in rows.clips.enumerated() {
      let labels = annotations[clip.id] ?? .whole(clip.labels)
      let parts = cuts.clips(of: clip, labels, self.labels.classes)
      clips += parts
      sources += parts.map { _ in index }
      noteLateSpans(clip, labels)
    }
  }

  /// Labels of a track that lie behind the end of its recording.
  private mutating func noteLateSpans(_ clip: Clip, _ labels: Recording.Labels) {
    guard case .spans(let spans) = labels else { return }
    let late = spans.filter { $0.start > clip.seconds }
    guard let first = late.first else { return }
    issues.warn(
      "\(root.path)/\(SoundListing.stem(clip.id).text).txt",
      "\(late.count) labels begin behind the end of the recording, the first at \(first.start) s; "
        + "expected times below \(clip.seconds) s")
  }
}

// MARK: sounds of the clips

extension FolderReading {
  /// Sizes of the files of the clips' recordings, in bytes.
  var sizes: [Int] { sources.map { rows.sizes[$0] } }

  /// Length that clips are cut or padded to, in s.
  func seconds(_ settings: DatasetSettings) -> Double {
    settings.seconds ?? min(FolderReading.usualSeconds, clips.map(\.seconds).max() ?? 0)
  }

  /// Gives the clips of cut recordings files of their own. Recordings that cannot be decoded are
  /// left out and reported.
  mutating func makeClipFiles(_ settings: DatasetSettings, progress: ProgressHandler?) throws {
    let parts = Dictionary(grouping: clips.indices, by: { sources[$0] }).filter { $1.count > 1 }
    guard !parts.isEmpty else { return }
    let order = parts.keys.sorted()
    let files = try files(order.map { ($0, parts[$0]?.count ?? 0) }, settings, progress)
    let missing = try files.indices.filter { try !files[$0].areThere() }
    guard missing.isEmpty || settings.renders else {
      throw Problem(
        root.path, "its long recordings are not cut yet; expected a training to cut them")
    }
    let failures = try Parallel.map(
      missing.count, threads: settings.threads ?? Parallel.cores, "Cutting recordings",
      progress: progress, worker: {}, work: { _, i in [try FolderReading.make(files[missing[i]])] })
    var lost: [Int: AudioError] = [:]
    for (place, failure) in zip(missing, failures) { lost[order[place]] = failure.first ?? nil }
    assign(Dictionary(uniqueKeysWithValues: zip(order, files.map(\.urls))), lost)
  }

  private mutating func files(
    _ recordings: [(index: Int, count: Int)], _ settings: DatasetSettings,
    _ progress: ProgressHandler?
  ) throws -> [ClipFiles] {
    let urls = recordings.map { rows.clips[$0.index].audio ?? root }
    let (digests, warnings) = try SoundIndex(cache: settings.cache).digests(
      of: urls.map(\.path), threads: settings.threads ?? Parallel.cores, progress: progress)
    for warning in warnings { issues.warn(root.path, warning) }
    return zip(zip(urls, recordings), digests).map { pair, digest in
      ClipFiles(
        pair.0, digest: digest ?? pair.0.path, count: pair.1.count, cuts, cache: settings.cache)
    }
  }

  /// Why the recording cannot be cut; nil where it is.
  private static func make(_ files: ClipFiles) throws -> AudioError? {
    do { try files.write() } catch let error as AudioError {
      if error.isUnavailable { throw error }
      return error
    }
    return nil
  }

  private mutating func assign(_ urls: [Int: [URL]], _ lost: [Int: AudioError]) {
    var next: [Int: Int] = [:]
    var kept: [(clip: Clip, source: Int)] = []
    for (clip, source) in zip(clips, sources) where lost[source] == nil {
      let place = next[source, default: 0]
      next[source] = place + 1
      let url = urls[source].map { $0[place] }
      kept.append((url.map { clip.with(audio: $0) } ?? clip, source))
    }
    (clips, sources) = (kept.map(\.clip), kept.map(\.source))
    for (source, error) in lost.sorted(by: { $0.key < $1.key }) {
      rows.report(rows.clips[source], Problem(error.file, error.reason))
    }
  }
}
