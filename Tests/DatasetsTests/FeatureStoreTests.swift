// The feature cache: right, kept, and safe against damage and company.
import Acoustics
import Datasets
import Formats
import Foundation
import Testing

@Suite struct FeatureStoreTests {
  private let scratch: Scratch
  private let clips: [Clip]
  private let frontEnd: FrontEnd
  private var cache: URL { scratch.url.appendingPathComponent("cache") }
  private var store: FeatureStore { FeatureStore(directory: cache) }

  init() throws {
    let scratch = try Scratch()
    self.scratch = scratch
    clips = try (0..<6).map { i in
      let url = try scratch.tone("sound/\(i).wav", hertz: 200 + 100 * Double(i))
      return Clip(id: "\(i)", audio: url, split: .train, seconds: 0.5, labels: [1])
    }
    var frontEnd = FrontEnd.band
    frontEnd.seconds = 0.5
    self.frontEnd = frontEnd
  }

  /// Features, and how many were computed for them.
  private func load(_ clips: [Clip]? = nil) throws -> (features: Features, computed: Int) {
    let counter = Counter()
    let features = try store.features(
      of: clips ?? self.clips, by: frontEnd, threads: 2
    ) { what, done, _ in
      if what == "Computing features" { counter.note(done) }
      return true
    }
    return (features, counter.highest ?? 0)
  }

  private var packs: [URL] {
    let folder = cache.appendingPathComponent("features/\(frontEnd.key)")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasSuffix(".safetensors") }.map { folder.appendingPathComponent($0) }
  }

  @Test func cachedFeaturesEqualTheFrontEnd() throws {
    let (features, computed) = try load()
    #expect(computed == 6 && features.problems == [])
    for clip in clips {
      let direct = try frontEnd(try AudioFile.read(try #require(clip.audio)))
      #expect(features[clip.id] == direct)
    }
  }

  @Test func onlyNewFeaturesAreComputed() throws {
    #expect(try !store.isCached(clips, by: frontEnd))
    let part = try load(Array(clips.prefix(4))).features
    let whole = try load()
    #expect(whole.computed == 2)
    #expect(whole.features["0"] == part["0"])
    #expect(try load().computed == 0)
    #expect(try store.isCached(clips, by: frontEnd))
    var settings = LogMel.band
    settings.melBands = 32
    let other = FrontEnd(id: "band", logMel: settings, seconds: frontEnd.seconds)
    #expect(try !store.isCached(clips, by: other))
  }

  @Test func noticesAChangedSound() throws {
    let before = try load().features
    try scratch.tone("sound/0.wav", hertz: 2000)
    let (after, computed) = try load()
    #expect(computed == 1)
    #expect(after["0"] != before["0"] && after["1"] == before["1"])
  }

  @Test(arguments: [0, 7, 100, 5000, -1])
  func recomputesADamagedFile(at place: Int) throws {
    let before = try load().features
    let pack = try #require(packs.first)
    var bytes = try Data(contentsOf: pack)
    bytes[place < 0 ? bytes.count - 1 : place] ^= 0x40
    try bytes.write(to: pack)
    let (after, computed) = try load()
    #expect(computed == 6)
    #expect(clips.allSatisfy { after[$0.id] == before[$0.id] })
    #expect(after.problems.count == 1)
    #expect(after.problems.first?.hasPrefix("features are computed again: \(pack.path): ") == true)
    let again = try load()
    #expect(again.computed == 0 && again.features.problems == [])
  }

  /// A damaged file is removed; one that the system fails to read is not.
  @Test func keepsAFileThatTheSystemFailsToRead() throws {
    _ = try load()
    let pack = try #require(packs.first)
    try FileManager.default.removeItem(at: pack)
    try FileManager.default.createSymbolicLink(at: pack, withDestinationURL: pack)
    let problem = try #require(try load(Array(clips.prefix(2))).features.problems.first)
    #expect(problem.hasPrefix("features are computed again: \(pack.path): "))
    #expect(problem.contains("(Too many levels of symbolic links)"), "\(problem)")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: pack.path) == pack.path)
  }

  @Test func recomputesATruncatedFile() throws {
    _ = try load()
    let pack = try #require(packs.first)
    try Data(contentsOf: pack).prefix(3000).write(to: pack)
    #expect(try load().computed == 6)
    #expect(packs.count == 1)
  }

  @Test func concurrentUsersComputeOnce() async throws {
    let user = { @Sendable [clips, frontEnd, cache] (counter: Counter) throws -> Features in
      try FeatureStore(directory: cache).features(
        of: clips, by: frontEnd, threads: 1
      ) { what, done, _ in
        if what == "Computing features", done > 0 { counter.note(done) }
        return true
      }
    }
    let counter = Counter()
    async let first = user(counter)
    async let second = user(counter)
    let both = try await (first, second)
    #expect(counter.count == 6)
    #expect(clips.allSatisfy { both.0[$0.id] != nil && both.0[$0.id] == both.1[$0.id] })
    #expect(packs.count == 1)
  }

  @Test func reportsUnreadableSoundsAmongGoodOnes() throws {
    let broken = try scratch.text("sound/broken.wav", "RIFF????WAVE")
    let gone = scratch.url.appendingPathComponent("sound/gone.wav")
    let odd = [broken, gone].map {
      Clip(id: $0.lastPathComponent, audio: $0, split: .train, seconds: 1, labels: [0])
    }
    let features = try load(odd + clips).features
    #expect(features.count == 6)
    #expect(features.problems.count == 2)
    #expect(features.problems[0].hasPrefix("skipped \(broken.path): "))
    #expect(features.problems[1].contains("gone.wav: cannot be read; expected a sound file"))
  }

  @Test func computationCanBeCancelled() throws {
    #expect(throws: CancellationError.self) {
      try store.features(of: clips, by: frontEnd, threads: 2) { what, done, _ in
        what != "Computing features" || done < 3
      }
    }
    #expect(try load().features.count == 6)
  }

  @Test func unwritableCacheIsSkipped() throws {
    try scratch.text("cache", "a file in the way")
    let (features, computed) = try load()
    #expect(computed == 6 && features.count == 6)
    #expect(features.problems.count == 2)
    #expect(features.problems.contains { $0.hasPrefix("features are not kept: ") })
  }

  private func fill(_ clips: [Clip]? = nil, stopAfter: Int = .max) throws -> FillReport {
    try store.fill(clips ?? self.clips, by: frontEnd, threads: 2) { what, done, _ in
      what != "Computing features" || done < stopAfter
    }
  }

  @Test func fillingEqualsLoading() throws {
    #expect(try fill() == FillReport(computed: 6, cached: 0, problems: []))
    #expect(try fill() == FillReport(computed: 0, cached: 6, problems: []))
    let (features, computed) = try load()
    #expect(computed == 0)
    let direct = try frontEnd(try AudioFile.read(try #require(clips[3].audio)))
    #expect(features["3"] == direct)
  }

  @Test func fillingResumes() throws {
    #expect(throws: CancellationError.self) { try fill(stopAfter: 3) }
    let report = try fill()
    #expect(report.cached >= 3 && report.computed == 6 - report.cached)
    let broken = try scratch.text("sound/broken.wav", "RIFF????WAVE")
    let odd = Clip(id: "odd", audio: broken, split: .train, seconds: 1, labels: [0])
    let more = try fill(clips + [odd])
    #expect(more.computed == 0 && more.cached == 6)
    #expect(more.problems.count == 1)
    #expect(more.problems.first?.hasPrefix("skipped \(broken.path): ") == true)
  }

  // MARK: more than fits into memory

  /// As for a machine with so much memory; `nil`: this one.
  private func features(memory: Int?) throws -> Features {
    try FeatureStore(directory: cache, memory: memory).features(
      of: clips, by: frontEnd, threads: 2, progress: nil)
  }

  @Test(arguments: [0, 5000]) func featuresThatDoNotFitStayOnDisk(memory: Int) throws {
    let computed = try features(memory: memory)
    let read = try features(memory: memory)
    let held = try features(memory: nil)
    #expect(computed.isOnDisk && read.isOnDisk && !held.isOnDisk)
    for clip in clips {
      #expect(computed[clip.id] == held[clip.id] && read[clip.id] == held[clip.id])
      #expect(read.size(of: clip.id) == held.size(of: clip.id))
    }
    #expect(read.count == 6 && read["nobody"] == nil && read.size(of: "nobody") == nil)
  }

  @Test(arguments: [nil, Segmentation(seconds: 0.2, scored: 3)])
  func batchesFromDiskAreTheSame(segmentation: Segmentation?) throws {
    let (near, far) = (try features(memory: nil), try features(memory: 0))
    func standardizer(_ features: Features) -> Standardizer {
      Standardizer(fitting: clips.lazy.compactMap { features[$0.id] })
    }
    #expect(standardizer(near) == standardizer(far))
    let pieces = try segmentation.map { try frontEnd.frames(ofSeconds: $0.seconds) }
    let loaders = [near, far].map { features in
      Loader(
        clips: clips, features: features, standardizer: standardizer(features), classes: ["x"],
        frames: pieces, segmentation: segmentation)
    }
    #expect(loaders[0].segments == (segmentation == nil ? 1 : 3))
    for indices in [[0, 5], [3]] {
      let batches = loaders.map { $0.batch(indices, epoch: 2, seed: 1).input }
      #expect(batches[0].shape == batches[1].shape)
      let isSame = batches[0].values == batches[1].values
      #expect(isSame)
      for segment in 0..<loaders[0].segments {
        let views = loaders.map { $0.view(indices, segment: segment).values }
        let isSameView = views[0] == views[1]
        #expect(isSameView)
      }
    }
  }

  /// The spectrogram has no numbers, and there is a reason in words for whoever meets it.
  @Test func vanishedCacheIsAnError() throws {
    let features = try features(memory: 0)
    #expect(features["2"] != nil && features.fault == nil)
    for pack in packs { try FileManager.default.removeItem(at: pack) }
    let spectrogram = try #require(features["2"])
    #expect(spectrogram.bands == 64 && spectrogram.frames > 0)
    #expect(spectrogram.values.allSatisfy { $0.isNaN })
    #expect(features.fault?.hasSuffix("cannot be found; expected a file") == true)
  }

  @Test func withoutACacheEverythingStaysInMemory() throws {
    try scratch.text("cache", "a file in the way")
    let features = try features(memory: 0)
    #expect(features.count == 6 && !features.isOnDisk)
  }

  @Test func fillingNeedsACache() throws {
    try scratch.text("cache", "a file in the way")
    #expect(throws: Problem.self) { try fill() }
  }
}
