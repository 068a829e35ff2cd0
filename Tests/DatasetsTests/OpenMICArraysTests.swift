// The archive of OpenMIC-2018: labels where the mask says so, codes, the authors' validation clips.
import Datasets
import Foundation
import TestSupport
import Testing

/// Arrays in memory.
private struct Arrays: ArrayArchive {
  var table: [String: (shape: [Int], values: [Float])] = [:]
  var texts: [String: [String]] = [:]

  func numbers(_ name: String) -> (shape: [Int], values: [Float])? { table[name] }

  func strings(_ name: String) -> [String]? { texts[name] }

  /// Two clips: clarinet 0.2 in the first, voice 0.75 in the second.
  static var openMIC: Arrays {
    var truth = [Float](repeating: 0.5, count: 40)
    var mask = [Float](repeating: 0, count: 40)
    (truth[4], mask[4]) = (0.2, 1)
    (truth[39], mask[39]) = (0.75, 1)
    let codes = (0..<2 * 10 * 128).map { Float($0 % 256) }
    return Arrays(
      table: [
        "Y_true": ([2, 20], truth), "Y_mask": ([2, 20], mask), "X": ([2, 10, 128], codes),
      ], texts: ["sample_key": ["000046_3840", "000178_3840"]])
  }
}

@Suite struct OpenMICArraysTests {
  private func read(_ archive: Arrays) throws -> OpenMICArrays {
    try OpenMICArrays(archive, path: "a.npz", features: true)
  }

  @Test func onlyMaskedEntriesAreObserved() throws {
    let relevance = try read(.openMIC).relevance
    let first = try #require(relevance["000046_3840"])
    #expect(first[4] == 0.2 && first.count { $0 != nil } == 1)
    #expect(relevance["000178_3840"]?[19] == 0.75)
  }

  @Test func arraysBecomeBandsByFrames() throws {
    let features = try read(.openMIC).features()
    let spectrogram = try #require(features["000178_3840"])
    #expect(spectrogram.bands == 128 && spectrogram.frames == 10)
    #expect(spectrogram[3, 0] == 3.0 / 255 && spectrogram[3, 1] == 131.0 / 255)
  }

  @Test func unexpectedShapesAndTypesAreRefused() {
    var archive = Arrays.openMIC
    archive.table["Y_true"] = ([2, 19], [Float](repeating: 0, count: 38))
    #expect(
      message { _ = try read(archive) } == "a.npz: Y_true has shape [2, 19]; expected [2, 20]")
    archive = .openMIC
    archive.table["X"]?.values[7] = 256
    #expect(message { _ = try read(archive) } == "a.npz: 256.0 in X; expected 0…255")
    archive = .openMIC
    archive.table["Y_mask"] = nil
    #expect(message { _ = try read(archive) }.hasPrefix("a.npz: no array Y_mask; expected"))
    archive = .openMIC
    archive.texts["sample_key"] = ["a", "a"]
    #expect(message { _ = try read(archive) }.contains("a key twice"))
  }

  @Test func validationClipsAreIndexedAmongTrainingClips() throws {
    let archive = Arrays(table: ["train": ([3], [0, 3, 2]), "val": ([1], [1])])
    #expect(try OpenMICValidation.places(archive, path: "s", among: 4) == [1])
    for wrong in [["train": [0, 1], "val": [1]], ["train": [0, 9], "val": [1]], ["train": [0]]] {
      let archive = Arrays(table: wrong.mapValues { ([$0.count], $0.map { Float($0) }) })
      let text = message { _ = try OpenMICValidation.places(archive, path: "s", among: 3) }
      #expect(text.hasPrefix("s: ") && text.contains("expected"))
    }
  }

  @Test func openL3FilesAreTransposed() throws {
    let archive = Arrays(table: ["embedding": ([2, 3], [1, 2, 3, 4, 5, 6])])
    let spectrogram = try OpenL3File.spectrogram(archive, path: "x.npz")
    #expect(
      spectrogram.bands == 3 && spectrogram.frames == 2 && spectrogram.values == [1, 4, 2, 5, 3, 6])
    #expect(
      message { _ = try OpenL3File.spectrogram(Arrays(), path: "x.npz") }.contains("x.npz: "))
  }
}

/// The same through files that NumPy wrote (script/golden/datasets.py).
@Suite struct OpenMICArchiveTests {
  private static let golden = SharedData.packageRoot.appendingPathComponent("Tests/Golden/Datasets")

  /// The text corpus without its table, with the archive.
  private func scratch(table: Bool = false) throws -> Scratch {
    var corpus = Corpus.openMIC
    if !table { corpus.files["openmic-2018-aggregated-labels.csv"] = nil }
    let scratch = try corpus.written()
    try scratch.link("openmic-2018.npz", to: Self.golden, "openmic-2018.npz")
    return scratch
  }

  @Test func archiveAndTableAgree() throws {
    let scratch = try scratch()
    let set = try DatasetCatalog.open("openmic2018", DatasetSettings(root: scratch.url))
    let other = try Corpus.openMIC.written()
    let text = try DatasetCatalog.open("openmic2018", DatasetSettings(root: other.url))
    #expect(set.clips == text.clips && set.digest == text.digest)
    let features = try #require(try set.embeddings(of: "vggish"))
    let spectrogram = try #require(features["000135_483840"])
    #expect(
      spectrogram[2, 0] == 2.0 / 255 && spectrogram[2, 1] == 130.0 / 255 && features.count == 6)
  }

  @Test func publishedValidationClipsAreUsed() throws {
    let scratch = try scratch()
    try scratch.link("train_val.split", to: Self.golden, "train_val.split")
    let set = try DatasetCatalog.open("openmic2018", DatasetSettings(root: scratch.url, seed: 7))
    #expect(set.clips(in: .validation).map(\.id) == ["000135_483840"])
    #expect(set.problems.contains("validation: the 1 clips of train_val.split"))
    let text = try Corpus.openMIC.written()
    try text.link("train_val.split", to: Self.golden, "train_val.split")
    let problems = try DatasetCatalog.open("openmic2018", .init(root: text.url)).problems
    #expect(problems.contains { $0.contains("refers to openmic-2018.npz, which is missing") })
  }

  @Test func aCheckComparesArchiveAndTable() throws {
    let scratch = try scratch(table: true)
    let settings = DatasetSettings(root: scratch.url)
    #expect(
      try DataCheck.report("openmic2018", settings).issues.allSatisfy { $0.severity == .warning })
    let table = "openmic-2018-aggregated-labels.csv"
    let corpus = Corpus.openMIC.replacing(4, of: table, with: "000135_483840,voice,0.25,3")
    try scratch.text(table, try #require(corpus.files[table]))
    let wrong = try DataCheck.report("openmic2018", settings).issues.filter {
      $0.severity == .error
    }
    #expect(wrong.count == 1)
    #expect(
      wrong.first?.message
        == "voice of 000135_483840 is 0.25, in the npz 1.0; expected the same")
  }

  @Test func damagedArchiveIsOneFault() throws {
    let scratch = try Corpus.openMIC.written()
    try scratch.text("openmic-2018.npz", "PK nothing")
    let report = try DataCheck.report("openmic2018", DatasetSettings(root: scratch.url))
    let wrong = report.issues.filter { $0.severity == .error }
    #expect(wrong.count == 1 && wrong.first?.place.hasSuffix("openmic-2018.npz") == true)
  }

  @Test func sonycTakesOpenL3Files() throws {
    let scratch = try Corpus.sonyc.written()
    try scratch.link("openl3/01_000001.npz", to: Self.golden, "openl3.npz")
    let set = try DatasetCatalog.open("sonyc-ust-v2", DatasetSettings(root: scratch.url))
    let features = try #require(try set.embeddings(of: "openl3"))
    #expect(features["01_000001.wav"]?.values == [0, 3, 1, 4, 2, 5])
    #expect(features.problems == ["openl3: 1 of 4 files found"])
    #expect(try set.embeddings(of: "vggish") == nil)
  }
}
