// Stepping back is exact: whatever was gone back over, the run ends with the same weights.
import Datasets
import Foundation
import Lab
import Synchronization
import Testing

@Suite struct StepBackTests {
  /// The weights of a run that nobody touched.
  private func unbroken(_ changes: [String: String]) throws -> [String: [Float]] {
    try Samples.withFolder { folder in
      let trainer = try Tones.trainer(try Tones.plan(folder, changes))
      trainer.start()
      #expect(trainer.wait().reason == .done)
      return try Tones.weights(folder)
    }
  }

  private func plan(_ trainer: Trainer, _ count: Int) -> StepBack {
    let answer = Mutex<StepBack?>(nil)
    let told = DispatchSemaphore(value: 0)
    trainer.perform(.planStepBack(count)) { plan in
      answer.withLock { $0 = plan }
      told.signal()
    }
    told.wait()
    return answer.withLock { $0 }
      ?? StepBack(json: ["count": 0, "target": 0, "base": 0, "seconds": 0])
  }

  private func pauses(_ recorder: Recorder, _ count: Int) {
    recorder.wait { $0.count { $0.isPause } == count }
  }

  private func loss(_ state: RunState) -> Series? { state.series["loss/total"] }

  /// 4 steps an epoch: over batches, over the end of an epoch and its best checkpoint, and out of
  /// the middle of a step.
  @Test(arguments: ["b1", "mean-teacher", "fixmatch"])
  func steppingBackGivesTheSameWeights(_ method: String) throws {
    let changes = ["method.id": method, "training.select": "ap-macro"]
    let wanted = try unbroken(changes)
    try Samples.withFolder { folder in
      let recorder = Recorder()
      let trainer = try Tones.trainer(try Tones.plan(folder, changes), recorder)
      trainer.begin(stepping: 3, recorder)
      let before = recorder.events.reduce(into: RunState()) { $0.apply($1) }
      #expect(plan(trainer, 2).target == 1 && plan(trainer, 9).refusal != nil)
      trainer.perform(.stepBack(2))
      pauses(recorder, 3)
      var state = recorder.events.reduce(into: RunState()) { $0.apply($1) }
      #expect(state.step == 1 && loss(state)?.steps == [1])
      #expect(loss(state)?.values.first == loss(before)?.values.first)
      for turn in 1...5 {
        trainer.perform(.step(1, .batch))
        pauses(recorder, 3 + turn)
      }
      state = recorder.events.reduce(into: RunState()) { $0.apply($1) }
      #expect(state.step == 6 && loss(state)?.values.prefix(3) == loss(before)?.values.prefix(3))
      trainer.perform(.stepBack(3))
      pauses(recorder, 9)
      trainer.perform(.step(2, .phase))
      pauses(recorder, 10)
      #expect(plan(trainer, 1).target == 3)
      trainer.perform(.stepBack(1))
      pauses(recorder, 11)
      trainer.perform(.resume)
      #expect(trainer.wait().reason == .done)
      #expect(try Tones.weights(folder) == wanted)
      let all = try EventLog.read(RunFolder(folder).events).events
      #expect(all.map(\.seq) == Array(1...UInt64(all.count)))
      let end = all.reduce(into: RunState()) { $0.apply($1) }
      #expect(loss(end)?.steps == Array(1...12))
    }
  }

  /// Where nothing is kept in memory the checkpoint of the last epoch's end is.
  @Test func runWithoutSnapshotsStepsBackToItsCheckpoint() throws {
    try Samples.withFolder { folder in
      let plan = try Tones.plan(folder)
      let recorder = Recorder()
      let first = try Tones.trainer(plan, recorder)
      first.begin(stepping: 4, recorder)
      first.perform(.step(1, .epoch))
      pauses(recorder, 3)
      first.perform(.stop(.now))
      _ = first.wait()
      let again = Recorder()
      let second = try Tones.trainer(plan, again)
      second.start(paused: true)
      pauses(again, 1)
      second.perform(.step(3, .batch))
      pauses(again, 2)
      #expect(self.plan(second, 2).refusal == nil)
      #expect(self.plan(second, 4).refusal?.contains("exact") == true)
      second.perform(.stepBack(4))
      again.wait { $0.contains { if let r = $0.body as? Reply { !r.ok } else { false } } }
      second.perform(.stepBack(2))
      pauses(again, 3)
      second.perform(.resume)
      #expect(second.wait().reason == .done)
      #expect(try Tones.weights(folder) == unbroken([:]))
    }
  }

  /// Beginnings of epochs are kept also where nobody stopped.
  @Test func stepsBackOverAnEpoch() throws {
    let wanted = try unbroken([:])
    try Samples.withFolder { folder in
      let recorder = Recorder()
      let trainer = try Tones.trainer(try Tones.plan(folder), recorder)
      trainer.start(paused: true)
      pauses(recorder, 1)
      trainer.perform(.step(2, .epoch))
      pauses(recorder, 2)
      trainer.perform(.step(2, .batch))
      pauses(recorder, 3)
      let back = plan(trainer, 5)
      #expect(back.refusal == nil && back.target == 5 && back.base == 4)
      trainer.perform(.stepBack(5))
      pauses(recorder, 4)
      #expect(recorder.events.last?.step == 5)
      trainer.perform(.resume)
      #expect(trainer.wait().reason == .done)
      #expect(try Tones.weights(folder) == wanted)
    }
  }

  /// Where a run began is kept as the beginnings of epochs are: nobody has held it before.
  @Test func stepsBackIntoTheFirstEpoch() throws {
    try Samples.withFolder { folder in
      let recorder = Recorder()
      let trainer = try Tones.trainer(
        try Tones.plan(folder, ["training.epochs": "500"]), recorder)
      trainer.start()
      trainer.perform(.step(3, .batch))
      pauses(recorder, 1)
      let held = try #require(recorder.events.last { $0.isPause }?.step)
      let back = plan(trainer, 1)
      #expect(back.refusal == nil && back.target == held - 1)
      trainer.perform(.stepBack(1))
      pauses(recorder, 2)
      #expect(recorder.events.last { $0.isPause }?.step == held - 1)
      trainer.perform(.stop(.now))
      #expect(trainer.wait().reason == .interrupted)
    }
  }

  /// Held between the last step of an epoch and its evaluation, then stepped on: the way back
  /// begins behind the evaluation, where the next epoch does.
  @Test func stepsBackFromAPauseBeforeEvaluation() throws {
    let wanted = try unbroken([:])
    try Samples.withFolder { folder in
      let recorder = Recorder()
      let trainer = try Tones.trainer(try Tones.plan(folder), recorder)
      trainer.begin(stepping: 4, recorder)
      trainer.perform(.step(2, .batch))
      pauses(recorder, 3)
      let back = plan(trainer, 1)
      #expect(back.refusal == nil && back.target == 5 && back.base == 4)
      trainer.perform(.stepBack(1))
      pauses(recorder, 4)
      #expect(recorder.events.last?.step == 5)
      trainer.perform(.stepBack(1))
      pauses(recorder, 5)
      #expect(recorder.events.last?.step == 4)
      trainer.perform(.stepBack(2))
      pauses(recorder, 6)
      trainer.perform(.resume)
      #expect(trainer.wait().reason == .done)
      #expect(try Tones.weights(folder) == wanted)
    }
  }

  /// From the student's training back into the teacher's: the mask is forgotten and made again.
  @Test func stepsBackOverAStage() throws {
    let changes = ["method.id": "label-enhancing", "training.select": "ap-macro"]
    let wanted = try unbroken(changes)
    try Samples.withFolder { folder in
      let recorder = Recorder()
      let trainer = try Tones.trainer(try Tones.plan(folder, changes), recorder)
      trainer.start(paused: true)
      pauses(recorder, 1)
      trainer.perform(.step(14, .batch))
      pauses(recorder, 2)
      var state = recorder.events.reduce(into: RunState()) { $0.apply($1) }
      #expect(state.step == 14 && state.stage == "student" && state.masks.count == 1)
      let back = plan(trainer, 4)
      #expect(back.refusal == nil && back.target == 10 && back.base == 8)
      trainer.perform(.stepBack(4))
      pauses(recorder, 3)
      state = recorder.events.reduce(into: RunState()) { $0.apply($1) }
      #expect(state.step == 10 && state.stage == "teacher" && state.masks.isEmpty)
      trainer.perform(.resume)
      #expect(trainer.wait().reason == .done)
      #expect(try Tones.weights(folder) == wanted)
      state = recorder.events.reduce(into: RunState()) { $0.apply($1) }
      #expect(state.stage == "student" && state.masks.map(\.step) == [12])
    }
  }

  @Test func runningRunDoesNotStepBack() throws {
    try Samples.withFolder { folder in
      let recorder = Recorder()
      let trainer = try Tones.trainer(
        try Tones.plan(folder, ["training.epochs": "500"]), recorder)
      trainer.start()
      recorder.wait { $0.contains { $0.step > 2 } }
      #expect(plan(trainer, 1).refusal?.contains("hold it first") == true)
      trainer.perform(.stop(.now))
      _ = trainer.wait()
    }
  }
}
