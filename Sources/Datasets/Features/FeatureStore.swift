// From clips to spectrograms: computed once, in parallel, and kept in the cache by the content of
// the sound file and the settings of the front end.
import Acoustics
import Formats
import Foundation

/// Spectrograms by clip: in memory, or, where they are too many for it, in the cache.
public struct Features: Sendable {
  private let spectrograms: [Clip.ID: Spectrogram]
  /// Of clips whose spectrograms are read when they are asked for.
  private let places: [Clip.ID: PackedFeatures]
  private let faults = ReadFaults()
  /// One line for each clip without features, with the reason.
  public let problems: [String]
  /// Of the sounds that they were made of; nil where no sound was read.
  public let sounds: SoundDigest?

  public init(
    _ spectrograms: [Clip.ID: Spectrogram], problems: [String] = [], sounds: SoundDigest? = nil
  ) {
    self.init(spectrograms, places: [:], problems: problems, sounds: sounds)
  }

  init(
    _ spectrograms: [Clip.ID: Spectrogram], places: [Clip.ID: PackedFeatures], problems: [String],
    sounds: SoundDigest?
  ) {
    self.spectrograms = spectrograms
    self.places = places
    self.problems = problems
    self.sounds = sounds
  }

  /// `[M, T]`, as the front end gives it; nil where the sound could not be read.
  /// Where it lies in the cache and cannot be read any more, every value is NaN and `fault` says
  /// why.
  public subscript(id: Clip.ID) -> Spectrogram? { spectrograms[id] ?? places[id]?.read(faults) }

  /// Why a spectrogram could not be read from the cache; nil where all that were asked for could.
  public var fault: String? { faults.first }

  /// M and T of a clip's spectrogram, which is not read for it.
  public func size(of id: Clip.ID) -> InputSize? {
    if let spectrogram = spectrograms[id] {
      return InputSize(bands: spectrogram.bands, frames: spectrogram.frames)
    }
    return places[id].map { InputSize(bands: $0.bands, frames: $0.frames) }
  }

  public var count: Int { spectrograms.count + places.count }
  /// Whether spectrograms are read when they are asked for.
  public var isOnDisk: Bool { !places.isEmpty }
}

/// What filling the cache came to.
public struct FillReport: Sendable, Equatable {
  /// Sound files, each content once: computed now, and there before.
  public var computed, cached: Int
  /// One line for each clip without features, with the reason.
  public var problems: [String]

  public init(computed: Int = 0, cached: Int = 0, problems: [String] = []) {
    self.computed = computed
    self.cached = cached
    self.problems = problems
  }
}

/// The feature cache. Any number of threads and processes may use one folder at a time.
public struct FeatureStore: Sendable {
  private let directory: URL
  /// Bytes of spectrograms that one call holds in memory; what is more stays on disk.
  private let memory: Int

  /// Keeps everything under `directory`; nil is `$XDG_CACHE_HOME/scant`. `memory` in bytes; nil is
  /// a quarter of what the machine has.
  public init(directory: URL? = nil, memory: Int? = nil) {
    self.directory = directory ?? UserFolders().cache
    self.memory = memory ?? Int(clamping: ProcessInfo.processInfo.physicalMemory / 4)
  }

  /// Spectrograms of all clips whose sound is one; the others are among the problems. Throws
  /// `Problem` or `AudioError` where a sound could not be looked at.
  ///
  /// A second user of the cache waits for the first and takes over its results. A cache that
  /// cannot be written costs time only and is reported. Throws `CancellationError`.
  public func features(
    of clips: [Clip], by extractor: some FeatureExtractor, threads: Int, progress: ProgressHandler?
  ) throws -> Features {
    let job = try FeatureJob(
      clips, extractor, packs: packs(extractor),
      digests: digests.digests(
        of: clips.map { $0.audio?.path }, threads: threads, progress: progress),
      shelf: SpectrogramCache(limit: memory))
    return try job.run(threads: threads, progress: progress)
  }

  /// Computes what the cache lacks and saves it a pack at a time, keeping nothing in memory: what
  /// it needs does not grow with the number of clips. What is saved stays when it is interrupted.
  /// Throws `Problem` where the cache cannot be written, and
  /// `CancellationError`.
  public func fill(
    _ clips: [Clip], by extractor: some FeatureExtractor, threads: Int, progress: ProgressHandler?
  ) throws -> FillReport {
    let job = try FeatureJob(
      clips, extractor, packs: packs(extractor),
      digests: digests.digests(
        of: clips.map { $0.audio?.path }, threads: threads, progress: progress),
      shelf: nil)
    return try job.fill(threads: threads, progress: progress)
  }

  /// Whether `features` would compute nothing (files that cannot be read aside).
  public func isCached(_ clips: [Clip], by extractor: some FeatureExtractor) -> Bool {
    guard
      let known = try? digests.digests(
        of: clips.map { $0.audio?.path }, threads: Parallel.cores, progress: nil)
    else { return false }
    let wanted = Set(known.compactMap { $0 })
    return packs(extractor).known(among: wanted).count == wanted.count
  }

  private var digests: SoundIndex { SoundIndex(cache: directory) }

  private func packs(_ extractor: some FeatureExtractor) -> FeaturePacks {
    FeaturePacks(folder: directory.appendingPathComponent("features/\(extractor.key)"))
  }
}
