// A log that another program wrote is a run: it is listed, replayed and compared, and not trained.
import Foundation
import Lab
import TestSupport
import Testing

@Suite struct OutsideRunTests {
  /// As Python's `json.dumps` writes it, with spaces, and the kind of an event last.
  private static let log = """
    {"v": 1, "run": "net-s3", "seq": 1, "t": 0, "step": 0, "epoch": 1, "build": "PyTorch 2", \
    "seed": 3, "threads": 2, "dataset": "my sounds", "model": "my net", "method": "my loss", \
    "classes": ["dog", "cat"], "plannedSteps": 4, "plannedEpochs": 2, "stepsPerEpoch": 2, \
    "parameters": 9, "trainableParameters": 9, "observed": 3, "entries": 4, "hasTeacher": false, \
    "capabilities": [], "settings": {"learning rate": "0.1"}, "event": "hello"}
    {"v": 1, "run": "net-s3", "seq": 2, "t": 0, "step": 0, "epoch": 1, "split": "train", \
    "clips": ["a", "b", "a"], "labels": ["P.", "nP", "PP"], "files": ["a.wav", "b.wav", "a.wav"], \
    "seconds": [1, 2, 3], "event": "clips"}
    {"v": 1, "run": "net-s3", "seq": 3, "t": 0, "step": 0, "epoch": 1, "split": "test", \
    "clips": ["c"], "labels": ["Pn"], "truth": ["Pn"], "event": "clips"}
    {"v": 1, "run": "net-s3", "seq": 4, "t": 9, "step": 4, "epoch": 2, "split": "test", \
    "model": "student", "seconds": 0, "metrics": {"ap-macro": 0.5}, "perClass": [], "scored": 2, \
    "entries": 2, "event": "evalEnd"}
    {"v": 1, "run": "net-s3", "seq": 5, "t": 9, "step": 4, "epoch": 2, "reason": "done", \
    "scores": {"test": {"student": {"ap-macro": 0.5}}}, "wall": 1.5, "event": "bye"}

    """

  private func withRun<Result>(_ body: (RunFolder) throws -> Result) throws -> Result {
    try Samples.withFolder { folder in
      let run = folder.appendingPathComponent("home/runs/net-s3")
      try FileManager.default.createDirectory(at: run, withIntermediateDirectories: true)
      try Data(Self.log.utf8).write(to: run.appendingPathComponent("events.jsonl"))
      return try body(RunFolder(run))
    }
  }

  @Test func theLogStandsForTheRecipe() throws {
    try withRun { run in
      #expect(try EventCheck(reading: run.events).faults == [])
      #expect(try run.holdsRun)
      let recipe = try run.readRecipe()
      #expect([recipe.dataset, recipe.model, recipe.method] == ["my sounds", "my net", "my loss"])
      #expect(recipe.seed == 3 && recipe["learning rate"] == "0.1")
      #expect(recipe.outside?.folder == run.url)
      let recording = try Recording(reading: run)
      #expect(recording.events.count == 5 && recording.skipped == 0)
      var state = RunState()
      for event in recording.events { state.apply(event) }
      #expect(state.log.first?.line.text.hasPrefix("trained outside Scant: my loss") == true)
      let record = try RunRecord(reading: run)
      #expect(record.settings["method.id"] == "my loss")
      #expect(record.settings["training.epochs"] == nil)
      #expect(record.settings["learning rate"] == "0.1")
      #expect(record.test["student"]?.metrics == ["ap-macro": 0.5])
    }
  }

  @Test func runsBesideItAreListedWithoutASession() throws {
    try withRun { run in
      let home = run.url.deletingLastPathComponent().deletingLastPathComponent()
      let rows = try SessionRow.all(in: [], open: home)
      #expect(rows.map(\.name) == ["home"])
      #expect(rows.first?.problem == nil)
      #expect(rows.first?.runs.map(\.summary.method) == ["my loss"])
      #expect(rows.first?.runs.first?.summary.scores == ["ap-macro": 0.5])
      #expect(try SessionRow.all(in: [], open: home.deletingLastPathComponent()).isEmpty)
    }
  }

  @Test func itsClipsAreTheOpenDataSet() throws {
    try withRun { run in
      let engine = LabEngine(runs: run.url.deletingLastPathComponent(), renders: false)
      engine.send(.openDataset(try run.readRecipe()))
      engine.send(.inspect(clip: "a"))
      engine.send(.inspect(clip: "c"))
      engine.waitForLookups()
      var (found, troubles) = (nil as DatasetSnapshot?, [String]())
      for message in engine.mailbox.drain() {
        if case .dataset(let snapshot) = message { found = snapshot }
        if case .problem(let problem) = message { troubles.append(problem.text) }
      }
      let data = try #require(found)
      #expect(data.id == "my sounds" && data.title.hasSuffix("trained outside Scant"))
      #expect(data.clips.map(\.id) == ["a", "b", "c"])
      #expect(data.clips.map(\.split) == ["train", "train", "test"])
      #expect(data.clips[0].labels == [.positive, .missing])
      #expect(data.clips[2].truth == [true, false] && data.clips[0].truth == nil)
      #expect(data.problems == ["a: logged twice; the first one counts"])
      #expect(troubles.count == 2)
      #expect(troubles.first?.contains("a.wav: no such file") == true, "\(troubles)")
      #expect(troubles.last?.contains("no sound in the log") == true, "\(troubles)")
    }
  }

  @Test func itIsNotTrainedHere() throws {
    try withRun { run in
      let recipe = try run.readRecipe()
      let expected = "trained outside Scant; expected a run that scant has trained"
      for attempt: () throws -> Void in [
        { _ = try RunExecutor().trainer(for: recipe, in: run) { _ in } },
        { _ = try RunExecutor().evaluate(run, split: "test") },
        { _ = try recipe.setting("seed", to: "4") },
      ] {
        #expect { try attempt() } throws: { "\($0)".hasSuffix(expected) }
      }
      #expect(run.state == .done)
    }
  }
}
