// What each published layout turns into: classes, splits, which labels are missing.
import Datasets
import Foundation
import Testing

@Suite struct PublishedTests {
  private func open(
    _ corpus: Corpus, _ change: (inout DatasetSettings) -> Void = { _ in }
  ) throws -> any Dataset {
    let scratch = try corpus.written()
    var settings = DatasetSettings(root: scratch.url)
    change(&settings)
    return try DatasetCatalog.open(corpus.id, settings)
  }

  private func clip(_ set: any Dataset, _ id: String) throws -> Clip {
    try #require(set.clips.first { $0.id == id })
  }

  @Test func openMICThresholdsRelevanceUnlessAskedNotTo() throws {
    let hard = try clip(try open(.openMIC), "000046_3840")
    #expect(hard.labels[4] == 0 && hard.labels[7] == 1)
    #expect(hard.labels.count { $0 == nil } == 18)
    let soft = try clip(try open(.openMIC) { $0.softTargets = true }, "000046_3840")
    #expect(soft.labels[4] == 0.17105 && soft.labels[7] == 0.5)
    let blank = try clip(try open(.openMIC), "000308_61440")
    #expect(blank.labels.allSatisfy { $0 == nil } && blank.split == .test)
    #expect(blank.seconds == 10 && blank.audio == nil)
  }

  @Test func openMICDrawsValidationFromTrainingBySeed() throws {
    let half = try open(.openMIC) { $0.validationShare = 0.5 }
    #expect(Split.allCases.map { half.clips(in: $0).count } == [2, 2, 2])
    let again = try open(.openMIC) { $0.validationShare = 0.5 }
    #expect(again.clips == half.clips && again.digest == half.digest)
    let others = try (2...9).map { seed in
      try open(.openMIC) { ($0.validationShare, $0.seed) = (0.5, seed) }.digest
    }
    #expect(others.contains { $0 != half.digest })
    let none = try open(.openMIC) { $0.validationShare = 0 }
    #expect(none.clips(in: .validation).isEmpty && none.clips(in: .train).count == 4)
    #expect(
      message { _ = try open(.openMIC) { $0.validationShare = 1 } }.contains("expected at least 0"))
  }

  @Test func sonycTrainsOnAnyVolunteerAndTestsOnAgreedRows() throws {
    let set = try open(.sonyc)
    #expect(set.classes.count == 23 && !set.classes.contains { $0.contains("uncertain") })
    // 03_000003 has no agreed row and is left out.
    #expect(
      set.clips.map(\.id) == [
        "01_000001.wav", "02_000002.wav", "03_000004.wav", "04_000005.wav",
      ])
    #expect(set.clips.map(\.split) == [.train, .train, .validation, .test])
    let name = { (index: Int) in set.classes[index] }
    let labels = { (clip: Clip) in
      Dictionary(uniqueKeysWithValues: clip.labels.indices.map { (name($0), clip.labels[$0]) })
    }
    let first = labels(set.clips[0])
    #expect(first["small-sounding-engine"] == 1 && first["siren"] == 1)
    // The uncertain impact tag hides its group; a member's row does not count.
    #expect(first["jackhammer"] == .some(nil) && first["pile-driver"] == .some(nil))
    #expect(first["dog-barking-whining"] == 0)
    #expect(labels(set.clips[1]).values.allSatisfy { $0 == 0 })
    let verified = labels(set.clips[2])
    #expect(verified["person-or-small-group-talking"] == 1)
    #expect(verified["dog-barking-whining"] == 0)
    let test = set.clips[3].labels
    #expect(test[0..<3].allSatisfy { $0 == nil } && test[3...].allSatisfy { $0 == 0 })
    #expect(Set(set.clips.map(\.group)).count == 4)
  }

  @Test func sonycsCoarseLevel() throws {
    let set = try open(.sonyc) { $0.level = .coarse }
    #expect(set.classes == SONYCRow.coarse.map { String($0.dropFirst(2)) })
    #expect(set.clips[0].labels == [1, 1, 0, 0, 1, 0, 0, 0])
    #expect(set.clips[3].labels == [1, 0, 0, 0, 0, 0, 0, 0])
  }

  @Test func sonycsTaxonomyIsCompared() throws {
    let corpus = Corpus.sonyc.adding(
      "fine:\n  1:\n    1: small-sounding-engine\n    2: large-sounding-engine",
      to: "dcase-ust-taxonomy.yaml")
    let text = message { _ = try open(corpus) }
    #expect(
      text.contains("taxonomy.yaml:4: large-sounding-engine; expected medium-sounding-engine"))
  }

  @Test func dcaseReadsCommasInClassNames() throws {
    let set = try open(.dcase)
    #expect(set.classes.count == 17)
    let horn = try clip(set, "-hcY8kXQj60_30.000_40.000.wav")
    #expect(horn.labels[1] == 1 && horn.labels.compactMap { $0 }.reduce(0, +) == 1)
    let two = try clip(set, "2ceUOv8A3FE_20.000_30.000.wav")
    #expect(two.labels[0] == 1 && two.labels[16] == 1)
    #expect(set.clips.map(\.split) == [.train, .train, .train, .test])
  }

  @Test func dcaseTestsOnTheTestingListWithoutAnEvaluationList() throws {
    var corpus = Corpus.dcase
    corpus.files["groundtruth_weak_label_evaluation_set.csv"] = nil
    let set = try open(corpus)
    #expect(set.clips.map(\.split) == [.train, .train, .test])
    #expect(set.problems.contains { $0.contains("the testing list is the test split") })
  }

  /// A tenth of each class's rows by NumPy's RandomState(123), with the other rows of their clips.
  @Test func dcaseValidationSplitMatchesWon2020() throws {
    var corpus = Corpus.dcase
    let train = "groundtruth_weak_label_training_set.csv"
    corpus.files["groundtruth_weak_label_testing_set.csv"] = name(24, "Bus") + "\n"
    corpus.files[train] =
      (0..<24).map { name($0, "Bus") }.joined(separator: "\n") + "\n"
      + name(5, "Car") + "\n"
    let set = try open(corpus)
    #expect(set.clips(in: .validation).map { String($0.id.prefix(11)) } == [video(5), video(21)])
    let none = try open(corpus) { $0.validationShare = 0 }
    #expect(none.clips(in: .validation).isEmpty)
  }

  private func video(_ n: Int) -> String { "video\(n < 10 ? "0" : "")\(n)____" }

  private func name(_ n: Int, _ label: String) -> String {
    "\(video(n))_0.000_10.000.wav\t0.000\t10.000\t\(label)"
  }

  /// Against numpy.random.RandomState(123).choice(n, n / 10, replace=False).
  @Test func drawsMatchNumPy() {
    let expected: [(count: Int, first: [Int], sum: Int)] = [
      (25, [5, 21], 26), (180, [62, 176, 33, 166, 93], 1813),
      (1003, [131, 235, 50, 958, 138], 52_197),
      (25_077, [7402, 993, 21_209, 13_716, 2795], 31_815_326),
    ]
    for (count, first, sum) in expected {
      var draw = NumPyDraw(seed: 123)
      let size = Int((Double(count) / 10).rounded(.toNearestOrEven))
      let chosen = draw.choice(count, size: size)
      #expect(Array(chosen.prefix(5)) == first && chosen.reduce(0, +) == sum)
    }
  }

  @Test func magnaTagATuneSplitsByFolderAndDropsEmptyRows() throws {
    let set = try open(.magnaTagATune)
    #expect(set.classes == ["guitar", "flute", "no voice"])
    #expect(set.clips.map(\.id) == ["2", "6", "10", "11"])
    #expect(set.clips.map(\.split) == [.test, .train, .train, .validation])
    #expect(set.clips[2].labels == [1, 0, 1])
    #expect(set.clips[1].group == set.clips[2].group && set.clips[0].group == "f/a-01-x")
    #expect(set.seconds == 29.1)
  }

  @Test func audioSetTakesClassesWithEnoughPositives() throws {
    let scratch = try Corpus.audioSet.writtenWithCodes()
    var settings = DatasetSettings(root: scratch.url, validationShare: 0)
    #expect(
      message { _ = try DatasetCatalog.open("audioset-vggish", settings) }
        .contains("no class with 10 positives in training"))
    settings.minimumPositives = 1
    let set = try DatasetCatalog.open("audioset-vggish", settings)
    let train = set.clips(in: .train)
    #expect(
      set.classes.allSatisfy {
        [
          "Speech", "Male speech, man speaking",
          "Female speech, woman speaking",
        ].contains($0)
      })
    for k in set.classes.indices { #expect(train.contains { $0.labels[k] == 1 }) }
    let videos = Dictionary(grouping: set.clips, by: \.group).values
    #expect(videos.allSatisfy { Set($0.map(\.split)).count == 1 })
    let features = try #require(try set.embeddings(of: "vggish"))
    let short = try #require(features["aaWVkb8iv3o_50.0"])
    #expect(short.bands == 128 && short.frames == 4)
    #expect(short[100, 3] == 103.0 / 255)
    #expect(try DatasetCatalog.recognize(scratch.url) == "audioset-vggish")
  }

  @Test(arguments: [Corpus.openMIC, .dcase, .magnaTagATune, .sonyc])
  func foldersAreRecognized(_ corpus: Corpus) throws {
    let scratch = try corpus.written()
    #expect(try DatasetCatalog.recognize(scratch.url) == corpus.id)
    let text = message {
      _ = try DatasetCatalog.open(
        corpus.id, DatasetSettings(root: scratch.url.appending(path: "x")))
    }
    #expect(text.contains("no such folder; expected "))
  }

  @Test(arguments: ["openmic2018", "sonyc-ust-v2", "dcase2017-task4", "magnatagatune"])
  func missingTablesAreNamed(_ id: String) throws {
    let scratch = try Scratch()
    try scratch.text("README", "nothing")
    let text = message { _ = try DatasetCatalog.open(id, DatasetSettings(root: scratch.url)) }
    #expect(text.contains(scratch.url.path) && text.contains("expected"), "\(text)")
    #expect(!text.contains("\n"))
  }
}
