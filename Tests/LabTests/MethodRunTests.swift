// Every method of the catalogue as a run: interrupted anywhere, it goes on as if it had not been;
// walked through phase by phase, it ends the same.
import Autograd
import Foundation
import Lab
import Methods
import Testing

/// Those that follow a gradient.
private let trainedMethods = MethodCatalog.ids.filter { $0 != "classic" }

@Suite struct MethodRunTests {
  private func run(_ id: String, _ folder: URL) throws -> (Trainer, Recorder) {
    let recorder = Recorder()
    return (try Tones.trainer(try Tones.plan(folder, ["method.id": id]), recorder), recorder)
  }

  private func whole(_ id: String) throws -> (weights: [String: [Float]], events: [Event]) {
    try Samples.withFolder { folder in
      let (trainer, recorder) = try run(id, folder)
      trainer.start()
      #expect(trainer.wait().reason == .done)
      return (try Tones.weights(folder), recorder.events)
    }
  }

  @Test(arguments: trainedMethods) func runResumedAnywhereGivesTheSameResult(id: String) throws {
    let reference = try whole(id)
    let steps = reference.events.last?.step ?? 0
    // In the first stage, at its end, and in the last.
    for stop in Set([2, steps / 2, steps / 2 + 1, steps - 1]) {
      try Samples.withFolder { folder in
        let (first, recorder) = try run(id, folder)
        first.begin(stepping: stop, recorder)
        first.perform(.stop(.now))
        #expect(first.wait().reason == .interrupted)
        let (second, _) = try run(id, folder)
        second.start()
        let ended = second.wait()
        #expect(ended.reason == .done)
        #expect(ended.scores["test"] == reference.events.scores, "\(id), stopped after \(stop)")
        let isSame = try Tones.weights(folder) == reference.weights
        #expect(isSame, "\(id), stopped after \(stop): other weights")
      }
    }
  }

  @Test(arguments: trainedMethods) func steppedRunGivesTheSameResult(id: String) throws {
    let reference = try whole(id)
    try Samples.withFolder { folder in
      let (trainer, recorder) = try run(id, folder)
      trainer.start(paused: true)
      trainer.perform(.step(10, .phase))
      recorder.wait { $0.count { $0.isPause } == 2 }
      let phases = recorder.events.compactMap(\.phase)
      #expect(Array(phases.prefix(2)) == [.batch, .studentFwd])
      #expect(phases.contains(.ema) == reference.events.hasTeacherWhileTraining)
      trainer.perform(.checkpoint)
      trainer.perform(.resume)
      #expect(trainer.wait().reason == .done)
      let isSame = try Tones.weights(folder) == reference.weights
      #expect(isSame, "\(id): other weights")
    }
  }

  @Test func labelEnhancingTrainsATeacherThenMasksThenTrainsAStudent() throws {
    let events = try whole("label-enhancing").events
    let state = events.reduce(into: RunState()) { $0.apply($1) }
    let mask = try #require(state.mask)
    let masked = mask.masked.map(\.cell)
    #expect(masked == masked.sorted() && Set(masked).count == masked.count)
    let share = try #require(mask.share)
    #expect(mask.cells.count == mask.candidates.reduce(0) { $0 + Int(share * Double($1)) })
    let said = events.compactMap { $0.body as? LogLine }.filter { $0.code == "share" }.map(\.text)
    #expect(said.count == 1)
    let start = "masked share \(share), as good as the best on validation: 0.05 "
    #expect(said.first?.hasPrefix(start) == true, "\(said)")
    #expect(mask.precision != nil && mask.recall != nil)
    let at = try #require(events.firstIndex { $0.body is MaskDelta })
    let models = events.compactMap { event -> (String, Bool)? in
      guard let end = event.body as? EvalEnd else { return nil }
      return (end.model, event.seq < events[at].seq)
    }
    #expect(models.filter(\.1).allSatisfy { $0.0 == "teacher" })
    #expect(models.filter { !$0.1 }.contains { $0.0 == "student" })
    #expect(state.started?.plannedSteps == 24 && state.step == 24)
  }

  @Test func selectionByLossKeepsTheLowestLoss() throws {
    try Samples.withFolder { folder in
      let recorder = Recorder()
      let changes = ["training.select": "loss", "training.epochs": "8"]
      let trainer = try Tones.trainer(try Tones.plan(folder, changes), recorder)
      trainer.start()
      #expect(trainer.wait().reason == .done)
      let state = recorder.events.reduce(into: RunState()) { $0.apply($1) }
      let curve = try #require(state.series["validation/student/loss"])
      let least = try #require(curve.values.min())
      let best = try #require(state.bestStep)
      let place = try #require(curve.values.firstIndex(of: least))
      #expect(curve.steps[place] == best)
    }
  }
}

extension [Event] {
  fileprivate var scores: [String: [String: Double]]? {
    guard let ended = last?.body as? RunEnded else { return nil }
    return ended.scores["test"]
  }

  fileprivate var hasTeacherWhileTraining: Bool {
    contains { event in
      if let started = event.body as? RunStarted { started.hasTeacher } else { false }
    }
  }
}

extension Event {
  fileprivate var phase: PhaseChange.Name? {
    if let change = body as? PhaseChange { change.phase } else { nil }
  }
}
