// Lists of sessions, recordings and runs to compare, read from folders; deleting a run.
import Foundation
import Lab
import Testing

@Suite struct SessionRowsTests {
  /// A session of two runs, the first of which has a log.
  private func makeSession(_ home: URL) throws -> (session: Session, folder: RunFolder) {
    let folder = home.appendingPathComponent("study")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data("methods: [b0, b1]\ntraining: { epochs: 2 }\n".utf8)
      .write(to: folder.appendingPathComponent("session.yaml"))
    let session = try Session.read(folder)
    let run = session.runFolder(session.runs[0])
    try FileManager.default.createDirectory(at: run.url, withIntermediateDirectories: true)
    try Data(session.runs[0].recipe.yaml().utf8).write(to: run.recipe)
    let lines = try Samples.bodies.enumerated().map { i, body in
      try Samples.event(body, seq: UInt64(i + 1)).line()
    }
    try Data(lines.joined(separator: Data("\n".utf8)) + Data("\n{\"torn".utf8)).write(
      to: run.events)
    return (session, run)
  }

  private func messages(
    _ engine: LabEngine, until isEnough: ([Message]) -> Bool
  ) -> [Message] {
    var messages: [Message] = []
    let deadline = Date(timeIntervalSinceNow: 180)
    while !isEnough(messages), Date() < deadline {
      messages += engine.mailbox.drain()
      Thread.sleep(forTimeInterval: 0.002)
    }
    return messages
  }

  @Test func sessionsAreListedWithTheirRuns() throws {
    try Samples.withFolder { home in
      _ = try makeSession(home)
      let broken = home.appendingPathComponent("broken")
      try FileManager.default.createDirectory(at: broken, withIntermediateDirectories: true)
      try Data("sedes: [0]\n".utf8).write(to: broken.appendingPathComponent("session.yaml"))
      let rows = try SessionRow.all(in: [home])
      #expect(rows.map(\.name) == ["broken", "study"])
      #expect(rows[0].problem?.contains("sedes") == true)
      #expect(rows[1].runs.map(\.summary.name) == ["b0-s0", "b1-s0"])
      #expect(rows[1].runs.map(\.summary.state) == ["done", "absent"])
      #expect(rows[1].runs[0].summary.scores == ["ap-macro": 0.5])
      #expect(rows[1].runs[0].bytes > 1000 && rows[1].runs[0].step == 4)
      #expect(rows[1].runs.map { $0.settings?["method.id"] } == ["b0", "b1"])
      #expect(rows[1].runs[0].settings?["training.epochs"] == nil)
      #expect(rows[1].runs.map(\.plannedEpochs) == [2, 2] && rows[1].runs[0].dataset == "band")
      #expect(rows[1].runs.map(\.seconds) == [12.5, nil])
      #expect((rows[1].runs[0].age ?? 99) < 60 && rows[1].runs[1].age == nil)
    }
  }

  @Test func addedRunsAreListedToo() throws {
    try Samples.withFolder { home in
      let (session, run) = try makeSession(home)
      let added = session.folder.appendingPathComponent("runs/b1-s9")
      try FileManager.default.createDirectory(at: added, withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        at: run.recipe, to: added.appendingPathComponent("recipe.yaml"))
      #expect(try SessionRow.all(in: [home])[0].runs.map(\.summary.name).last == "b1-s9")
    }
  }

  @Test func aRecordingHoldsTheWholeLog() throws {
    try Samples.withFolder { home in
      let (_, run) = try makeSession(home)
      let recording = try Recording(reading: run)
      #expect(recording.events.count == Samples.bodies.count && recording.skipped == 1)
      #expect(recording.recipe?.method == "b0")
      #expect(throws: (any Error).self) { try Recording(reading: RunFolder(home)) }
      let record = try RunRecord(reading: run)
      #expect(record.settings["training.epochs"] == "2" && record.settings["method.id"] == "b0")
      #expect(record.test["teacher"]?.metrics == ["ap-macro": 0.75])
      #expect(record.curves["test/teacher/ap-macro"]?.map(\.value) == [0.75])
      #expect(record.seconds == 12.5)
    }
  }

  @Test func engineAnswersQueriesAboutSessions() throws {
    try Samples.withFolder { home in
      let (session, run) = try makeSession(home)
      let engine = LabEngine(runs: home, cache: home, shelves: [home])
      engine.send(.sessions(.open(session.folder)))
      engine.send(.sessions(.record(run.url)))
      engine.send(.sessions(.record(home)))
      engine.send(.sessions(.delete(home)))
      engine.send(.sessions(.delete(run.url)))
      let told = messages(engine) {
        $0.contains { if case .sessions = $0 { true } else { false } }
      }
      let names = told.compactMap { if case .opened(let name, _) = $0 { name } else { nil } }
      #expect(names == ["study"])
      #expect(told.contains { if case .recording(let r) = $0 { r.run == "b0-s0" } else { false } })
      let troubles = told.compactMap {
        if case .problem(let problem) = $0 { problem.text } else { nil }
      }
      #expect(troubles.count == 2 && troubles[1].contains("expected a folder below runs/"))
      #expect(!FileManager.default.fileExists(atPath: run.url.path))
      engine.send(.sessions(.restore(run.url)))
      engine.send(.sessions(.restore(run.url)))
      let back = messages(engine) { $0.contains { if case .problem = $0 { true } else { false } } }
      #expect(
        back.contains {
          if case .notice(let text) = $0 { text.contains("restored") } else { false }
        })
      #expect(run.state == .done)
      #expect(try StoredFileNames.of(session.folder.appendingPathComponent(".trash")) == [])
    }
  }

  /// A restored run does not replace a new one of its name, and a second deletion replaces the first.
  @Test func theTrashKeepsTheLastRunOfAName() throws {
    try Samples.withFolder { home in
      let (session, run) = try makeSession(home)
      let engine = LabEngine(runs: home, cache: home, shelves: [home])
      let recipe = try Data(contentsOf: run.recipe)
      engine.send(.sessions(.delete(run.url)))
      engine.waitForLookups()
      try FileManager.default.createDirectory(at: run.url, withIntermediateDirectories: true)
      try recipe.write(to: run.recipe)
      engine.send(.sessions(.restore(run.url)))
      engine.send(.sessions(.delete(run.url)))
      engine.send(.sessions(.restore(run.url)))
      engine.waitForLookups()
      let problems = engine.mailbox.drain().compactMap {
        if case .problem(let problem) = $0 { problem.text } else { nil }
      }
      #expect(problems.count == 1 && problems[0].contains("a new run has this name"))
      #expect(try StoredFileNames.of(run.url) == ["recipe.yaml"])
      _ = session
    }
  }

  @Test func notesAreOneLineWithTags() throws {
    try Samples.withFolder { home in
      let (session, run) = try makeSession(home)
      #expect(try run.note() == nil)
      try run.write(RunNote("  try\nagain #keep # #b1 "))
      #expect(try run.note()?.text == "try again #keep # #b1")
      #expect(try run.note()?.tags == ["keep", "b1"])
      #expect(try SessionRow.all(in: [home])[0].runs[0].note == "try again #keep # #b1")
      try run.write(RunNote(" "))
      #expect(try run.note() == nil)
      #expect(throws: (any Error).self) { try RunNote(String(repeating: "x", count: 1001)) }
      let absent = session.runFolder(session.runs[1])
      #expect(throws: (any Error).self) { try absent.write(RunNote("x")) }
    }
  }

  @Test func activeRunIsNotDeleted() throws {
    try Samples.withFolder { home in
      let (_, run) = try makeSession(home)
      let lock = try RunLock(run)
      let engine = LabEngine(runs: home, cache: home, shelves: [home])
      engine.send(.sessions(.delete(run.url)))
      let told = messages(engine) { !$0.isEmpty }
      let troubles = told.compactMap {
        if case .problem(let problem) = $0 { problem.text } else { nil }
      }
      #expect(troubles.first?.contains("another process is training") == true)
      withExtendedLifetime(lock) {
        #expect(FileManager.default.fileExists(atPath: run.events.path))
      }
    }
  }
}

/// A session that was opened by its path is listed too, in place of another of its name.
@Test func openSessionIsListedWhereverItIs() throws {
  try Samples.withFolder { home in
    let (shelf, elsewhere) = (home.appending(path: "shelf"), home.appending(path: "else/study"))
    for folder in [shelf.appending(path: "study"), shelf.appending(path: "other"), elsewhere] {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data("methods: [b0]\n".utf8).write(to: folder.appending(path: "session.yaml"))
    }
    let listed = try SessionRow.all(in: [shelf], open: elsewhere)
    #expect(listed.map(\.name) == ["study", "other"])
    #expect(listed[0].folder.path == elsewhere.path)
    // One of the shelf's own keeps its place; a folder without a session is none.
    let own = try SessionRow.all(in: [shelf], open: shelf.appending(path: "study"))
    #expect(own.map(\.name) == ["other", "study"])
    #expect(try SessionRow.all(in: [shelf], open: home).map(\.name) == ["other", "study"])
  }
}

private enum StoredFileNames {
  /// Without the lock.
  static func of(_ folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0 != ".lock" }
  }
}
