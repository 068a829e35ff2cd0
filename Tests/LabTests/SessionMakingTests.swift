// New, duplicated and renamed sessions, made by the engine.
import Acoustics
import Foundation
import Lab
import Testing

@Suite struct SessionMakingTests {
  /// A folder `study` with a session below `home`.
  private func makeSession(_ home: URL, _ yaml: String = "methods: [b0]\n") throws -> URL {
    let folder = home.appendingPathComponent("study")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(yaml.utf8).write(to: folder.appendingPathComponent("session.yaml"))
    return folder
  }

  /// A run of the session with a recipe of its own.
  private func makeRun(_ session: URL, patch: String = "") throws -> RunFolder {
    let run = RunFolder(session.appendingPathComponent("runs/b0-s0"))
    try FileManager.default.createDirectory(at: run.url, withIntermediateDirectories: true)
    let recipe = patch.isEmpty ? Recipe() : try Recipe().setting("dataset.patch", to: patch)
    try Data(recipe.yaml().utf8).write(to: run.recipe)
    return run
  }

  private func engine(_ home: URL) -> LabEngine {
    LabEngine(
      runs: home.appendingPathComponent("open/runs"), cache: home, shelves: [home],
      newSessions: home)
  }

  /// What is answered to a request: what was made, problems, the names that are listed.
  private func answer(
    _ engine: LabEngine, _ request: Request
  ) -> (made: MadeSession?, problem: String?, listed: [String], completions: [String]) {
    engine.send(request)
    engine.waitForLookups()
    var found: (made: MadeSession?, problem: String?, listed: [String], completions: [String]) =
      (nil, nil, [], [])
    for message in engine.mailbox.drain() {
      switch message {
      case .made(let made): found.made = made
      case .problem(let problem): found.problem = problem.text
      case .sessions(let rows): found.listed = rows.map(\.name)
      case .completions(_, let paths): found.completions = paths
      default: break
      }
    }
    return found
  }

  @Test func aFolderOfSoundsGetsASession() throws {
    try Samples.withFolder { folder in
      let (home, sounds) = (folder.appending(path: "home"), folder.appending(path: "notes"))
      try FileManager.default.createDirectory(at: sounds, withIntermediateDirectories: true)
      try LabEngineTests().makeSounds(sounds)
      let engine = engine(home)
      for name in ["notes", "notes-2"] {
        let found = answer(engine, .sessions(.make(path: sounds.path)))
        let made = try #require(found.made, "\(found.problem ?? "")")
        #expect(made.name == name && made.origin == .new && found.listed.contains(name))
        #expect(made.lines.count == 5 && made.lines[0].hasPrefix("clips       24 from 24 sound"))
        #expect(try Session.read(home.appending(path: name)).runs.isEmpty == false)
      }
      let none = answer(engine, .sessions(.make(path: folder.path + "/nowhere")))
      #expect(none.made == nil && none.problem?.contains("no such folder; expected") == true)
    }
  }

  @Test func aDuplicateHasTheFileAndTheAnswersButNoRuns() throws {
    try Samples.withFolder { home in
      let session = try makeSession(home, "title: Study # mine\nmethods: [b0]\n")
      _ = try makeRun(session)
      var patch = LabelPatch()
      patch.record(
        LabelAnswer(clip: "a", className: "b", value: .yes, when: "2026-01-01T00:00:00Z", run: "r"))
      try patch.write(to: session.appendingPathComponent(LabelPatch.fileName))
      let engine = engine(home)
      let found = answer(engine, .sessions(.duplicate(session, name: "again")))
      #expect(found.made?.name == "again", "\(found.problem ?? "")")
      #expect(found.listed == ["again", "study"])
      let copy = home.appendingPathComponent("again")
      let names = try FileManager.default.contentsOfDirectory(atPath: copy.path).sorted()
      #expect(names == ["patch.csv", "session.yaml"])
      let text = try String(contentsOf: copy.appending(path: "session.yaml"), encoding: .utf8)
      #expect(text.hasPrefix("title: Study # mine\n"))
      for name in ["study", "again", "", "a/b", ".hidden", "a\u{1b}b"] {
        let refused = answer(engine, .sessions(.duplicate(session, name: name)))
        #expect(refused.made == nil && refused.problem?.contains("expected") == true, "\(name)")
      }
    }
  }

  @Test func aRenamedSessionKeepsItsRuns() throws {
    try Samples.withFolder { home in
      let session = try makeSession(home)
      _ = try makeRun(session)
      try FileManager.default.createDirectory(
        at: home.appendingPathComponent("taken"), withIntermediateDirectories: true)
      let engine = engine(home)
      let taken = answer(engine, .sessions(.rename(session, name: "taken")))
      #expect(taken.made == nil && taken.problem?.hasPrefix("taken: ") == true)
      let found = answer(engine, .sessions(.rename(session, name: "new name")))
      #expect(found.made?.former == "study" && found.listed == ["new name"])
      let run = RunFolder(home.appendingPathComponent("new name/runs/b0-s0"))
      #expect(try run.readRecipe() == Recipe())
      #expect(!FileManager.default.fileExists(atPath: session.path))
    }
  }

  @Test func theOpenSessionIsOpenUnderItsNewName() throws {
    try Samples.withFolder { home in
      let session = try makeSession(home)
      let engine = engine(home)
      _ = answer(engine, .sessions(.open(session)))
      #expect(answer(engine, .sessions(.rename(session, name: "other"))).made?.name == "other")
      #expect(engine.sessionFolder.lastPathComponent == "other")
    }
  }

  @Test func aSessionThatTrainsOrNamesItsOwnFilesKeepsItsName() throws {
    try Samples.withFolder { home in
      let session = try makeSession(home)
      let run = try makeRun(session, patch: session.appending(path: "patch.csv").path)
      let engine = engine(home)
      let bound = answer(engine, .sessions(.rename(session, name: "other")))
      #expect(bound.problem?.contains("its run b0-s0 learned from ") == true)
      let lock = try RunLock(run)
      let busy = answer(engine, .sessions(.rename(session, name: "other")))
      withExtendedLifetime(lock) {
        #expect(busy.problem == "study: a run of it is training; expected it to be stopped")
        #expect(FileManager.default.fileExists(atPath: session.path))
      }
    }
  }

  @Test func pathsAreCompletedWithFolders() throws {
    try Samples.withFolder { home in
      for name in ["notes", "notes-old", "other", ".hidden"] {
        try FileManager.default.createDirectory(
          at: home.appendingPathComponent(name), withIntermediateDirectories: true)
      }
      try Data().write(to: home.appendingPathComponent("notes.txt"))
      let engine = engine(home)
      func found(_ text: String) -> [String] {
        answer(engine, .complete(path: "\(home.path)/\(text)")).completions.map {
          String($0.dropFirst(home.path.count + 1))
        }
      }
      #expect(found("no") == ["notes/", "notes-old/"])
      #expect(found("") == ["notes/", "notes-old/", "other/"] && found("x").isEmpty)
      #expect(found(".h") == [".hidden/"])
    }
  }
}
