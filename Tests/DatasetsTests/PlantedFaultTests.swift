// Every kind of fault planted in a small data set comes back with its file and line.
import Datasets
import Foundation
import Testing

@Suite struct PlantedFaultTests {
  /// What a check says of a corpus: severity, place below the folder, message.
  private func issues(_ scratch: Scratch, _ id: String) throws -> [String] {
    try DataCheck.report(id, settings(scratch)).issues.map {
      "\($0.severity.rawValue) \($0)".replacingOccurrences(of: scratch.url.path + "/", with: "")
    }
  }

  private func settings(_ scratch: Scratch) -> DatasetSettings {
    var settings = DatasetSettings(root: scratch.url)
    settings.minimumPositives = 1
    return settings
  }

  private func wrong(_ corpus: Corpus) throws -> [String] {
    let scratch =
      corpus.id == "audioset-vggish" ? try corpus.writtenWithCodes() : try corpus.written()
    return try issues(scratch, corpus.id).filter { $0.hasPrefix("wrong ") }
  }

  @Test(arguments: [
    Corpus.openMIC, .dcase, .magnaTagATune, .sonyc, .audioSet,
  ])
  func intactDataSetsHaveNoFaults(_ corpus: Corpus) throws {
    #expect(try wrong(corpus) == [])
  }

  static let openMIC: [(Corpus, String)] = {
    let table = "openmic-2018-aggregated-labels.csv"
    let train = "partitions/split01_train.csv"
    let whole = Corpus.openMIC
    return [
      (
        whole.replacing(3, of: table, with: "000046_3840,kazoo,0.5,3"),
        "\(table):3: instrument \"kazoo\"; expected one of the 20 classes"
      ),
      (
        whole.replacing(4, of: table, with: "000135_483840,voice,1.5,3"),
        "\(table):4: relevance \"1.5\"; expected 0…1"
      ),
      (
        whole.replacing(4, of: table, with: "000135_483840,voice,nan,3"),
        "\(table):4: relevance \"nan\"; expected 0…1"
      ),
      (
        whole.adding("000046_3840,flute,0.2,3", to: table),
        "\(table):6: flute of 000046_3840 again; expected one row per clip and instrument"
      ),
      (
        whole.adding("999999_1,flute,0.2,3", to: table),
        "\(table):6: key \"999999_1\" is in neither partition; expected it in one"
      ),
      (whole.adding("000178_3840,flute", to: table), "\(table):6: 2 fields; expected 4"),
      (
        whole.adding("000046_3840", to: train),
        "\(train):5: 000046_3840 again, first in \(train):1; expected it once"
      ),
      (
        whole.adding("46.ogg", to: train),
        "\(train):5: \"46.ogg\"; expected a sample key such as 000046_3840"
      ),
      (
        whole.adding("{\"accordion\": 0, \"banjo\": 2}", to: "class-map.json"),
        "class-map.json: class banjo is 2; expected 1"
      ),
    ]
  }()

  static let dcase: [(Corpus, String)] = {
    let train = "groundtruth_weak_label_training_set.csv"
    let test = "groundtruth_weak_label_testing_set.csv"
    let whole = Corpus.dcase
    let file = "2ceUOv8A3FE_20.000_30.000.wav"
    return [
      (
        whole.replacing(2, of: train, with: "\(file)\t20.000\t30.000\tTruck horn"),
        "\(train):2: label \"Truck horn\"; expected one of the 17 classes"
      ),
      (
        whole.replacing(2, of: train, with: "\(file)\t20.000\t30.000\tTrain horn"),
        "\(train):2: Train horn of \(file) again; expected one row per clip and label"
      ),
      (
        whole.replacing(2, of: train, with: "\(file)\t20.000\tlate\tTrain"),
        "\(train):2: 20.000 to late; expected start and end in seconds"
      ),
      (
        whole.replacing(2, of: train, with: "\(file)\t20.000\t31.000\tTrain"),
        "\(train):2: file \"\(file)\"; expected ID_20.000_31.000.wav as in the row"
      ),
      (
        whole.adding("\(file)\t20.000\t30.000\tCar", to: test),
        "\(test):2: \(file) is in \(train) too; expected it in one list"
      ),
      (whole.replacing(3, of: train, with: "x\t1\t2"), "\(train):3: 3 fields; expected 4"),
    ]
  }()

  static let others: [(Corpus, String)] = {
    let tags = "annotations_final.csv"
    let votes = "annotations.csv"
    let part = "aa.labels.csv"
    return [
      (
        Corpus.magnaTagATune.replacing(2, of: tags, with: "2\t0\t2\t0\tf/a-30-59.mp3"),
        "\(tags):2: \"2\" for a tag of clip 2; expected 1 or 0"
      ),
      (
        Corpus.magnaTagATune.adding("2\t0\t1\t0\tf/a-30-59.mp3", to: tags),
        "\(tags):7: clip 2 again, first on line 2; expected one row per clip"
      ),
      (
        Corpus.magnaTagATune.adding("13\t0\t1\t0\tz/a.mp3", to: tags),
        "\(tags):7: path \"z/a.mp3\"; expected one in a folder 0…f"
      ),
      (
        Corpus.sonyc.adding(SONYCRow("dev", 1, "a.wav", 1, []).text, to: votes),
        "\(votes):10: split \"dev\"; expected train, validate or test"
      ),
      (
        Corpus.sonyc.adding(SONYCRow("test", 1, "01_000001.wav", 14, []).text, to: votes),
        "\(votes):10: 01_000001.wav in test, sensor 1; expected train, sensor 1 as on line 2"
      ),
      (
        Corpus.sonyc.adding(SONYCRow("train", 1, "01_000001.wav", 11, []).text, to: votes),
        "\(votes):10: annotator 11 on 01_000001.wav again; expected one row per annotator"
      ),
      (
        Corpus.sonyc.adding(
          SONYCRow("train", 1, "a.wav", 1, []).text.replacingOccurrences(of: "8,0", with: "8,2"),
          to: votes), "\(votes):10: presence \"2\"; expected 1, 0 or -1"
      ),
      (
        Corpus.audioSet.replacing(3, of: part, with: "aaWVkb8iv3o,30.0,40.0,3,10"),
        "\(part):3: label \"3\"; expected a number below 3"
      ),
      (
        Corpus.audioSet.replacing(4, of: part, with: "aaWVkb8iv3o,50.0,60.0,1,3"),
        "\(part):4: codes after frame 3 of aaWVkb8iv3o_50.0; expected zeros"
      ),
      (
        Corpus.audioSet.replacing(4, of: part, with: "aaWVkb8iv3o,30.0,60.0,1,4"),
        "\(part):4: aaWVkb8iv3o_30.0 again, first in \(part):3; expected one row per clip"
      ),
    ]
  }()

  @Test(arguments: openMIC + dcase + others)
  func eachFaultIsReportedWithItsPlace(corpus: Corpus, expected: String) throws {
    let found = try wrong(corpus)
    #expect(found.contains { $0.hasPrefix("wrong \(expected)") }, "\(found)")
    // A class map that stops after two names is wrong in the others too; a row of the AudioSet
    // table that is left out no longer fits the array.
    let single = !["class-map.json", "label \"3\""].contains(where: expected.contains)
    #expect(found.count == 1 || !single, "\(found)")
    // Opening refuses what the check finds wrong, if it reads it at all.
    let scratch = try corpus.written()
    let text = message { _ = try DatasetCatalog.open(corpus.id, settings(scratch)) }
      .replacingOccurrences(of: scratch.url.path + "/", with: "")
    let isDeep = expected.contains("codes after")
    #expect(isDeep || text.contains(expected), "\(text)")
  }

  @Test func allFaultsAreReported() throws {
    let table = "openmic-2018-aggregated-labels.csv"
    let corpus = Corpus.openMIC.replacing(2, of: table, with: "000046_3840,kazoo,1,3")
      .replacing(5, of: table, with: "000178_3840,banjo,-0.1,3")
    #expect(try wrong(corpus).count == 2)
    let scratch = try corpus.written()
    let text = message { _ = try DatasetCatalog.open(corpus.id, .init(root: scratch.url)) }
    #expect(text.hasSuffix("(and 1 more: scant data check openmic2018)"), "\(text)")
  }

  @Test func unusualFormsAreAcceptedAndReported() throws {
    let train = "groundtruth_weak_label_training_set.csv"
    var corpus = Corpus.dcase
    corpus.files[train] =
      "\u{FEFF}"
      + (corpus.files[train] ?? "")
      .replacingOccurrences(of: "Air horn, truck horn", with: "\"Air horn, truck horn\"")
      .replacingOccurrences(of: "\n", with: "\r\n")
    let scratch = try corpus.written()
    let odd = try issues(scratch, corpus.id).filter { $0.contains(train) }
    #expect(
      odd == [
        "odd \(train):1: begins with a byte-order mark; ignored",
        "odd \(train): lines end in CR LF, as published in LF; accepted",
        "odd \(train): 1 fields in quotes, none as published; accepted",
      ])
    let set = try DatasetCatalog.open(corpus.id, DatasetSettings(root: scratch.url))
    #expect(set.clips.count == 4)
    #expect(set.problems.contains { $0.contains("byte-order mark") })
  }

  @Test func anUnclosedQuoteEndsTheTable() throws {
    let corpus = Corpus.dcase.adding("\"open", to: "groundtruth_weak_label_training_set.csv")
    let found = try wrong(corpus)
    #expect(found.count == 1)
    #expect(
      found.first?.contains("training_set.csv:4: quote never closed") == true, "\(found)")
  }

  @Test func missingAndDamagedSoundsAreReported() throws {
    let scratch = try Corpus.dcase.written()
    let settings = DatasetSettings(root: scratch.url)
    let train = "groundtruth_weak_label_training_set.csv"
    let none = try DataCheck.report("dcase2017-task4", settings)
    #expect(none.sound.named == 4 && none.sound.found == 0 && none.sound.opened == nil)
    try scratch.tone("audio/Y2ceUOv8A3FE_20.000_30.000.wav", hertz: 300)
    try scratch.text("audio/Y5pt7WZBYeeI_30.000_40.000.wav", "no sound")
    let report = try DataCheck.report("dcase2017-task4", settings, audio: true)
    #expect(report.sound.found == 2 && report.sound.opened == 1)
    let lines = report.issues.filter { $0.severity == .error }.map(\.description)
    #expect(lines.count == 3)
    #expect(lines[0].contains("\(train):3: no file \"Y-hcY8kXQj60_30.000_40.000.wav\""))
    #expect(lines[2].contains("testing_set.csv:1: ") && lines[2].contains("Y5pt7WZBYeeI"))
    let set = try DatasetCatalog.open("dcase2017-task4", settings)
    #expect(set.problems.contains("audio: 2 of 4 files found"))
  }

  @Test func unexpectedCountsAreFlagged() throws {
    let scratch = try Corpus.openMIC.written()
    let report = try DataCheck.report("openmic2018", DatasetSettings(root: scratch.url))
    let rows = try #require(report.counts.first)
    #expect(rows.published == [14_915, 5_085] && rows.found == [4, 2] && rows.differs)
    #expect(report.isWrong)
  }

  @Test func foldersAreCheckedRowByRow() throws {
    let scratch = try Scratch()
    try scratch.tone("a.wav", hertz: 300)
    try scratch.text(
      "labels.csv", "filename,split,x,y\na.wav,train,1,2\nb.wav,train,1,1\na.wav,test,1,1,1\n")
    let found = try issues(scratch, "folder").filter { $0.hasPrefix("wrong ") }
    #expect(found.count == 3, "\(found)")
    #expect(found[0].hasPrefix("wrong labels.csv:2: \"2\" for y; expected"))
    #expect(found[1].hasPrefix("wrong labels.csv:4: 5 fields; expected 4"))
    #expect(found[2].hasPrefix("wrong labels.csv:3: no file \"b.wav\"; expected"))
  }

  @Test func hugeTablesDoNotExhaustMemory() throws {
    var corpus = Corpus.openMIC
    corpus.files["partitions/split01_train.csv"] = String(repeating: "a b c\n", count: 5000)
    let scratch = try corpus.written()
    let report = try DataCheck.report("openmic2018", DatasetSettings(root: scratch.url))
    #expect(report.issues.count == 1000 && report.issuesLeft > 4000)
  }

  @Test func unknownDataSetIsAnError() {
    #expect(message { _ = try DataCheck.report("bands") }.hasPrefix("bands: no such data set"))
  }
}
