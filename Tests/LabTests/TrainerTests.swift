// The trainer: what a run says, and that pausing, stepping, stopping and resuming change nothing
// of what it learns.
import Datasets
import Foundation
import Lab
import Testing

@Suite struct TrainerTests {
  /// The uninterrupted run, trained once.
  private static let reference: Result<(weights: [String: [Float]], events: [Event]), any Error> =
    Result {
      try Samples.withFolder { folder in
        let recorder = Recorder()
        let trainer = try Tones.trainer(try Tones.plan(folder), recorder)
        trainer.start()
        _ = trainer.wait()
        return (try Tones.weights(folder), recorder.events)
      }
    }

  private func referenceWeights() throws -> [String: [Float]] { try Self.reference.get().weights }

  @Test func runSendsItsEventsInOrder() throws {
    let events = try Self.reference.get().events
    #expect(events.map(\.seq) == Array(1...UInt64(events.count)))
    #expect(zip(events, events.dropFirst()).allSatisfy { $0.t <= $1.t })
    #expect(events.first?.body is RunStarted)
    guard let ended = events.last?.body as? RunEnded else {
      Issue.record("the last event is no bye")
      return
    }
    #expect(ended.reason == .done)
    #expect((ended.scores["test"]?["student"]?["ap-macro"] ?? 0) > 0.5)
    #expect(ended.wall > 0)
    var state = RunState()
    for event in events { state.apply(event) }
    #expect(state.series["loss/total"]?.steps == Array(1...12))
    #expect(state.series["loss/cls"]?.values == state.series["loss/total"]?.values)
    #expect(state.series["grad/total"]?.values.allSatisfy { $0 > 0 } == true)
    #expect(state.series["lr"]?.values.first == 0.01)
    #expect(state.series["validation/student/ap-macro"]?.steps == [4, 8, 12])
    #expect(state.lifecycle.state == .done)
    #expect(state.step == 12 && state.epoch == 3)
    #expect(state.started?.plannedSteps == 12)
    #expect(state.checkpoints.keys.sorted() == ["best", "last"])
  }

  @Test func logContainsTheSameEvents() throws {
    try Samples.withFolder { folder in
      let recorder = Recorder()
      let trainer = try Tones.trainer(try Tones.plan(folder), recorder)
      trainer.start()
      _ = trainer.wait()
      let run = RunFolder(folder)
      #expect(try EventLog.read(run.events).events == recorder.events)
      #expect(run.state == .done)
      let ids = try String(contentsOf: run.clips, encoding: .utf8).split(separator: "\n")
      #expect(ids.count == 21 && ids[1] == "test-0")
      #expect(try Tones.weights(folder) == referenceWeights())
    }
  }

  @Test func pausingAndSteppingDoNotChangeTheResult() throws {
    try Samples.withFolder { folder in
      let recorder = Recorder()
      let trainer = try Tones.trainer(try Tones.plan(folder), recorder)
      trainer.begin(stepping: 2, recorder)
      #expect(recorder.events.last { $0.isPause }?.step == 2)
      // Five phases without a teacher.
      #expect(recorder.events.count { $0.body is StepSnapshot } == 10)
      trainer.perform(.predict(clips: ["test-3", "train-0"]))
      recorder.wait { $0.count { $0.body is ClipPrediction } == 2 }
      trainer.perform(.step(1, .epoch))
      recorder.wait { $0.count { $0.isPause } == 3 }
      #expect(recorder.events.last { $0.isPause }?.step == 4)
      trainer.perform(.pause)
      trainer.perform(.checkpoint)
      trainer.perform(.resume)
      #expect(trainer.wait().reason == .done)
      #expect(try Tones.weights(folder) == referenceWeights())
      let refusals = recorder.events.compactMap { event -> Reply? in
        if let reply = event.body as? Reply, !reply.ok { reply } else { nil }
      }
      #expect(
        refusals == [Reply(json: ["command": "pause", "ok": false, "reason": "already paused"])])
    }
  }

  @Test(arguments: [3, 4]) func resumingIsBitForBit(_ steps: Int) throws {
    try Samples.withFolder { folder in
      let plan = try Tones.plan(folder)
      let recorder = Recorder()
      let first = try Tones.trainer(plan, recorder)
      first.begin(stepping: steps, recorder)
      first.perform(.stop(.now))
      #expect(first.wait().reason == .interrupted)
      #expect(plan.folder.state == .interrupted)
      let again = Recorder()
      let second = try Tones.trainer(plan, again)
      second.start()
      #expect(second.wait().reason == .done)
      #expect(try Tones.weights(folder) == referenceWeights())
      let all = try EventLog.read(plan.folder.events).events
      #expect(all.map(\.seq) == Array(1...UInt64(all.count)))
      var state = RunState()
      for event in all { state.apply(event) }
      let expected = try Self.reference.get().events.reduce(into: RunState()) { $0.apply($1) }
      #expect(state.series["loss/total"] == expected.series["loss/total"])
      #expect(state.ended?.scores == expected.ended?.scores)
    }
  }

  @Test(arguments: [StopMode.afterBatch, .afterEpoch, .evaluate, .now])
  func stopModes(_ mode: StopMode) throws {
    try Samples.withFolder { folder in
      let plan = try Tones.plan(folder)
      let recorder = Recorder()
      let trainer = try Tones.trainer(plan, recorder)
      trainer.begin(stepping: 1, recorder)
      trainer.perform(.stop(mode))
      let ended = trainer.wait()
      #expect(ended.reason == (mode == .now ? .interrupted : .stopped))
      #expect(recorder.events.last?.step == (mode == .afterEpoch ? 4 : 1))
      #expect((ended.scores["test"] != nil) == (mode == .evaluate))
      #expect(FileManager.default.fileExists(atPath: plan.folder.last.path))
      #expect(plan.folder.state == .interrupted)
    }
  }

  @Test func selectionKeepsTheBestEpochAndPatienceStops() throws {
    try Samples.withFolder { folder in
      let changes = [
        "training.select": "ap-macro", "training.patience": "1", "training.epochs": "40",
      ]
      let recorder = Recorder()
      let trainer = try Tones.trainer(try Tones.plan(folder, changes), recorder)
      trainer.start()
      #expect(trainer.wait().reason == .done)
      let state = recorder.events.reduce(into: RunState()) { $0.apply($1) }
      let curve = try #require(state.series["validation/student/ap-macro"])
      let best = try #require(curve.values.max())
      let first = try #require(curve.values.firstIndex(of: best))
      #expect(curve.count == first + 2 && curve.count < 40)
      let saved = recorder.events.last {
        if let saved = $0.body as? CheckpointSaved { saved.file == "best" } else { false }
      }
      #expect(saved?.step == Int(curve.steps[first]))
    }
  }

  @Test func untrainableRecipesAreRefusedFirst() throws {
    let folder = URL(fileURLWithPath: "/nowhere")
    let empty = Tones.data([], [])
    #expect(throws: LabError.self) {
      try Tones.trainer(try Tones.plan(folder, train: empty))
    }
    #expect(throws: LabError.self) {
      try Tones.trainer(try Tones.plan(folder, ["training.patience": "3"]))
    }
    let unlabelled = Tones.split(.train, clips: 8, missing: 1.1)
    #expect(throws: LabError.self) {
      try Tones.trainer(try Tones.plan(folder, train: unlabelled))
    }
  }
}

extension Event {
  var isPause: Bool {
    if let change = body as? StateChange { change.state == .paused } else { false }
  }
}

extension Trainer {
  /// Starts paused, takes so many steps and waits for the pause behind them.
  func begin(stepping steps: Int, _ recorder: Recorder) {
    start(paused: true)
    perform(.step(steps, .batch))
    recorder.wait { $0.count { $0.isPause } == 2 }
  }
}
