// Clips made on this machine, on disk: one playable WAV a clip, rendered once for all sizes of the
// set, and a table of their sources' levels.
import Acoustics
import Formats
import Foundation

/// A clip as a renderer makes it.
package struct RenderedClip: Sendable, Equatable {
  /// 16 bit, at the cache's rate.
  package let samples: [Int16]
  package let levels: [SourceLevel]
}

/// The clips of one recipe, `FOLDER/train/0000.wav` and so on, with `FOLDER/levels.tsv`.
struct RenderCache: Sendable {
  /// A part is a folder: a split or a fold.
  struct Job: Sendable {
    let part: String
    let index: Int

    /// `train/0007`.
    var id: String {
      let digits = String(index)
      return "\(part)/" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
  }

  let folder: URL
  /// Of progress: "Rendering Band".
  let what: String
  /// What the clips are made of, for people who look into the folder.
  let origin: [String: String]
  /// Of every clip.
  let sampleCount: Int
  /// In Hz.
  let sampleRate: Int
  /// Names of the classes to be heard in a clip.
  let sources: @Sendable (Job) -> [String]
  /// False: nothing is made.
  let renders: Bool

  func url(_ job: Job) -> URL { folder.appendingPathComponent("\(job.id).wav") }

  private var table: URL { folder.appendingPathComponent("levels.tsv") }

  /// Renders what is missing of the first `counts[part]` clips of every part; cancelling keeps
  /// what is there. A second process waits and finds the work done.
  func fill<Worker>(
    _ counts: [String: Int], threads: Int, progress: ProgressHandler?,
    worker: @escaping @Sendable () throws -> Worker,
    clip: @escaping @Sendable (borrowing Worker, Job) throws -> RenderedClip
  ) throws {
    if try isComplete(counts) { return }
    guard renders else {
      throw Problem(
        folder.deletingLastPathComponent().lastPathComponent,
        "its clips are not made yet; expected a training or 'scant data render' to make them")
    }
    let total = counts.values.reduce(0, +)
    let lock = try FileLock(folder.appendingPathComponent("lock"), what, progress: progress) {
      (total - ((try? missing(counts).count) ?? total), total)
    }
    defer { withExtendedLifetime(lock) {} }
    for part in counts.keys { try Cache.make(folder.appendingPathComponent(part)) }
    try removeLeftovers(counts)
    let jobs = try missing(counts)
    let already = total - jobs.count
    let tell: ProgressHandler = { what, done, _ in progress?(what, already + done, total) ?? true }
    _ = try Parallel.map(
      jobs.count, threads: threads, what, progress: tell, worker: worker,
      work: { worker, i in try write(clip(worker, jobs[i]), jobs[i]) })
    try sign(counts)
  }

  /// The levels of a clip's sources for each of `classes`, as `Clip.levels` has them.
  func levels(_ jobs: [Job], classes: [String]) throws -> [[Float?]?] {
    let known = try SourceLevels(table)
    return jobs.map { job in
      known.levels(of: job.id, sources(job)).map { levels in
        classes.map { name in levels.first { $0.name == name }?.decibels }
      }
    }
  }

  private func jobs(_ counts: [String: Int]) -> [Job] {
    counts.sorted { $0.key < $1.key }.flatMap { part, count in
      (0..<count).map { Job(part: part, index: $0) }
    }
  }

  /// A clip that is there in full length is done, if its levels are too: files appear by renaming
  /// only, after their line in the table.
  private func missing(_ counts: [String: Int]) throws -> [Job] {
    let bytes = 44 + 2 * sampleCount
    let known = try SourceLevels(table)
    return try jobs(counts).filter { job in
      try known.levels(of: job.id, sources(job)) == nil || FileStamp(url(job).path)?.size != bytes
    }
  }

  private func write(_ clip: RenderedClip, _ job: Job) throws {
    try SourceLevels.append(clip.levels, of: job.id, to: table)
    let wave = Waveform(
      samples: clip.samples.map { Float($0) / 32_768 }, sampleRate: sampleRate)
    // All clips are synced together when they are signed.
    try AtomicFile.write(to: url(job), isSynced: false) {
      try $0.write(contentsOf: AudioFile.wav(wave))
    }
  }

  /// What killed processes left half written; the lock is held.
  private func removeLeftovers(_ counts: [String: Int]) throws {
    for place in [folder] + counts.keys.map({ folder.appendingPathComponent($0) }) {
      try AtomicFile.removeLeftovers(in: place)
    }
  }
}

extension RenderCache {
  /// What lies in the folder; written last, so its presence says that all is safely on disk.
  private struct Manifest: Codable {
    var origin: [String: String]
    var clips: [String: Int]
  }

  private var manifestURL: URL { folder.appendingPathComponent("manifest.json") }

  /// `nil` where there is none, or none that makes sense: then what lies there is looked at.
  private func manifest() throws -> Manifest? {
    guard let bytes = try StoredFile.bytes(manifestURL) else { return nil }
    return try? JSONDecoder().decode(Manifest.self, from: bytes)
  }

  /// Whether every clip is there, by the manifest and by what lies beside it.
  func isComplete(_ counts: [String: Int]) throws -> Bool {
    guard let clips = try manifest()?.clips else { return false }
    return try counts.allSatisfy { (clips[$0.key] ?? 0) >= $0.value } && missing(counts).isEmpty
  }

  private func sign(_ counts: [String: Int]) throws {
    let clips = counts.merging(try manifest()?.clips ?? [:], uniquingKeysWith: max)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    sync()
    try AtomicFile.write(
      try encoder.encode(Manifest(origin: origin, clips: clips)), to: manifestURL)
  }
}
