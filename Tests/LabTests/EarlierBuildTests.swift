// What version 0.1.0 wrote opens and goes on: a session with a finished and an interrupted run, one
// event of every kind, and every command to a run of another process.
import Formats
import Foundation
import Lab
import TestSupport
import Testing

@Suite struct EarlierBuildTests {
  private static let folder = SharedData.packageRoot.appendingPathComponent("Tests/Fixtures/0.1.0")

  private func lines(_ name: String) throws -> [Data] {
    try Data(contentsOf: Self.folder.appendingPathComponent(name))
      .split(separator: UInt8(ascii: "\n")).map { Data($0) }
  }

  /// Runs `body` with a copy of the session that may be written to.
  private func withSession<Result>(_ body: (Session, RunExecutor) throws -> Result) throws -> Result
  {
    try Samples.withFolder { home in
      let copy = home.appendingPathComponent("earlier")
      try FileManager.default.copyItem(at: Self.folder, to: copy)
      let executor = RunExecutor(cache: home.appendingPathComponent("cache"))
      return try body(Session.read(copy), executor)
    }
  }

  private func run(_ method: String, _ session: Session) throws -> (Recipe, RunFolder) {
    let run = try #require(session.runs.first { $0.recipe.method == method })
    return (run.recipe, session.runFolder(run))
  }

  @Test func everyEventRoundTrips() throws {
    let lines = try lines("every-event.jsonl")
    let events = try lines.map { try Event(line: $0) }
    #expect(Set(events.map(\.body.kind)).count == 18)
    for (line, event) in zip(lines, events) {
      #expect(
        try String(decoding: event.line(), as: UTF8.self) == String(decoding: line, as: UTF8.self))
    }
  }

  @Test func everyCommandRoundTrips() throws {
    let lines = try lines("control.jsonl")
    let commands = lines.filter { $0.range(of: Data("command".utf8)) != nil }
    let answers = lines.filter { $0.range(of: Data("\"ok\"".utf8)) != nil }
    #expect(commands.count == 13 && answers.count == 3)
    for line in commands { try same(line, RunCommand(line: line).line()) }
    for line in answers {
      let answer = try JSONDecoder().decode(ControlAnswer.self, from: line)
      try same(line, JSONEncoder().encode(answer))
    }
  }

  private func same(_ a: Data, _ b: Data) throws {
    let before = try #require(JSONSerialization.jsonObject(with: a) as? NSDictionary)
    #expect(try JSONSerialization.jsonObject(with: b) as? NSDictionary == before)
  }

  @Test func theSessionOpens() throws {
    try withSession { session, _ in
      #expect(session.title == "written by 0.1.0")
      #expect(session.summaries().map(\.state) == ["done", "interrupted"])
      let (_, finished) = try run("b1", session)
      let recording = try Recording(reading: finished)
      #expect(recording.skipped == 0 && recording.events.count == 29)
      let state = recording.events.reduce(into: RunState()) { $0.apply($1) }
      #expect(state.step == 6 && state.series["loss/total"]?.values.count == 6)
      #expect(state.evaluations.keys.sorted() == ["test/student", "validation/student"])
    }
  }

  @Test func checkpointGivesTheSameScores() throws {
    try withSession { session, _ in
      let (_, folder) = try run("b1", session)
      let (shape, before) = try NPY.read(folder.predictions)
      let predictor = try Predictor(folder)
      #expect(shape == [4, 2] && predictor.classes == ["low", "high"])
      let sounds = session.folder.appendingPathComponent("sounds")
      let now = try (0..<4).flatMap {
        try predictor.predict(sounds.appendingPathComponent("test-\($0).wav")).pooled(.max).student
      }
      for (old, new) in zip(before, now) { #expect(abs(old - new) < 1e-3) }
    }
  }

  /// The session left settings out whose defaults have changed since.
  @Test func interruptedRunResumes() throws {
    try withSession { session, executor in
      let (recipe, folder) = try run("mean-teacher", session)
      #expect(folder.state == .interrupted)
      let trainer = try executor.trainer(for: recipe, in: folder, sink: { _ in })
      trainer.start()
      #expect(trainer.wait().reason == .done)
      let events = try EventLog.read(folder.events).events
      let state = events.reduce(into: RunState()) { $0.apply($1) }
      #expect(state.step == 6 && state.log.contains { $0.line.text == "resumed after step 3" })
      #expect(state.series["loss/total"]?.values.count == 6)
      #expect(events.map(\.seq) == Array(1...UInt64(events.count)))
    }
  }
}
