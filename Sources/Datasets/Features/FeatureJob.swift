// The work behind the feature cache: what is there, what is missing, computing it, saving it.
import Acoustics
import Formats
import Foundation
import Synchronization

/// One call of `features` or `fill`.
struct FeatureJob {
  private let clips: [Clip]
  private let extractor: any FeatureExtractor
  private let packs: FeaturePacks
  /// Of each clip's sound; nil where there is none.
  private let digests: [String?]
  /// What is in the cache and what is computed; nil where the cache is to be filled and no more.
  /// `have` names it anyway.
  private var shelf: SpectrogramCache?
  private var have: Set<String> = []
  private var computed = 0
  /// Reasons by digest.
  private var failures: [String: String] = [:]
  private var warnings: [String] = []

  init(
    _ clips: [Clip], _ extractor: any FeatureExtractor, packs: FeaturePacks, digests: [String?],
    shelf: SpectrogramCache?
  ) {
    self.clips = clips
    self.extractor = extractor
    self.packs = packs
    self.digests = digests
    self.shelf = shelf
    look(for: Set(digests.compactMap { $0 }))
  }

  consuming func run(threads: Int, progress: ProgressHandler?) throws -> Features {
    if !missing.isEmpty {
      let lock = try lock(progress)
      if lock != nil {
        warnings += packs.removeDamaged()
        look(for: Set(missing.map(\.digest)))
      }
      try compute(threads: threads, keeps: lock != nil, progress: progress)
      withExtendedLifetime(lock) {}
    }
    return features
  }

  consuming func fill(threads: Int, progress: ProgressHandler?) throws -> FillReport {
    if !missing.isEmpty {
      let lock = try lock(progress)
      if let warning = warnings.first { throw Problem(packs.folder.path, warning) }
      warnings += packs.removeDamaged()
      look(for: Set(missing.map(\.digest)))
      try compute(threads: threads, keeps: true, progress: progress)
      withExtendedLifetime(lock) {}
    }
    if let warning = warnings.first { throw Problem(packs.folder.path, warning) }
    return FillReport(
      computed: computed, cached: have.count - computed, problems: problems)
  }

  /// Takes note of what the cache has of `wanted`.
  private mutating func look(for wanted: Set<String>) {
    guard var shelf else { return have.formUnion(packs.known(among: wanted)) }
    // One reference alone, so that adding copies nothing.
    self.shelf = nil
    packs.load(wanted, into: &shelf)
    have = shelf.digests
    self.shelf = shelf
  }

  /// Files without features, each content once.
  private var missing: [(digest: String, url: URL)] {
    var seen: Set<String> = []
    return zip(clips, digests).compactMap { clip, digest in
      guard let url = clip.audio, let digest, !have.contains(digest),
        failures[digest] == nil, seen.insert(digest).inserted
      else { return nil }
      return (digest, url)
    }
  }

  private mutating func lock(_ progress: ProgressHandler?) throws -> FileLock? {
    do {
      let url = packs.folder.appendingPathComponent("lock")
      let count = missing.count
      return try FileLock(url, "Computing features", progress: progress) { (0, count) }
    } catch let error as Problem {
      warnings.append("features are not kept: \(error)")
      return nil
    }
  }

  /// Packs are saved as they fill up; what is finished when the ticker says stop is saved too.
  private mutating func compute(threads: Int, keeps: Bool, progress: ProgressHandler?) throws {
    let jobs = missing
    let (extractor, stop) = (extractor, StopSign())
    let crew = min(threads, extractor.workers ?? threads)
    var (keeps, start, size) = (keeps, 0, FeaturePacks.firstCount)
    while start < jobs.count {
      let part = Array(jobs[start..<min(jobs.count, start + size)])
      let first = start
      let tell: ProgressHandler = { what, done, _ in
        stop.raise(unless: stop.isRaised || progress?(what, first + done, jobs.count) ?? true)
        return true
      }
      let outcomes = try Parallel.map(
        part.count, threads: crew, "Computing features", progress: tell,
        worker: { try extractor.makeWorker() }
      ) { stop.isRaised ? nil : try FeatureJob.spectrogram(part[$1].url, $0) }
      let fresh = note(outcomes, of: part)
      if keeps { keeps = save(fresh) }
      if stop.isRaised { throw CancellationError() }
      if !keeps, shelf == nil { return }
      start += part.count
      size = fresh.values.first.map(FeaturePacks.count) ?? size
    }
  }

  /// The spectrograms among the outcomes, by digest.
  private mutating func note(
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
    have.formUnion(fresh.keys)
    computed += fresh.count
    shelf?.add(fresh)
    return fresh
  }

  /// Throws `AudioError` where the sound could not be looked at: to leave it out would be to train
  /// on other data in silence.
  private static func spectrogram(
    _ url: URL, _ features: (Waveform) throws -> Spectrogram
  ) throws -> Result<Spectrogram, Problem> {
    do {
      let spectrogram = try features(try AudioFile.read(url))
      guard spectrogram.values.allSatisfy(\.isFinite) else {
        return .failure(Problem(url.path, "not a number among its features; expected sound"))
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

  /// False, with a warning, when the disk refuses.
  private mutating func save(_ fresh: [String: Spectrogram]) -> Bool {
    guard !fresh.isEmpty else { return true }
    do {
      let placed = packs.places(in: try packs.save(fresh))
      shelf?.place(placed)
      return true
    } catch {
      warnings.append("features are not kept: \(error)")
      return false
    }
  }

  private var features: Features {
    var (spectrograms, places): ([Clip.ID: Spectrogram], [Clip.ID: PackedFeatures]) = ([:], [:])
    for (clip, digest) in zip(clips, digests) {
      guard let digest else { continue }
      if let spectrogram = shelf?.spectrograms[digest] {
        spectrograms[clip.id] = spectrogram
      } else {
        places[clip.id] = shelf?.places[digest]
      }
    }
    return Features(spectrograms, places: places, problems: problems, sounds: sounds)
  }

  private var sounds: SoundDigest {
    SoundDigest(
      of: zip(clips, digests).map { clip, digest in
        (clip, digest.map { have.contains($0) ? $0 : "\($0) lost" })
      })
  }

  /// Warnings, and one line for each clip without features.
  private var problems: [String] {
    warnings
      + zip(clips, digests).compactMap { clip, digest in
        if let digest, have.contains(digest) { return nil }
        if let digest, let reason = failures[digest] { return "skipped \(reason)" }
        let path = clip.audio?.path ?? clip.id
        return "skipped \(path): cannot be read; expected a sound file"
      }
  }
}

/// Raised once, seen by all threads.
private final class StopSign: Sendable {
  private let state = Mutex(false)

  var isRaised: Bool { state.withLock { $0 } }

  func raise(unless goesOn: Bool) {
    if !goesOn { state.withLock { $0 = true } }
  }
}
