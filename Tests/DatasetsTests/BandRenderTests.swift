// Band's sound: the same bits whatever was rendered before and on however many threads. Needs
// FluidSynth and its SoundFont.
import Acoustics
import Datasets
import Foundation
import Testing

@Suite(
  .enabled(if: (try? SoundFont.find()) != nil, "FluidSynth or its SoundFont absent"), .serialized)
struct BandRenderTests {
  private let recipe = BandRecipe(seed: 1, seconds: 3)

  @Test func clipDoesNotDependOnEarlierRendering() throws {
    let font = try SoundFont.find()
    let alone = try BandRenderer(recipe, font).clip(.train, 7)
    let renderer = try BandRenderer(recipe, font)
    for index in 0..<7 { _ = try renderer.clip(.train, index) }
    #expect(try renderer.clip(.train, 7) == alone)
    #expect(try renderer.clip(.train, 7) == alone)
    #expect(try renderer.clip(.test, 7) != alone)
    #expect(alone.samples.count == 48_000)
  }

  @Test func levelsLieInTheStatedRange() throws {
    let renderer = try BandRenderer(recipe, try SoundFont.find())
    for index in 0..<6 {
      let clip = try renderer.clip(.validation, index).samples.map { Double($0) / 32_768 }
      let level = 10 * log10(clip.reduce(0) { $0 + $1 * $1 } / Double(clip.count))
      // Noise adds at most 0.002 dB; a clip scaled down for its peaks may be quieter.
      #expect(level < -15.9 && level > -29)
      #expect(clip.allSatisfy { abs($0) <= 0.991 })
    }
  }

  @Test func oneAndTwoThreadsWriteTheSameFiles() throws {
    let (one, two) = (try Scratch(), try Scratch())
    let first = try rendered(DatasetSettings(clips: 9, cache: one.url, threads: 1))
    let second = try rendered(DatasetSettings(clips: 9, cache: two.url, threads: 2))
    #expect(first.clips.count == 9)
    #expect(first.digest == second.digest)
    for (a, b) in zip(first.clips, second.clips) {
      #expect(a.labels == b.labels && a.levels == b.levels)
      #expect(try bytes(a) == bytes(b))
      #expect(try AudioFile.info(try #require(a.audio)).seconds == 3)
    }
  }

  @Test func largerSetContainsTheClipsOfASmallerOne() throws {
    let scratch = try Scratch()
    let small = try rendered(DatasetSettings(clips: 4, cache: scratch.url, threads: 2))
    let before = try small.clips.map { try date($0) }
    let counter = Counter()
    let large = try rendered(DatasetSettings(clips: 8, cache: scratch.url, threads: 2)) {
      _, done, _ in
      counter.note(done)
      return true
    }
    #expect(counter.lowest == 4 && counter.highest == 8)
    #expect(try small.clips.map { try date($0) } == before)
    #expect(Set(small.clips.map(\.id)).isSubset(of: large.clips.map(\.id)))
    _ = try rendered(DatasetSettings(clips: 8, cache: scratch.url)) { _, _, _ in
      Issue.record("rendered twice")
      return true
    }
  }

  @Test func cancellingKeepsFinishedClips() throws {
    let scratch = try Scratch()
    let settings = DatasetSettings(clips: 6, cache: scratch.url, threads: 1)
    #expect(throws: CancellationError.self) {
      try rendered(settings) { _, done, _ in done < 2 }
    }
    let counter = Counter()
    _ = try rendered(settings) { _, done, _ in
      counter.note(done)
      return true
    }
    #expect(counter.lowest == 2)
  }

  @Test func everySourceHasALevel() throws {
    let scratch = try Scratch()
    let band = try rendered(DatasetSettings(clips: 9, cache: scratch.url, threads: 2))
    for clip in band.clips {
      let levels = try #require(clip.levels)
      #expect(zip(clip.labels, levels).allSatisfy { ($0 == 1) == ($1 != nil) })
      let wave = try AudioFile.read(try #require(clip.audio)).samples.map(Double.init)
      let whole = 10 * log10(wave.reduce(0) { $0 + $1 * $1 } / Double(wave.count))
      let powers = levels.compactMap { $0.map { pow(10, Double($0) / 10) } }
      // Sources pause, and what is above 7.2 kHz is not in the clip: more than the whole, not less.
      let sum = 10 * log10(powers.reduce(0, +))
      #expect(sum > whole - 1.5 && sum < whole + 15, "\(clip.id): \(sum) of \(whole)")
    }
  }

  @Test func cacheWithoutLevelsIsRenderedAgain() throws {
    let scratch = try Scratch()
    let settings = DatasetSettings(clips: 5, cache: scratch.url, threads: 2)
    let band = try rendered(settings)
    let sounds = try band.clips.map { try bytes($0) }
    let folder = try #require(band.clips[0].audio).deletingLastPathComponent()
      .deletingLastPathComponent()
    let table = folder.appendingPathComponent("levels.tsv")
    let text = try String(contentsOf: table, encoding: .utf8)
    // Gone altogether; and torn in the middle of its last number.
    for torn in ["", String(text.dropLast(3))] {
      try Data(torn.utf8).write(to: table)
      let counter = Counter()
      let again = try rendered(settings) { _, done, _ in
        counter.note(done)
        return true
      }
      #expect(counter.lowest == (torn.isEmpty ? 0 : 4))
      #expect(again.clips == band.clips && again.digest == band.digest)
      #expect(try again.clips.map { try bytes($0) } == sounds)
    }
  }

  @Test func concurrentProcessesRenderOnce() async throws {
    let scratch = try Scratch()
    let settings = DatasetSettings(clips: 6, cache: scratch.url, threads: 1)
    async let first = rendered(settings)
    async let second = rendered(settings)
    let both = try await (first, second)
    #expect(both.0.clips == both.1.clips)
    #expect(try both.0.clips.allSatisfy { try bytes($0).count == 96_044 })
  }

  @Test func invalidSoundFontsAreReported() throws {
    let scratch = try Scratch()
    let missing = scratch.url.appendingPathComponent("none.sf2").path
    #expect(
      message { _ = try SoundFont.find(["SCANT_SOUNDFONT": missing]) }
        == "\(missing): no such SoundFont; SCANT_SOUNDFONT should name an .sf2 file")
    let fake = try scratch.text("fake.sf2", "not a SoundFont")
    #expect(
      message { _ = try SoundFont.find(["SCANT_SOUNDFONT": fake.path]) }
        == "\(fake.path): cannot be read; expected a SoundFont (.sf2)")
  }

  @Test func labelsNeedNoSound() throws {
    let scratch = try Scratch()
    var settings = DatasetSettings(clips: 9, cache: scratch.url, threads: 1)
    let band = try Band(settings)
    #expect(!FileManager.default.fileExists(atPath: scratch.url.path + "/band"))
    #expect(band.clips.count == 9 && band.clips.allSatisfy { $0.levels == nil })
    #expect(try band.countMissingSounds() == 9)
    try band.makeSounds(of: [band.clips[4].id], threads: nil, progress: nil)
    #expect(try band.countMissingSounds() == 8)
    let one = try bytes(band.clips[4])
    settings.needsLevels = true
    let whole = try Band(settings)
    #expect(try whole.countMissingSounds() == 0 && bytes(whole.clips[4]) == one)
    #expect(whole.digest == band.digest && whole.clips.map(\.labels) == band.clips.map(\.labels))
    settings.renders = false
    #expect(
      message {
        settings.clips = 12
        try Band(settings).makeSounds(of: nil, threads: nil, progress: nil)
      }.contains("its clips are not rendered yet"))
  }

  @Test func fewInstrumentsAreASetOfTheirOwn() throws {
    let scratch = try Scratch()
    var settings = DatasetSettings(clips: 40, cache: scratch.url)
    settings.instruments = 4
    let few = try Band(settings)
    #expect(few.classes == ["bass", "drums", "flute", "piano"])
    #expect(few.clips.allSatisfy { (1...2).contains($0.labels.count { $0 == 1 }) })
    settings.instruments = 20
    let all = try Band(settings)
    #expect(all.classes.count == 20 && all.digest != few.digest)
    #expect(Set(all.clips.compactMap(\.audio)).isDisjoint(with: few.clips.compactMap(\.audio)))
  }

  /// A set whose clips are rendered when it is opened.
  private func rendered(
    _ settings: DatasetSettings, progress: ProgressHandler? = nil
  ) throws -> Band {
    var settings = settings
    settings.needsLevels = true
    return try Band(settings, progress: progress)
  }

  private func bytes(_ clip: Clip) throws -> Data {
    try Data(contentsOf: try #require(clip.audio))
  }

  private func date(_ clip: Clip) throws -> Date? {
    let path = try #require(clip.audio).path
    return try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
  }
}
