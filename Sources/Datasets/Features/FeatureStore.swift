// The feature cache: features of clips are computed once, in parallel, and stored by the content of
// the sound file and the settings of the extractor.
import Acoustics
import Formats
import Foundation

/// The feature cache. Any number of threads and processes may use one folder at the same time.
public struct FeatureStore: Sendable {
  private let directory: URL
  private let memory: Int

  /// A cache below `directory`; nil is `$XDG_CACHE_HOME/scant`. `memory` is the number of bytes of
  /// features that one call holds in memory; the rest stays on disk. Nil is a quarter of the
  /// machine's memory.
  public init(directory: URL? = nil, memory: Int? = nil) {
    self.directory = directory ?? UserFolders().cache
    self.memory = memory ?? Int(clamping: ProcessInfo.processInfo.physicalMemory / 4)
  }

  /// The features of all clips. Clips whose sound cannot be decoded are among the problems.
  ///
  /// A second user of the cache waits for the first and reuses its results. A cache that cannot be
  /// read or written costs time only; the problems say so.
  ///
  /// - Throws: `Problem` or `AudioError` if the system fails to read a sound, and
  ///   `CancellationError`.
  public func features(
    of clips: [Clip], by extractor: some FeatureExtractor, threads: Int, progress: ProgressHandler?
  ) throws -> Features {
    var job = try job(clips, extractor, memory: memory, threads: threads, progress: progress)
    try job.run(threads: threads, progress: progress)
    return job.features
  }

  /// Computes and saves the features that the cache lacks, some hundred at a time, and keeps none
  /// of them in memory. Saved features stay if this is interrupted.
  ///
  /// - Throws: `Problem` if the cache cannot be written; otherwise as `features`.
  public func fill(
    _ clips: [Clip], by extractor: some FeatureExtractor, threads: Int, progress: ProgressHandler?
  ) throws -> FillReport {
    var job = try job(clips, extractor, memory: 0, threads: threads, progress: progress)
    job.mustSave = true
    try job.run(threads: threads, progress: progress)
    return job.report
  }

  /// Whether `features` would compute nothing, except for files that cannot be decoded. Throws
  /// `Problem` if a sound cannot be read.
  public func isCached(_ clips: [Clip], by extractor: some FeatureExtractor) throws -> Bool {
    var job = try job(clips, extractor, memory: 0, threads: Parallel.cores, progress: nil)
    job.load()
    return job.missing.isEmpty
  }

  private func job(
    _ clips: [Clip], _ extractor: any FeatureExtractor, memory: Int, threads: Int,
    progress: ProgressHandler?
  ) throws -> FeatureJob {
    let (digests, warnings) = try SoundIndex(cache: directory).digests(
      of: clips.map { $0.audio?.path }, threads: threads, progress: progress)
    let folder = directory.appendingPathComponent("features/\(extractor.key)")
    return FeatureJob(
      clips: clips, digests: digests, extractor: extractor, packs: FeaturePacks(folder: folder),
      stored: StoredFeatures(limit: memory), warnings: warnings)
  }
}

/// The result of `FeatureStore.fill`.
public struct FillReport: Sendable, Equatable {
  /// Numbers of sound files, counted once per content: computed now, and cached before.
  public var computed, cached: Int
  /// One line for each clip without features, with the reason.
  public var problems: [String]

  public init(computed: Int = 0, cached: Int = 0, problems: [String] = []) {
    self.computed = computed
    self.cached = cached
    self.problems = problems
  }
}

/// The work of one call of `FeatureStore`.
private struct FeatureJob {
  let clips: [Clip]
  /// The digest of each clip's sound; nil if it has none.
  let digests: [String?]
  let extractor: any FeatureExtractor
  let packs: FeaturePacks
  var stored: StoredFeatures
  var warnings: [String]
  /// Whether a cache that cannot be written is an error.
  var mustSave = false
  var computed = 0
  /// Why features could not be computed, by digest.
  var failures: [String: String] = [:]

  /// Reads the cache; computes what it lacks while holding its lock, so that nobody else does.
  mutating func run(threads: Int, progress: ProgressHandler?) throws {
    load()
    guard !missing.isEmpty else { return }
    let lock = try lock(progress)
    if lock != nil { load(removingDamaged: true) }
    try compute(threads: threads, saving: lock != nil, progress: progress)
    withExtendedLifetime(lock) {}
  }

  mutating func load(removingDamaged: Bool = false) {
    let wanted = Set(digests.compactMap { $0 })
    for warning in packs.load(wanted, into: &stored, removingDamaged: removingDamaged)
    where !warnings.contains(warning) {
      warnings.append(warning)
    }
  }

  /// The sounds without features, once per content.
  var missing: [(digest: String, url: URL)] {
    var seen: Set<String> = []
    return zip(clips, digests).compactMap { clip, digest in
      guard let url = clip.audio, let digest, stored[digest] == nil, failures[digest] == nil,
        seen.insert(digest).inserted
      else { return nil }
      return (digest, url)
    }
  }

  /// Nil with a warning if there can be no lock.
  private mutating func lock(_ progress: ProgressHandler?) throws -> FileLock? {
    do {
      let count = missing.count
      return try FileLock(
        packs.folder.appendingPathComponent("lock"), "Computing features", progress: progress
      ) { (0, count) }
    } catch let error as Problem {
      try note(error)
      return nil
    }
  }

  private mutating func note(_ error: any Error) throws {
    if mustSave { throw error }
    warnings.append("features are not kept: \(error)")
  }

  /// Saves a file at a time. If cancelled, saves what is finished.
  private mutating func compute(threads: Int, saving: Bool, progress: ProgressHandler?) throws {
    let jobs = missing
    let extractor = extractor
    var (saving, start, size) = (saving, 0, FeaturePacks.firstCount)
    while start < jobs.count {
      let part = Array(jobs[start..<min(jobs.count, start + size)])
      let first = start
      let tell: ProgressHandler = { what, done, _ in
        progress?(what, first + done, jobs.count) ?? true
      }
      let (outcomes, isCancelled) = try Parallel.partial(
        part.count, threads: min(threads, extractor.workers ?? threads), "Computing features",
        progress: tell, worker: { try extractor.makeWorker() }
      ) { try FeatureJob.spectrogram(part[$1].url, $0) }
      let fresh = sorted(outcomes, of: part)
      if saving { saving = try save(fresh) }
      if !saving { stored.add(fresh, places: [:]) }
      computed += fresh.count
      if isCancelled { throw CancellationError() }
      start += part.count
      size = fresh.values.first.map(FeaturePacks.count) ?? size
    }
  }

  /// The spectrograms by digest; failures are noted.
  private mutating func sorted(
    _ outcomes: [Result<Spectrogram, Problem>?], of jobs: [(digest: String, url: URL)]
  ) -> [String: Spectrogram] {
    var fresh: [String: Spectrogram] = [:]
    for (job, outcome) in zip(jobs, outcomes) {
      switch outcome {
      case .success(let spectrogram): fresh[job.digest] = spectrogram
      case .failure(let failure): failures[job.digest] = failure.description
      case nil: break
      }
    }
    return fresh
  }

  /// False with a warning if the disk refuses.
  private mutating func save(_ fresh: [String: Spectrogram]) throws -> Bool {
    do {
      stored.add(fresh, places: try packs.save(fresh))
      return true
    } catch {
      try note(error)
      return false
    }
  }

  /// Throws `AudioError` if the system fails to read the sound: without the clip, training would
  /// silently use other data.
  private static func spectrogram(
    _ url: URL, _ features: (Waveform) throws -> Spectrogram
  ) throws -> Result<Spectrogram, Problem> {
    do {
      let spectrogram = try features(try AudioFile.read(url))
      guard spectrogram.values.allSatisfy(\.isFinite) else {
        return .failure(Problem(url.path, "features that are not finite; expected a sound"))
      }
      return .success(spectrogram)
    } catch let error as AudioError where error.isUnavailable {
      throw error
    } catch let error as AudioError where !error.file.isEmpty {
      return .failure(Problem(error.file, error.reason))
    } catch {
      return .failure(Problem(url.path, "\(error)"))
    }
  }
}

// MARK: results

extension FeatureJob {
  var features: Features {
    var found: [Clip.ID: StoredFeatures.Entry] = [:]
    for (clip, digest) in zip(clips, digests) { found[clip.id] = digest.flatMap { stored[$0] } }
    let sounds = SoundDigest(
      of: zip(clips, digests).map { clip, digest in
        (clip, digest.map { stored[$0] == nil ? "\($0) lost" : $0 })
      })
    return Features(found, problems: problems, sounds: sounds)
  }

  var report: FillReport {
    FillReport(computed: computed, cached: stored.count - computed, problems: problems)
  }

  /// The warnings, and one line for each clip without features.
  private var problems: [String] {
    warnings
      + zip(clips, digests).compactMap { clip, digest in
        if let digest, stored[digest] != nil { return nil }
        if let digest, let reason = failures[digest] { return "skipped \(reason)" }
        let path = clip.audio?.path ?? clip.id
        return "skipped \(path): cannot be read; expected a sound file"
      }
  }
}
