// ESC-10 mixtures: sums of recordings of one fold, known to the decibel, and the same every time.
import Acoustics
import Datasets
import Foundation
import TestSupport
import Testing

@Suite struct MixtureTests {
  /// A class is a tone of its own; two recordings of 0.5 s a class and fold.
  private static let hertz = ["dog": 500.0, "rain": 900.0, "clock_tick": 1700.0, "rooster": 3100.0]

  private func layout(_ scratch: Scratch, folds: Int = 4) throws {
    var rows = "filename,fold,target,category,esc10,src_file,take\n"
    for fold in 1...folds {
      for (target, entry) in Self.hertz.sorted(by: { $0.key < $1.key }).enumerated() {
        for take in ["A", "B"] {
          let name = "\(fold)-\(target)-\(take)-\(target).wav"
          try scratch.tone("recordings/audio/\(name)", hertz: entry.value)
          rows += "\(name),\(fold),\(target),\(entry.key),True,\(fold)\(target)\(take),\(take)\n"
        }
      }
      try scratch.tone("recordings/audio/\(fold)-other.wav", hertz: 6000)
      rows += "\(fold)-other.wav,\(fold),40,helicopter,False,\(fold)9,A\n"
    }
    try scratch.text("recordings/meta/esc50.csv", rows)
  }

  private func settings(
    _ scratch: Scratch, clips: Int = 32, cache: String = "cache", testFold: Int? = nil,
    threads: Int = 2
  ) -> DatasetSettings {
    var settings = DatasetSettings(
      root: scratch.url.appendingPathComponent("recordings"), clips: clips, seconds: 2,
      testFold: testFold, cache: scratch.url.appendingPathComponent(cache), threads: threads)
    settings.needsLevels = true
    return settings
  }

  /// Amplitude of a tone in a clip.
  private func amplitude(_ samples: [Float], _ hertz: Double) -> Double {
    var (re, im) = (0.0, 0.0)
    for (n, sample) in samples.enumerated() {
      let angle = 2 * .pi * hertz * Double(n) / 16_000
      re += Double(sample) * cos(angle)
      im += Double(sample) * sin(angle)
    }
    return (re * re + im * im).squareRoot() / Double(samples.count)
  }

  @Test func splitsAreFoldsAndDoNotOverlap() throws {
    let scratch = try Scratch()
    try layout(scratch)
    let set = try ESC10Mixtures(settings(scratch))
    #expect(set.classes == ["clock_tick", "dog", "rain", "rooster"])
    #expect(set.seconds == 2 && !set.isSingleLabel && set.clips.count == 32)
    #expect(set.problems == [])
    let folds = Dictionary(grouping: set.clips, by: \.split).mapValues {
      Set($0.compactMap(\.group))
    }
    #expect(folds == [.train: ["fold1", "fold2"], .validation: ["fold3"], .test: ["fold4"]])
    let first = try ESC10Mixtures(settings(scratch, testFold: 1))
    #expect(first.clips(in: .test).allSatisfy { $0.group == "fold1" })
    #expect(first.clips(in: .validation).allSatisfy { $0.group == "fold4" })
    #expect(first.digest != set.digest)
    #expect(Set(first.clips.map(\.audio)) == Set(set.clips.map(\.audio)))
  }

  @Test func labelsAndLevelsMatchTheSounds() throws {
    let scratch = try Scratch()
    try layout(scratch)
    let set = try ESC10Mixtures(settings(scratch))
    for clip in set.clips {
      let present = clip.labels.indices.filter { clip.labels[$0] == 1 }
      #expect((1...3).contains(present.count) && clip.labels.allSatisfy { $0 != nil })
      let wave = try AudioFile.read(try #require(clip.audio))
      #expect(wave.samples.count == 32_000 && wave.sampleRate == 16_000)
      let heard = set.classes.map { amplitude(wave.samples, Self.hertz[$0] ?? 0) }
      let levels = try #require(clip.levels)
      #expect(levels.indices.filter { levels[$0] != nil } == present)
      for k in present {
        // A tone of amplitude a for a quarter of the clip: a/8 here, a²/2 its power.
        let expected = 20 * log10(heard[k] * 8 / 2.0.squareRoot())
        #expect(abs(expected - Double(levels[k] ?? 0)) < 0.6, "\(clip.id) \(set.classes[k])")
      }
      let quietest = present.map { heard[$0] }.min() ?? 0
      for k in set.classes.indices where !present.contains(k) {
        #expect(heard[k] < 0.1 * quietest)
      }
    }
    #expect(Set(set.clips.map { $0.labels.count { $0 == 1 } }) == [1, 2, 3])
  }

  @Test func mixturesAreReproducibleForAnySize() throws {
    let scratch = try Scratch()
    try layout(scratch)
    let one = try ESC10Mixtures(settings(scratch, threads: 1))
    let two = try ESC10Mixtures(settings(scratch, cache: "other"))
    #expect(one.digest == two.digest)
    for (a, b) in zip(one.clips, two.clips) {
      #expect(a.labels == b.labels && a.levels == b.levels)
      #expect(try bytes(a) == bytes(b))
    }
    let small = try ESC10Mixtures(settings(scratch, clips: 8, cache: "third"))
    let large = Dictionary(uniqueKeysWithValues: one.clips.map { ($0.id, $0) })
    for clip in small.clips {
      #expect(try bytes(clip) == bytes(try #require(large[clip.id])))
    }
    _ = try ESC10Mixtures(settings(scratch)) { what, _, _ in
      if what.contains("Mixing") { Issue.record("mixed twice") }
      return true
    }
    var other = settings(scratch)
    other.seed = 2
    #expect(try ESC10Mixtures(other).clips.map(\.labels) != one.clips.map(\.labels))
  }

  @Test func changedRecordingsChangeTheMixture() throws {
    let scratch = try Scratch()
    try layout(scratch)
    let before = try ESC10Mixtures(settings(scratch))
    try scratch.tone("recordings/audio/1-0-A-0.wav", hertz: 510)
    #expect(try ESC10Mixtures(settings(scratch)).digest != before.digest)
  }

  @Test func invalidFoldersAreReported() throws {
    let scratch = try Scratch()
    try layout(scratch, folds: 2)
    let table = scratch.url.appendingPathComponent("recordings/meta/esc50.csv").path
    #expect(
      message { _ = try ESC10Mixtures(settings(scratch)) }
        == "\(table): 2 folds with rows of ESC-10; expected three or more, for training, "
        + "validation and test")
    try layout(scratch)
    #expect(
      message { _ = try ESC10Mixtures(settings(scratch, clips: 3)) }
        == "esc10-mixtures: 3 clips; expected 4 to 100000")
    #expect(
      message { _ = try ESC10Mixtures(settings(scratch, testFold: 9)) }.contains("fold 9"))
    let silent = try scratch.tone("recordings/audio/2-1-B-1.wav", hertz: 0)
    #expect(
      message { _ = try ESC10Mixtures(settings(scratch)) }
        == "\(silent.path): silent; expected a sound to mix")
    try scratch.text("recordings/audio/2-1-B-1.wav", "no sound")
    #expect(
      message { _ = try ESC10Mixtures(settings(scratch)) }.hasPrefix("\(silent.path): "))
    let report = try DataCheck.report("esc10-mixtures", settings(scratch))
    #expect(report.isWrong && report.layout == "made of esc50")
  }

  @Test(.enabled(if: SharedData.isPresent, "shared data absent"))
  func realRecordingsMix() throws {
    let scratch = try Scratch()
    let set = try DatasetCatalog.open(
      "esc10-mixtures",
      DatasetSettings(root: SharedData.data("audio/esc10"), clips: 160, cache: scratch.url))
    #expect(try set.countMissingSounds() == 160)
    try set.makeSounds(of: nil, threads: 2, progress: nil)
    #expect(try set.countMissingSounds() == 0)
    #expect(set.classes.count == 10 && set.seconds == 5)
    #expect(Split.allCases.map { set.clips(in: $0).count } == [80, 40, 40])
    #expect(set.problems == [])
    #expect(set.clips.allSatisfy { (1...3).contains($0.labels.count { $0 == 1 }) })
    for clip in set.clips.prefix(20) {
      let wave = try AudioFile.read(try #require(clip.audio))
      #expect(wave.samples.count == 80_000 && wave.samples.allSatisfy { abs($0) < 0.991 })
    }
    let levels = set.clips.compactMap(\.levels).joined().compactMap { $0 }
    #expect(levels.allSatisfy { (-70...0).contains($0) }, "\(levels.min() ?? 0)")
    let hidden = LabelMask.hide(set.clips, observed: 0.2, rule: .quiet, seed: 1)
    let kept = hidden.filter { $0.split == .train }.flatMap(\.labels).count { $0 != nil }
    #expect(abs(Double(kept) / 800 - 0.2) < 0.05)
  }

  private func bytes(_ clip: Clip) throws -> Data {
    try Data(contentsOf: try #require(clip.audio))
  }
}
