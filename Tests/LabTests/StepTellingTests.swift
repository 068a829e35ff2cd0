// What a step tells of itself: the same phase by phase, taken at once, gone back to, and of which
// step each number is.
import Foundation
import Lab
import Methods
import Testing

@Suite struct StepTellingTests {
  /// Snapshots by step; how long a phase took is left out.
  private func told(_ events: [Event]) -> [Int: [StepSnapshot]] {
    var found: [Int: [StepSnapshot]] = [:]
    for event in events {
      guard var snapshot = event.body as? StepSnapshot else { continue }
      snapshot.duration = nil
      found[event.step, default: []].append(snapshot)
    }
    return found
  }

  private func run(
    _ method: String, _ folder: URL, _ body: (Trainer, Recorder) throws -> Void
  ) throws -> [Event] {
    let recorder = Recorder()
    let trainer = try Tones.trainer(try Tones.plan(folder, ["method.id": method]), recorder)
    trainer.start(paused: true)
    recorder.wait { $0.count { $0.isPause } == 1 }
    try body(trainer, recorder)
    trainer.perform(.stop(.now))
    _ = trainer.wait()
    return recorder.events
  }

  @Test(arguments: ["b1", "mean-teacher", "label-enhancing", "con-reg"])
  func stepReportsAreTheSameInEveryMode(method: String) throws {
    let phases = ["mean-teacher", "label-enhancing"].contains(method) ? 7 : 5
    let walked = try Samples.withFolder { folder in
      try run(method, folder) { trainer, recorder in
        trainer.perform(.step(3 * phases, .phase))
        recorder.wait { $0.count { $0.isPause } == 2 }
      }
    }
    let taken = try Samples.withFolder { folder in
      try run(method, folder) { trainer, recorder in
        trainer.perform(.step(3, .batch))
        recorder.wait { $0.count { $0.isPause } == 2 }
        trainer.perform(.stepBack(1))
        recorder.wait { $0.count { $0.isPause } == 3 }
      }
    }
    let wanted = told(walked)
    #expect(wanted.keys.sorted() == [0, 1, 2] && wanted[0]?.count == phases)
    let found = told(taken)
    #expect(found[0] == wanted[0] && found[2] == wanted[2])
    // The second step was taken, and again on the way back.
    #expect(found[1] == (wanted[1] ?? []) + (wanted[1] ?? []))
    var state = taken.reduce(into: RunState()) { $0.apply($1) }
    #expect(state.walkStep == 2 && state.walk.last?.phase == (phases == 7 ? .ema : .optim))
    #expect(
      state.walk.first { $0.phase == .optim }?.rate.map(Float.init)
        == state.series["lr"]?.last?.value)
    // A later step that nobody walked through ends it.
    state.apply(
      Event(run: "r", seq: 99, t: 0, step: 3, epoch: 1, body: Terms(json: ["terms": [Int]()])))
    #expect(state.walk.isEmpty && state.termsStep == 3)
  }

  /// Up to the end of an epoch only the last step is told.
  @Test func epochReportsItsLastStep() throws {
    let events = try Samples.withFolder { folder in
      try run("b1", folder) { trainer, recorder in
        trainer.perform(.step(1, .epoch))
        recorder.wait { $0.count { $0.isPause } == 2 }
      }
    }
    #expect(told(events).keys.sorted() == [3])
  }

  @Test func lossesReportWhichLabelsCount() throws {
    for method in ["b1", "b0", "mean-teacher", "con-reg"] {
      try Samples.withFolder { folder in
        let clips = try Tones.plan(folder, ["method.id": method]).train.clips
        let labels = Dictionary(uniqueKeysWithValues: clips.map { ($0.id, $0.labels) })
        let events = try run(method, folder) { trainer, recorder in
          trainer.perform(.step(1, .batch))
          recorder.wait { $0.count { $0.isPause } == 2 }
        }
        let snapshot = try #require(told(events)[0]?.first { $0.phase == .losses })
        let given = snapshot.clips.map { id in
          (labels[id] ?? []).map { $0 == nil && method != "b0" ? "0" : "1" }.joined()
        }
        #expect(snapshot.terms[0].counted == given, "\(method)")
        let second = snapshot.terms.dropFirst().first
        #expect(second?.counted == (method == "mean-teacher" ? given.map { _ in "111" } : nil))
      }
    }
  }

  /// Each answer is the one that the loss is made of.
  @Test func forwardPassesReportTheirPredictions() throws {
    let events = try Samples.withFolder { folder in
      try run("mean-teacher", folder) { trainer, recorder in
        trainer.perform(.step(1, .batch))
        recorder.wait { $0.count { $0.isPause } == 2 }
      }
    }
    let snapshots = try #require(told(events)[0])
    let student = try #require(snapshots.first { $0.phase == .studentFwd }?.answers)
    let teacher = try #require(snapshots.first { $0.phase == .teacherFwd }?.answers)
    let gap = try #require(
      snapshots.first { $0.phase == .teacherFwd }?.tensors.first { $0.name == "teacher - student" })
    let differences = zip(student.joined(), teacher.joined()).map { $1 - $0 }
    #expect(abs((differences.min() ?? 9) - gap.min) < 2e-4)
    #expect(abs((differences.max() ?? 9) - gap.max) < 2e-4)
    // The first network that label enhancing trains is no student.
    let first = try Samples.withFolder { folder in
      try run("label-enhancing", folder) { trainer, recorder in
        trainer.perform(.step(1, .batch))
        recorder.wait { $0.count { $0.isPause } == 2 }
      }
    }
    let forward = told(first)[0]?.first { $0.phase == .studentFwd }
    #expect(forward?.tensors.map(\.name) == ["teacher"] && forward?.answers == nil)
  }

  /// Gradients of single terms are measured at the first step and every fiftieth.
  @Test func gradientsReportTheirStep() throws {
    try Samples.withFolder { folder in
      let recorder = Recorder()
      let changes = ["method.id": "mean-teacher", "training.epochs": "14"]
      let trainer = try Tones.trainer(try Tones.plan(folder, changes), recorder)
      trainer.start()
      _ = trainer.wait()
      let state = recorder.events.reduce(into: RunState()) { $0.apply($1) }
      #expect(state.termsStep == 56)
      #expect(state.terms.map(\.measuredAt) == [51, 51])
      #expect(state.series["grad/cons"]?.steps == [1, 51])
      let value = try #require(state.series["grad/cons"]?.last?.value)
      #expect(state.terms[1].gradNorm.map(Float.init) == value)
    }
  }

  /// Logs of before told a step as its update alone, with the tensors of its forward pass.
  @Test func stepsOfOlderLogsAreRead() throws {
    let line = """
      {"event":"stepSnapshot","v":1,"run":"r","seq":1,"t":1,"step":7,"epoch":1,"phase":"optim",
      "clips":["a"],"tensors":[
      {"name":"input","shape":[1],"min":0,"max":1,"mean":0.5,"norm":1,"nonFinite":0},
      {"name":"probabilities","shape":[1],"min":0,"max":1,"mean":0.5,"norm":1,"nonFinite":0}],
      "terms":[{"name":"cls","value":1,"weight":1,"contribution":1,"denominator":1,"entries":2,
      "flags":[],"gradNorm":3}]}
      """
    var state = RunState()
    state.apply(try Event(line: Data(line.replacing("\n", with: "").utf8)))
    #expect(state.walk.map(\.phase) == [.batch, .studentFwd, .optim] && state.walkStep == 7)
    #expect(state.walk.map { $0.tensors.map(\.name) } == [["input"], ["student"], []])
    #expect(state.walk[2].terms[0].counted == nil && state.walk[2].terms[0].measuredAt == nil)
  }

  @Test func evaluationsAndDistancesKeepTheirEpoch() {
    var state = RunState()
    func apply(_ body: any EventBody, epoch: Int) {
      state.apply(Event(run: "r", seq: 1, t: 1, step: epoch * 4, epoch: epoch, body: body))
    }
    apply(
      EvalEnd(json: [
        "split": "validation", "model": "teacher", "seconds": 1, "metrics": ["f1-instance": 0],
        "perClass": [ClassScore(json: ["name": "a", "observed": 3, "positives": 0])], "scored": 3,
        "entries": 4,
      ]),
      epoch: 2)
    apply(
      Distances(json: ["extractor": "vggish", "clips": ["a"], "ours": [0], "theirs": [0]]), epoch: 2
    )
    apply(Terms(json: ["terms": [Int]()]), epoch: 5)
    #expect(state.evaluationEpochs == ["validation/teacher": 2])
    #expect(state.distanceEpochs == ["vggish": 2])
    #expect(
      state.log.last?.line.text
        == "validation epoch 2: f1-instance 0.000; f1-macro-both is undefined, "
        + "0 of 1 classes have a positive")
  }

  /// Two networks: each line says whose scores it has.
  @Test func logLinesNameTheScoredNetwork() throws {
    let events = try Samples.withFolder { folder in
      let recorder = Recorder()
      let trainer = try Tones.trainer(
        try Tones.plan(folder, ["method.id": "mean-teacher"]), recorder)
      trainer.start()
      _ = trainer.wait()
      return recorder.events
    }
    let state = events.reduce(into: RunState()) { $0.apply($1) }
    let lines = state.log.map(\.line.text).filter { $0.hasPrefix("test") }
    #expect(lines.count == 2)
    #expect(lines.first?.hasPrefix("test student epoch 3: f1-macro-both 0.") == true)
    #expect(lines.last?.hasPrefix("test teacher epoch 3: f1-macro-both 0.") == true)
  }
}
