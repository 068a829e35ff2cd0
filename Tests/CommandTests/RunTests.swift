/// Sessions and runs from end to end on a tiny folder data set.
import Foundation
import Testing

@Suite(.serialized) struct RunTests {
  let scant: Program

  init() throws {
    scant = try Program()
    _ = try ToneFolder(scant.url("tones"))
    try scant.write(
      "study/session.yaml",
      """
      title: Tones
      dataset: { id: folder, root: \(scant.url("tones").path) }
      model: { id: cnn }
      methods: [b0, b1]
      seeds: [0, 1]
      training: { epochs: 2, batch: 8 }
      table: { columns: [ap-macro, f1-macro-both] }
      """)
  }

  private func bytes(_ path: String) throws -> Data { try Data(contentsOf: scant.url(path)) }

  @Test func sessionIsRunSkippedAndTabulated() throws {
    let first = try scant("run", "study", "--json")
    #expect(first.status == 0, "\(first.err)")
    let events = try first.jsonLines()
    let byes = events.filter { $0["event"] as? String == "bye" }
    #expect(byes.compactMap { $0["run"] as? String } == ["b0-s0", "b1-s0", "b0-s1", "b1-s1"])
    for ended in byes {
      let scores = try #require(ended["scores"] as? [String: [String: [String: Double]]])
      #expect(scores["test"]?["student"]?["ap-macro"] != nil)
    }
    #expect(events.last?["event"] as? String == "bye")
    for key in ["v", "run", "seq", "t", "step", "epoch"] {
      #expect(events.allSatisfy { $0[key] != nil }, "\(key)")
    }
    #expect(first.err.contains("b0") && first.err.contains("±"))

    let log = try bytes("study/runs/b1-s1/events.jsonl")
    let second = try scant("run", "study")
    #expect(second.status == 0 && second.out.contains("b1") && second.out.contains("±"))
    #expect(try bytes("study/runs/b1-s1/events.jsonl") == log)
    try checkTable()
    try checkReplay()
    try checkReading(events)
    try checkChanges()
  }

  /// Frames without a terminal: at a step, at a size, and what cannot be shown.
  private func checkReplay() throws {
    let frame = try scant(
      "replay", "study/runs/b1-s0", "--dump", "-", "--at", "2", "--size", "80x24")
    let lines = frame.out.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(frame.status == 0 && frame.out.contains("b1-s0  ↺ REPLAY"), "\(frame.err)")
    #expect(lines.count >= 24 && frame.out.contains("step 2"))
    #expect(try scant("replay", "study/runs/b1-s0", "--dump", "f.txt").status == 0)
    #expect(try String(contentsOf: scant.url("f.txt"), encoding: .utf8).contains("[3 Train]"))
    for (name, word) in [
      ("data", "[1 Data]"), ("method", "[2 Method]"), ("clips", "tone"), ("missing", "[5 Missing]"),
      ("compare", "2 of 4"), ("sessions", "time travel  b1-s0"),
    ] {
      let frame = try scant("replay", "study/runs/b1-s0", "--dump", "-", "--screen", name)
      #expect(frame.status == 0 && frame.err.isEmpty, "\(name): \(frame.err)")
      let header = frame.out.prefix { $0 != "\n" }
      #expect(frame.out.contains(word), "\(frame.out)")
      #expect(header.contains("b1-s0") && header.hasSuffix("↺ REPLAY"), "\(header)")
    }
    let none = try scant("replay", "study/runs/b1-s0", "--dump", "-", "--screen", "loss")
    #expect(none.status == 64 && none.err.contains("sessions"))
    let far = try scant("replay", "study/runs/b1-s0", "--dump", "-", "--at", "99999")
    #expect(far.status == 1 && far.complaints.count == 1 && far.err.contains("no step 99999"))
    #expect(try scant("replay", "study", "--dump", "-").status == 1)
    #expect(try scant("replay", "study/runs/b1-s0", "--size", "0x9").status == 64)
    let bare = try scant("replay", "study/runs/b1-s0")
    #expect(bare.status == 1 && bare.err.contains("no terminal"))
  }

  private func checkTable() throws {
    let table = try #require(
      try scant("table", "study", "--format", "json").json() as? [String: Any])
    #expect(table["session"] as? String == "study")
    let rows = try #require(table["rows"] as? [[String: Any]])
    #expect(rows.compactMap { $0["method"] as? String } == ["b0", "b1"])
    let scores = try #require(rows[1]["scores"] as? [String: [String: Any]])
    let cell = try #require(scores["ap-macro"])
    let values = try #require(cell["values"] as? [Double])
    #expect(values.count == 2 && rows[1]["runs"] as? Int == 2)
    let mean = try #require(cell["mean"] as? Double)
    #expect(abs(mean - (values[0] + values[1]) / 2) < 1e-9)
    let csv = try scant("table", "study", "--format", "csv", "--metric", "ap-macro")
    #expect(csv.out.split(separator: "\n").count == 3 && csv.out.contains("ap-macro"))
    let markdown = try scant("table", "study", "--format", "markdown")
    #expect(markdown.out.contains("| b0 ") && markdown.out.contains("| ---"))
  }

  /// What is written for TensorBoard is read again as another program's log.
  private func checkEventFile(_ csv: [String]) throws {
    let run = "study/runs/b0-s0"
    #expect(try scant("export", run, "--format", "tfevents", "--out", "logs/a").status == 0)
    let names = try FileManager.default.contentsOfDirectory(atPath: scant.url("logs/a").path)
    #expect(names.count == 1 && names[0].hasPrefix("events.out.tfevents."))
    let again = try scant("export", "logs/a")
    #expect(again.err.isEmpty && again.out.split(separator: "\n").map(String.init) == csv)
    let listed = try scant("watch", "logs")
    #expect(listed.out.hasPrefix("a  tensorboard, step 4, ") && listed.err.isEmpty)
    #expect(try scant("watch", "logs/none").errorLines.count == 1)
  }

  private func checkReading(_ events: [[String: Any]]) throws {
    let csv = try scant("export", "study/runs/b0-s0").out.split(separator: "\n")
    #expect(csv.first == "series,step,value")
    #expect(csv.filter { $0.hasPrefix("loss/total,") }.count == 4)
    #expect(csv.contains { $0.hasPrefix("validation/student/ap-macro,") })
    let lines = try scant("export", "study/runs/b0-s0", "--format", "ndjson").jsonLines()
    #expect(lines.count == csv.count - 1)
    #expect(lines.allSatisfy { $0["series"] is String && $0["step"] is Int })

    try checkEventFile(csv.map(String.init))

    let found = try scant("evaluate", "study/runs/b0-s0", "--json")
    #expect(found.status == 0, "\(found.err)")
    let report = try #require(try found.json() as? [String: Any])
    let models = try #require(report["models"] as? [String: [String: Any]])
    let metrics = try #require(models["student"]?["metrics"] as? [String: Double])
    let ended = try #require(events.first { $0["event"] as? String == "bye" })
    let scores = try #require(ended["scores"] as? [String: [String: [String: Double]]])
    #expect(metrics == scores["test"]?["student"])
    let interval = try #require(
      (models["student"]?["intervals"] as? [String: [String: Double]])?["ap-macro"])
    let (low, high) = (try #require(interval["low"]), try #require(interval["high"]))
    #expect(low <= high && (interval["draws"] ?? 0) > 900)
    #expect(models["student"]?["scored"] as? Int == 8)
    try checkHeadline(scores, report)
    let bare = try scant("evaluate", "study/runs/b0-s0", "--draws", "0")
    #expect(bare.status == 0 && !bare.out.contains("95 %"))
    let train = try scant("evaluate", "study/runs/b0-s0", "--split", "train", "--all")
    #expect(train.out.contains("95 % from") && train.out.contains("ap-macro"))
    #expect(train.status == 0 && train.out.contains("32 of 32 entries"), "\(train.out)")

    let prediction = try scant("predict", "study/runs/b0-s0", "tones/tone3.wav", "--top", "1")
    #expect(prediction.status == 0 && prediction.out.split(separator: "\n").count == 3)
  }

  /// One score, that of the table's first column, with its interval, wherever a result is told.
  private func checkHeadline(
    _ scores: [String: [String: [String: Double]]], _ report: [String: Any]
  ) throws {
    let score = try #require(scores["test"]?["student"]?["ap-macro"])
    let headline = try #require(report["headline"] as? [String: Any])
    #expect(headline["metric"] as? String == "ap-macro")
    #expect(headline["value"] as? Double == score)
    let words = "AP (ap-macro) \(String(format: "%.3f", score)), 95 % "
    let told = try scant("evaluate", "study/runs/b0-s0")
    let lines = told.out.split(separator: "\n")
    #expect(lines.count == 3 && told.out.hasPrefix(words), "\(told.out)")
    #expect(lines[0].contains(/over clips, student at step \d+, 4 test clips, 8 observed labels/))
    #expect(lines[1].hasPrefix("worst by AP: ") && lines[1].contains("positives)"))
    #expect(lines[2] == "next: scant predict study/runs/b0-s0 SOUNDS")
    let again = try scant("run", "study")
    #expect(
      again.err.contains("  \(words)") && again.err.contains("next: scant predict study/runs/b"))
    #expect(!again.err.contains("worst by"))
    let log = try String(contentsOf: scant.url("study/runs/b0-s0/events.jsonl"), encoding: .utf8)
    #expect(log.contains("\"columns\":[\"ap-macro\",\"f1-macro-both\"]"))
    let all = try scant("run", "study", "--all", "--only", "method=b0,seed=0")
    #expect(all.err.contains("  split  model") && all.err.contains("roc-auc-macro"), "\(all.err)")
  }

  private func checkChanges() throws {
    let changed = try scant("run", "study", "--set", "training.epochs=3", "--only", "seed=0")
    #expect(changed.status == 1 && changed.complaints.count == 1)
    #expect(changed.err.contains("training.epochs was 2 and is 3 now"), "\(changed.err)")
    let fresh = try scant(
      "run", "study", "--set", "training.epochs=3", "--only", "method=b1,seed=0", "--fresh",
      "--json")
    #expect(fresh.status == 0, "\(fresh.err)")
    let events = try fresh.jsonLines()
    #expect(Set(events.compactMap { $0["run"] as? String }) == ["b1-s0"])
    #expect(events.last?["epoch"] as? Int == 3)
    let none = try scant("run", "study", "--only", "method=b7")
    #expect(none.status == 64 && none.err.contains("b0, b1"))
  }

  @Test func finishedRunIsFoundAndAnotherRecipeGetsAnotherFolder() throws {
    let flags = ["train", "--dataset", "tones", "--seed", "3", "--labels", "0.5", "--epochs"]
    let first = try scant.finish(scant.start(flags + ["1"]))
    #expect(first.status == 0 && first.out.contains("student"), "\(first.err)")
    #expect(first.err.contains("runs/tones-cnn-b1-s3\n"))
    let lines = first.out.split(separator: "\n")
    #expect(lines.first?.hasPrefix("F1 (f1-macro-both) ") == true, "\(first.out)")
    #expect(lines.last == "next: scant suggest runs/tones-cnn-b1-s3 --out to-label.csv")
    #expect(!first.out.contains("roc-auc-macro"))
    let all = try scant.finish(scant.start(flags + ["1", "--all"]))
    #expect(all.out.contains("roc-auc-macro") && all.out.contains("test   student"))
    let log = try bytes("runs/tones-cnn-b1-s3/events.jsonl")
    let again = try scant.finish(scant.start(flags + ["1"]))
    #expect(again.status == 0 && again.out == first.out)
    #expect(try bytes("runs/tones-cnn-b1-s3/events.jsonl") == log)
    let other = try scant.finish(scant.start(flags + ["2"]))
    #expect(other.status == 0 && other.err.contains("runs/tones-cnn-b1-s3-2\n"))
    let started = try #require(
      String(decoding: log, as: UTF8.self).split(separator: "\n").first)
    let body = try #require(
      try JSONSerialization.jsonObject(with: Data(started.utf8)) as? [String: Any])
    let (observed, entries) = (body["observed"] as? Int ?? 0, body["entries"] as? Int ?? 0)
    #expect(entries == 32 && observed > 0 && observed < 28)
  }
}
