// From clips to spectrograms: computed once, in parallel, and kept in the cache by the content of
// the sound file and the settings of the front end.
import Acoustics
import Foundation

/// Spectrograms by clip.
public struct Features: Sendable {
  private let pictures: [Clip.ID: Spectrogram]
  /// One line for each clip without features, with the reason.
  public let problems: [String]

  public init(_ pictures: [Clip.ID: Spectrogram], problems: [String] = []) {
    self.pictures = pictures
    self.problems = problems
  }

  /// `[M, T]`, as the front end gives it; nil where the sound could not be read.
  public subscript(id: Clip.ID) -> Spectrogram? { pictures[id] }

  public var count: Int { pictures.count }
}

/// The feature cache. Any number of threads and processes may use one folder at a time.
public struct FeatureStore: Sendable {
  private let directory: URL

  /// Keeps everything under `directory`; nil is `$XDG_CACHE_HOME/scant`.
  public init(directory: URL? = nil) {
    self.directory = directory ?? Cache.folder()
  }

  /// Spectrograms of all clips that can be read; the others are among the problems.
  ///
  /// A second user of the cache waits for the first and takes over its results. A cache that
  /// cannot be written costs time only and is reported. Throws `CancellationError`.
  public func features(
    of clips: [Clip], by maker: some FeatureMaker, threads: Int, progress: Ticker?
  ) throws -> Features {
    let job = try FeatureJob(
      clips, maker, packs: packs(maker),
      digests: digests.digests(of: clips.compactMap(\.audio), threads: threads, progress: progress))
    return try job.run(threads: threads, progress: progress)
  }

  /// Whether `features` would compute nothing (files that cannot be read aside).
  public func isCached(_ clips: [Clip], by maker: some FeatureMaker) -> Bool {
    guard
      let known = try? digests.digests(
        of: clips.compactMap(\.audio), threads: Parallel.cores, progress: nil)
    else { return false }
    let wanted = Set(known.values)
    return packs(maker).load(wanted).count == wanted.count
  }

  private var digests: FileDigests {
    FileDigests(directory: directory.appendingPathComponent("digests"))
  }

  private func packs(_ maker: some FeatureMaker) -> FeaturePacks {
    FeaturePacks(folder: directory.appendingPathComponent("features/\(maker.key)"))
  }
}

/// One call of `features`.
private struct FeatureJob {
  private let clips: [Clip]
  private let maker: any FeatureMaker
  private let packs: FeaturePacks
  private let digests: [URL: String]
  private var pictures: [String: Spectrogram]
  /// Reasons by digest.
  private var failures: [String: String] = [:]
  private var warnings: [String] = []

  init(_ clips: [Clip], _ maker: any FeatureMaker, packs: FeaturePacks, digests: [URL: String]) {
    self.clips = clips
    self.maker = maker
    self.packs = packs
    self.digests = digests
    pictures = packs.load(Set(digests.values))
  }

  consuming func run(threads: Int, progress: Ticker?) throws -> Features {
    if !missing.isEmpty {
      let lock = try lock(progress)
      if lock != nil {
        packs.removeDamaged()
        pictures.merge(packs.load(Set(missing.map(\.digest)))) { old, _ in old }
      }
      try compute(threads: threads, keeps: lock != nil, progress: progress)
      withExtendedLifetime(lock) {}
    }
    return result
  }

  /// Files without features, each content once.
  private var missing: [(digest: String, url: URL)] {
    var seen: Set<String> = []
    return clips.compactMap { clip in
      guard let url = clip.audio, let digest = digests[url], pictures[digest] == nil,
        failures[digest] == nil, seen.insert(digest).inserted
      else { return nil }
      return (digest, url)
    }
  }

  private mutating func lock(_ progress: Ticker?) throws -> FileLock? {
    do {
      let url = packs.folder.appendingPathComponent("lock")
      let count = missing.count
      return try FileLock(url, "Computing features", progress: progress) { (0, count) }
    } catch let error as DatasetError {
      warnings.append("features are not kept: \(error)")
      return nil
    }
  }

  private mutating func compute(threads: Int, keeps: Bool, progress: Ticker?) throws {
    let jobs = missing
    let maker = maker
    let crew = min(threads, maker.workers ?? threads)
    var keeps = keeps
    for start in stride(from: 0, to: jobs.count, by: FeaturePacks.capacity) {
      let part = Array(jobs[start..<min(jobs.count, start + FeaturePacks.capacity)])
      let tell: Ticker = { what, done, _ in progress?(what, start + done, jobs.count) ?? true }
      let outcomes = try Parallel.map(
        part.count, threads: crew, "Computing features", progress: tell,
        worker: { try maker.makeWorker() },
        work: { features, i in FeatureJob.picture(part[i].url, features) })
      var fresh: [String: Spectrogram] = [:]
      for (job, outcome) in zip(part, outcomes) {
        switch outcome {
        case .success(let picture): fresh[job.digest] = picture
        case .failure(let failure): failures[job.digest] = failure.description
        }
      }
      pictures.merge(fresh) { old, _ in old }
      if keeps { keeps = save(fresh) }
    }
  }

  private static func picture(
    _ url: URL, _ features: (Waveform) throws -> Spectrogram
  ) -> Result<Spectrogram, DatasetError> {
    do {
      let picture = try features(try AudioFile.read(url))
      guard picture.values.allSatisfy(\.isFinite) else {
        return .failure(DatasetError(url.path, "not a number among its features; expected sound"))
      }
      return .success(picture)
    } catch let error as AudioError where !error.file.isEmpty {
      return .failure(DatasetError(error.file, error.reason))
    } catch {
      return .failure(DatasetError(url.path, "\(error)"))
    }
  }

  /// False, with a warning, when the disk refuses.
  private mutating func save(_ fresh: [String: Spectrogram]) -> Bool {
    guard !fresh.isEmpty else { return true }
    do {
      try packs.save(fresh)
      return true
    } catch {
      warnings.append("features are not kept: \(error)")
      return false
    }
  }

  private var result: Features {
    var found: [Clip.ID: Spectrogram] = [:]
    var problems = warnings
    for clip in clips {
      let digest = clip.audio.flatMap { digests[$0] }
      if let digest, let picture = pictures[digest] {
        found[clip.id] = picture
      } else if let digest, let reason = failures[digest] {
        problems.append("skipped \(reason)")
      } else {
        let path = clip.audio?.path ?? clip.id
        problems.append("skipped \(path): cannot be read; expected a sound file")
      }
    }
    return Features(found, problems: problems)
  }
}
