// Rendered clips on disk: one WAV file per clip, which data sets of all sizes share, and a table of
// the levels of their sources.
import Acoustics
import Formats
import Foundation

/// A rendered clip.
package struct RenderedClip: Sendable, Equatable {
  /// 16-bit samples at the rate of the cache.
  package let samples: [Int16]
  package let levels: [SourceLevel]
}

/// The clips of one recipe, `FOLDER/train/0000.wav` and so on, with `FOLDER/levels.tsv`.
struct RenderCache: Sendable {
  /// A clip of a part. A part is a folder: a split or a fold.
  struct Job: Sendable {
    let part: String
    let index: Int

    /// Such as `train/0007`.
    var id: String {
      let digits = String(index)
      return "\(part)/" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
  }

  let folder: URL
  /// The name of the work for progress, such as "Rendering Band".
  let what: String
  /// The origin of the clips, for people who look into the folder.
  let origin: [String: String]
  /// The number of samples of every clip.
  let sampleCount: Int
  /// The sample rate in Hz.
  let sampleRate: Int
  /// The names of the classes in a clip.
  let sources: @Sendable (Job) -> [String]
  /// Whether missing clips are rendered; otherwise they are an error.
  let renders: Bool

  func url(_ job: Job) -> URL { folder.appendingPathComponent("\(job.id).wav") }

  private var table: URL { folder.appendingPathComponent("levels.tsv") }

  /// Renders those of a few clips that are missing, without waiting for others who render.
  func render<Worker>(
    _ jobs: [Job], worker: () throws -> Worker, clip: (borrowing Worker, Job) throws -> RenderedClip
  ) throws {
    let missing = try missing(jobs)
    guard !missing.isEmpty else { return }
    try demandRendering()
    let worker = try worker()
    for job in missing {
      try Cache.make(folder.appendingPathComponent(job.part))
      try write(clip(worker, job), job)
    }
  }

  private func demandRendering() throws {
    guard renders else {
      throw Problem(
        folder.deletingLastPathComponent().lastPathComponent,
        "its clips are not rendered yet; expected a training or 'scant data render' to render them")
    }
  }

  /// Renders the missing clips among the first `counts[part]` of every part. Finished clips stay if
  /// it is cancelled. A second process waits for the first. Throws `Problem` and
  /// `CancellationError`.
  func fill<Worker>(
    _ counts: [String: Int], threads: Int, progress: ProgressHandler?,
    worker: @escaping @Sendable () throws -> Worker,
    clip: @escaping @Sendable (borrowing Worker, Job) throws -> RenderedClip
  ) throws {
    if try isComplete(counts) { return }
    try demandRendering()
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

  /// The levels of each clip's sources by class, as in `Clip.levels`.
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

  /// The clips without a complete file or without levels. Files appear by renaming, after their
  /// line in the table.
  func missing(_ counts: [String: Int]) throws -> [Job] { try missing(jobs(counts)) }

  private func missing(_ jobs: [Job]) throws -> [Job] {
    let bytes = 44 + 2 * sampleCount
    let known = try SourceLevels(table)
    return try jobs.filter { job in
      try known.levels(of: job.id, sources(job)) == nil || FileStamp(url(job).path)?.size != bytes
    }
  }

  private func write(_ clip: RenderedClip, _ job: Job) throws {
    try SourceLevels.append(clip.levels, of: job.id, to: table)
    let wave = Waveform(
      samples: clip.samples.map { Float($0) / 32_768 }, sampleRate: sampleRate)
    // All clips are synced together before the manifest is written.
    try AtomicFile.write(to: url(job), isSynced: false) {
      try $0.write(contentsOf: AudioFile.wav(wave))
    }
  }

  /// Removes temporary files of killed processes; the caller holds the lock.
  private func removeLeftovers(_ counts: [String: Int]) throws {
    for place in [folder] + counts.keys.map({ folder.appendingPathComponent($0) }) {
      try AtomicFile.removeLeftovers(in: place)
    }
  }
}

extension RenderCache {
  /// The content of the folder. It is written last, when all clips are on disk.
  private struct Manifest: Codable {
    var origin: [String: String]
    var clips: [String: Int]
  }

  private var manifestURL: URL { folder.appendingPathComponent("manifest.json") }

  /// Nil if there is none or if it is damaged; then the clips themselves are checked.
  private func manifest() throws -> Manifest? {
    guard let bytes = try StoredFile.bytes(manifestURL) else { return nil }
    return try? JSONDecoder().decode(Manifest.self, from: bytes)
  }

  /// Whether every clip exists, by the manifest and by the files.
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
