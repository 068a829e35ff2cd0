// Logs of other programs: which are found, what becomes of their points, and how they are followed.
import Formats
import Foundation
import Lab
import Testing

/// Writes logs as other programs do.
struct OtherLogs {
  let folder: URL

  func url(_ path: String) -> URL { folder.appendingPathComponent(path) }

  func write(_ text: String, _ path: String) throws { try write(Array(text.utf8), path) }

  func write(_ bytes: [UInt8], _ path: String) throws {
    let url = url(path)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  func append(_ bytes: [UInt8], _ path: String) throws {
    let handle = try FileHandle(forWritingTo: url(path))
    try handle.seekToEnd()
    try handle.write(contentsOf: bytes)
    try handle.close()
  }

  /// `(tag, step, value)`, a second a step.
  static func events(_ points: [(String, Int64, Float)]) -> [UInt8] {
    points.flatMap {
      EventFileWriter.record($0.0, step: $0.1, value: $0.2, time: 1.7e9 + Double($0.1))
    }
  }

  static let head = EventFileWriter.head(time: 1.7e9)
}

extension Series {
  fileprivate var text: String {
    zip(steps, values).map { "\($0):\($1)" }.joined(separator: " ")
  }
}

private func curves(_ folder: URL) throws -> RunState {
  let runs = try WatchedFolder(folder.path).runs()
  return try #require(runs.first).curves()
}

@Suite struct WatchedLogTests {
  @Test func runsAreFoundBelowAFolder() throws {
    try Samples.withFolder { folder in
      let logs = OtherLogs(folder: folder)
      try logs.write(OtherLogs.head, "a/b/events.out.tfevents.1.host")
      try logs.write(OtherLogs.head, "a/b/events.out.tfevents.2.host")
      try logs.write("epoch,step,loss\n", "lightning/version_0/metrics.csv")
      try logs.write("epoch;loss\n0;1\n", "keras/history.csv")
      try logs.write("clip,class\nx,y\n", "keras/clips.csv")
      try logs.write("step,loss\n", ".hidden/metrics.csv")
      try FileManager.default.createSymbolicLink(
        at: logs.url("again"), withDestinationURL: logs.url("a"))
      let runs = try WatchedFolder(folder.path).runs()
      #expect(runs.map(\.name) == ["a/b", "keras/history", "lightning/version_0"])
      #expect(runs.map(\.format) == [.tensorBoard, .csv, .csv])
      let single = try WatchedFolder(logs.url("keras/history.csv").path).runs()
      #expect(single.map(\.name) == ["history"])
      let own = try WatchedFolder(logs.url("a/b").path).runs()
      #expect(own.map(\.name) == ["b"])
      #expect(throws: LabError.self) { try WatchedFolder(folder.path + "/none").runs() }
    }
  }

  @Test func pointsBecomeCurves() throws {
    try Samples.withFolder { folder in
      let logs = OtherLogs(folder: folder)
      let first = OtherLogs.events([
        ("Loss/train", 0, 1), ("epoch", 0, 0), ("Loss/train", 50, 0.5), ("val_f1", 50, 0.25),
      ])
      // A resumed run repeats a step.
      let second = OtherLogs.events([("Loss/train", 50, 0.75), ("epoch", 60, 3), ("lr", 60, 0.1)])
      try logs.write(OtherLogs.head + first, "events.out.tfevents.1")
      try logs.write(OtherLogs.head + second, "events.out.tfevents.2")
      let state = try curves(folder)
      #expect(state.series["Loss/train"]?.text == "0:1.0 50:0.75")
      #expect(state.series["val_f1"]?.text == "50:0.25")
      #expect(state.series["lr"]?.text == "60:0.1")
      #expect(state.step == 60 && state.epoch == 3 && state.t == 60_000_000_000)
      #expect(state.otherLog == .tensorBoard && state.started == nil)
      #expect(state.log.map(\.line.text) == ["a TensorBoard log in 2 files"])
      #expect(abs(state.seconds(at: 60) - 60) < 1e-3)
    }
  }

  @Test func longLogsBecomeFewEventsAndKeepEveryPoint() throws {
    try Samples.withFolder { folder in
      let points = (0..<3000).flatMap { step in
        ["a", "b", "c"].map { ($0, Int64(step), Float(step)) }
      }
      try OtherLogs(folder: folder).write(
        OtherLogs.head + OtherLogs.events(points), "events.out.tfevents.1")
      let run = try #require(try WatchedFolder(folder.path).runs().first)
      let events = try run.events()
      #expect((100...160).contains(events.count))
      #expect(events.map(\.seq) == (1...UInt64(events.count)).map { $0 })
      let steps = events.map(\.step)
      #expect(steps == steps.sorted())
      #expect(try run.curves().series.values.map(\.count) == [3000, 3000, 3000])
    }
  }

  @Test func whatIsLeftOutIsSaidOnce() throws {
    try Samples.withFolder { folder in
      let logs = OtherLogs(folder: folder)
      var bytes = OtherLogs.head + OtherLogs.events([("a", 1, 1), ("a", 2, 2)])
      bytes[OtherLogs.head.count + 20] ^= 1
      try logs.write(bytes + [UInt8](repeating: 7, count: 20), "events.out.tfevents.1")
      let state = try curves(folder)
      #expect(state.series["a"]?.text == "2:2.0")
      #expect(
        state.log.map(\.line.text) == [
          "a TensorBoard log in 1 file",
          "not shown: 1 damaged or impossible record; events.out.tfevents.1: byte "
            + "\(bytes.count): no record begins here; expected a length and its checksum",
        ])
    }
  }

  @Test func namesSayWhatCurvesAre() {
    for name in ["loss", "Loss/train", "val_loss", "train.loss.total", "losses/box"] {
      #expect(CurveName.isLoss(name), "\(name)")
    }
    for name in ["glossary", "lossless", "val_f1", "", "/"] {
      #expect(!CurveName.isLoss(name), "\(name)")
    }
    #expect(CurveName.isValidation("F1/Val") && CurveName.isValidation("test-acc"))
    #expect(!CurveName.isValidation("value") && !CurveName.isValidation("train_acc"))
    #expect(CurveName.quantity("train_acc") == CurveName.quantity("Val/Acc"))
    #expect(CurveName.quantity("acc") == "acc")
  }
}

@Suite struct FollowedLogTests {
  private func collect(
    _ engine: LabEngine, until isEnough: (RunState, [Message]) -> Bool
  ) -> (RunState, [Message]) {
    var (state, messages): (RunState, [Message]) = (RunState(), [])
    let deadline = Date(timeIntervalSinceNow: 60)
    while !isEnough(state, messages), Date() < deadline {
      let new = engine.mailbox.drain()
      for case .events(let events) in new { for event in events { state.apply(event) } }
      messages += new
      Thread.sleep(forTimeInterval: 0.005)
    }
    return (state, messages)
  }

  private func engine(_ folder: URL) -> LabEngine {
    LabEngine(
      runs: folder.appendingPathComponent("elsewhere/runs"),
      watching: WatchedFolder(folder.path))
  }

  @Test func aGrowingLogIsFollowed() throws {
    try Samples.withFolder { folder in
      let logs = OtherLogs(folder: folder)
      let name = "run/events.out.tfevents.1"
      try logs.write(OtherLogs.head + OtherLogs.events([("a", 0, 1)]), name)
      let engine = engine(folder)
      engine.send(.sessions(.attach(logs.url("run"))))
      var (state, messages) = collect(engine) { state, _ in state.series["a"]?.count == 1 }
      #expect(state.run == "run")
      let attached = messages.compactMap { if case .attached(let run) = $0 { run } else { nil } }
      #expect(attached.map(\.log) == [.tensorBoard] && attached.map(\.recipe) == [nil])
      // Half of a record is not there yet.
      let next = OtherLogs.events([("a", 1, 2)])
      try logs.append(Array(next.dropLast(5)), name)
      Thread.sleep(forTimeInterval: 0.4)
      #expect(engine.mailbox.drain().isEmpty)
      try logs.append(Array(next.suffix(5)), name)
      (state, messages) = collect(engine) { state, _ in state.series["a"]?.count == 1 }
      #expect(state.series["a"]?.last?.value == 2)
      // Another file of the same run.
      try logs.write(OtherLogs.head + OtherLogs.events([("b", 5, 3)]), "run/events.out.tfevents.2")
      (state, messages) = collect(engine) { state, _ in state.series["b"]?.count == 1 }
      #expect(state.step == 5)
      engine.send(.shutDown)
    }
  }

  /// Lightning writes the whole table again when a column comes in.
  @Test func aTableThatIsWrittenAnewBeginsAnew() throws {
    try Samples.withFolder { folder in
      let logs = OtherLogs(folder: folder)
      try logs.write("step,loss\n0,1\n1,0.5\n", "metrics.csv")
      let engine = engine(folder)
      engine.send(.sessions(.attach(logs.url("metrics.csv"))))
      _ = collect(engine) { state, _ in state.series["loss"]?.count == 2 }
      let handle = try FileHandle(forWritingTo: logs.url("metrics.csv"))
      try handle.truncate(atOffset: 0)
      try handle.write(contentsOf: Data("step,loss,val_acc\n0,1,\n1,0.5,\n2,,0.75\n".utf8))
      try handle.close()
      let (state, _) = collect(engine) { state, _ in state.series["val_acc"]?.count == 1 }
      #expect(state.series["loss"]?.count == 2 && state.series["val_acc"]?.last?.step == 2)
      engine.send(.shutDown)
    }
  }

  @Test func logsAreListedReplayedAndCompared() throws {
    try Samples.withFolder { folder in
      let logs = OtherLogs(folder: folder)
      try logs.write("epoch,step,val_acc\n0,9,0.5\n1,19,0.75\n", "one/metrics.csv")
      try logs.write("epoch,val_acc\n0,0.25\n", "two/metrics.csv")
      let engine = engine(folder)
      let places = [logs.url("one/metrics.csv"), logs.url("two/metrics.csv")]
      engine.send(.sessions(.list))
      engine.send(.sessions(.record(places[0])))
      engine.send(.sessions(.compare(places)))
      engine.send(.sessions(.delete(places[0])))
      engine.send(.sessions(.resume(places[0])))
      engine.waitForLookups()
      let messages = engine.mailbox.drain()
      let rows = messages.compactMap { if case .sessions(let rows) = $0 { rows } else { nil } }
      let watched = try #require(rows.first?.first)
      #expect(watched.isWatched && watched.runs.map(\.summary.name) == ["one", "two"])
      #expect(watched.runs.allSatisfy { $0.summary.state == "log" && $0.bytes > 0 })
      let recordings = messages.compactMap {
        if case .recording(let recording) = $0 { recording } else { nil }
      }
      #expect(recordings.map(\.run) == ["one"] && recordings[0].recipe == nil)
      let records = messages.compactMap { if case .records(let all) = $0 { all } else { nil } }
      let found = try #require(records.first)
      #expect(
        found.map { $0.curve("val_acc", of: .result).map(\.value) } == [[0.5, 0.75], [0.25]])
      #expect(found[0].curve("val_acc", of: .result).map(\.epoch) == [0, 1])
      let problems = messages.compactMap {
        if case .problem(let problem) = $0 { problem.text } else { nil }
      }
      let refusal =
        "one: a CSV log of another program, which scant only reads; expected a run of scant"
      #expect(problems == [refusal, refusal])
      #expect(FileManager.default.fileExists(atPath: places[0].path))
    }
  }
}
