// FSD50K, UrbanSound8K and MTG-Jamendo: small releases in the published layouts.
import Datasets
import Foundation
import Testing

extension Corpus {
  static let fsd50k = Corpus(
    id: "fsd50k",
    files: [
      "FSD50K.ground_truth/vocabulary.csv": """
      0,Acoustic_guitar,/m/042v_gx
      1,Guitar,/m/0342h
      2,Music,/m/04rlf
      3,Rain,/m/06mb1

      """,
      "FSD50K.ground_truth/dev.csv": """
      fname,labels,mids,split
      64760,"Acoustic_guitar,Guitar,Music","/m/042v_gx,/m/0342h,/m/04rlf",train
      16399,Rain,/m/06mb1,val

      """,
      "FSD50K.ground_truth/eval.csv": """
      fname,labels,mids
      37199,"Guitar,Music","/m/0342h,/m/04rlf"

      """,
      "FSD50K.dev_audio/64760.wav": "", "FSD50K.eval_audio/37199.wav": "",
    ])

  /// Two splits; a track has 8 columns, another 6.
  static let jamendo = Corpus(
    id: "mtg-jamendo",
    files: [
      "top50tags-train":
        "1\tartist_1\ta\t01/1.mp3\t200.5\tgenre---rock\tinstrument---guitar\tmood/theme---happy\n"
        + "2\tartist_1\ta\t02/2.mp3\t99\tgenre---jazz\n",
      "top50tags-validation": "3\tartist_2\tb\t03/3.mp3\t60\tgenre---rock\n",
      "top50tags-test": "4\tartist_3\tc\t04/4.mp3\t60\tinstrument---guitar\n",
      "instrument-train": "1\tartist_1\ta\t01/1.mp3\t200.5\tinstrument---guitar\n",
      "instrument-validation": "2\tartist_2\tb\t02/2.mp3\t60\tinstrument---piano\n",
      "instrument-test": "3\tartist_3\tc\t03/3.mp3\t60\tinstrument---guitar\n",
    ].reduce(into: [:]) { files, table in
      let header = "TRACK_ID\tARTIST_ID\tALBUM_ID\tPATH\tDURATION\tTAGS\n"
      let split = table.key.hasPrefix("instrument") ? 3 : 0
      files["data/splits/split-\(split)/autotagging_\(table.key).tsv"] = header + table.value
    })
}

@Suite struct ReleaseTests {
  private func open(
    _ corpus: Corpus, _ change: (inout DatasetSettings) -> Void = { _ in }
  ) throws -> any Dataset {
    let scratch = try corpus.written()
    var settings = DatasetSettings(root: scratch.url)
    change(&settings)
    return try DatasetCatalog.open(corpus.id, settings)
  }

  // MARK: FSD50K

  @Test func fsdReadsSplitsAndPropagatedLabels() throws {
    let set = try open(.fsd50k)
    #expect(set.classes == ["Acoustic_guitar", "Guitar", "Music", "Rain"])
    #expect(set.clips.map(\.id) == ["64760", "16399", "37199"])
    #expect(set.clips.map(\.split) == [.train, .validation, .test])
    #expect(set.clips[0].labels == [1, 1, 1, 0] && set.clips[2].labels == [0, 1, 1, 0])
    #expect(set.clips.map { $0.audio?.lastPathComponent } == ["64760.wav", nil, "37199.wav"])
    #expect(set.problems.contains("audio: 2 of 3 files found"))
  }

  @Test(arguments: [
    ("dev.csv", 2, "64760,Tuba,/m/0,train", "label \"Tuba\"; expected a class of vocabulary.csv"),
    ("dev.csv", 3, "16399,Rain,/m/06mb1,test", "split \"test\"; expected train or val"),
    ("dev.csv", 3, "../x,Rain,/m/06mb1,val", "expected the number of a Freesound clip"),
    ("eval.csv", 2, "64760,Rain,/m/06mb1", "clip 64760 again, first in dev.csv:2"),
    ("vocabulary.csv", 4, "7,Rain,/m/06mb1", "with number \"7\"; expected 3"),
  ]) func fsdFaultsHaveALine(_ table: String, _ line: Int, _ row: String, _ words: String) throws {
    let name = "FSD50K.ground_truth/\(table)"
    let text = message { _ = try open(Corpus.fsd50k.replacing(line, of: name, with: row)) }
    #expect(text.contains("\(name):\(line): ") && text.contains(words), "\(text)")
  }

  // MARK: UrbanSound8K

  /// Ten folds of two classes, as in the release.
  private func city(_ scratch: Scratch) throws {
    var rows = "slice_file_name,fsID,start,end,salience,fold,classID,class\n"
    for fold in 1...10 {
      for (number, name) in [(0, "air_conditioner"), (3, "dog_bark")] {
        let file = "\(fold)00\(number)-\(number)-0-0.wav"
        try scratch.tone("audio/fold\(fold)/\(file)", hertz: 300, seconds: 0.1)
        rows += "\(file),\(fold)00\(number),0.0,0.1,1,\(fold),\(number),\(name)\n"
      }
    }
    try scratch.text("metadata/UrbanSound8K.csv", rows)
  }

  @Test func urbanSoundHasTenFolds() throws {
    let scratch = try Scratch()
    try city(scratch)
    #expect(try DatasetCatalog.recognize(scratch.url) == "urbansound8k")
    let set = try DatasetCatalog.open("urbansound8k", DatasetSettings(root: scratch.url))
    #expect(set.folds == Array(1...10) && set.isSingleLabel && set.seconds == 4)
    #expect(set.classes == ["air_conditioner", "dog_bark"])
    #expect(set.clips(in: .test).map(\.id) == ["fold10/10000-0-0-0.wav", "fold10/10003-3-0-0.wav"])
    #expect(set.clips.count == 20 && set.clips.allSatisfy { $0.labels.contains(1) })
    let third = try DatasetCatalog.open(
      "urbansound8k", DatasetSettings(root: scratch.url, testFold: 3))
    #expect(third.clips(in: .test).allSatisfy { $0.id.hasPrefix("fold3/") })
    #expect(third.clips(in: .test).count == 2)
    try FileManager.default.removeItem(
      at: scratch.url.appendingPathComponent("audio/fold1/1000-0-0-0.wav"))
    let report = try DataCheck.report("urbansound8k", DatasetSettings(root: scratch.url))
    #expect(report.isWrong)
    #expect(report.issues.contains { $0.message.contains("no file \"fold1/1000-0-0-0.wav\"") })
  }

  // MARK: MTG-Jamendo

  @Test func absentTagsAreMissingInTraining() throws {
    let set = try open(.jamendo)
    #expect(
      set.classes == ["genre---jazz", "genre---rock", "instrument---guitar", "mood/theme---happy"])
    #expect(set.clips.map(\.split) == [.train, .train, .validation, .test])
    #expect(set.clips[0].labels == [nil, 1, 1, 1] && set.clips[1].labels == [1, nil, nil, nil])
    #expect(set.clips[2].labels == [0, 1, 0, 0] && set.clips[3].labels == [0, 0, 1, 0])
    #expect(set.clips.map(\.group) == ["artist_1", "artist_1", "artist_2", "artist_3"])
    let negative = try open(.jamendo) { $0.absent = .negative }
    #expect(negative.clips[1].labels == [1, 0, 0, 0])
    #expect(negative.digest != set.digest)
  }

  @Test func subsetsAndSplitsAreTablesOfTheirOwn() throws {
    let set = try open(.jamendo) { ($0.subset, $0.publishedSplit) = (.instrument, 3) }
    #expect(set.classes == ["guitar", "piano"] && set.clips.count == 3)
    let text = message { _ = try open(.jamendo) { $0.subset = .genre } }
    #expect(text.contains("data/splits/split-0/autotagging_genre-train.tsv: no such table"))
  }

  @Test func jamendosFilesMayBeTheSmallOnes() throws {
    var corpus = Corpus.jamendo
    corpus.files["audio/01/1.mp3"] = ""
    corpus.files["audio-low/02/2.low.mp3"] = ""
    let set = try open(corpus)
    #expect(set.clips.map { $0.audio?.lastPathComponent } == ["1.mp3", "2.low.mp3", nil, nil])
    #expect(set.problems.contains("audio: 2 of 4 files found"))
  }

  @Test(arguments: [
    ("1\tartist_1\ta\t../1.mp3\t200\tgenre---rock", "PATH \"../1.mp3\"; expected one like"),
    ("1\tartist_1\ta\t01/1.mp3\tlong\tgenre---rock", "DURATION \"long\"; expected seconds"),
    ("1\tartist_1\ta\t01/1.mp3\t200\trock", "expected some like genre---rock"),
    ("1\tartist_1\ta\t01/1.mp3\t200", "5 fields; expected 6"),
    ("2\tartist_1\ta\t01/1.mp3\t200\tgenre---rock", "expected one row per track"),
  ]) func jamendosFaultsHaveALine(_ row: String, _ words: String) throws {
    let name = "data/splits/split-0/autotagging_top50tags-train.tsv"
    let text = message { _ = try open(Corpus.jamendo.replacing(2, of: name, with: row)) }
    #expect(text.contains(name) && text.contains(words), "\(text)")
  }

  // MARK: all

  @Test(arguments: [Corpus.fsd50k, .jamendo])
  func foldersAreRecognized(_ corpus: Corpus) throws {
    let scratch = try corpus.written()
    #expect(try DatasetCatalog.recognize(scratch.url) == corpus.id)
  }

  @Test(arguments: ["fsd50k", "urbansound8k", "mtg-jamendo", "esc50"])
  func missingFoldersNameTheDownload(_ id: String) throws {
    let scratch = try Scratch()
    let settings = DatasetSettings(root: scratch.url.appendingPathComponent("none"))
    let text = message { _ = try DatasetCatalog.open(id, settings) }
    #expect(text.hasSuffix("; to download it: scant fetch \(id)"), "\(text)")
    let empty = message { _ = try DatasetCatalog.open(id, DatasetSettings(root: scratch.url)) }
    #expect(empty.hasSuffix("; to download it: scant fetch \(id)"), "\(empty)")
  }
}
