// The schedule that changes the optimizer: when it does, that the best weights come back, and that
// a resumed run does the same.
import Autograd
import Datasets
import Foundation
import Lab
import Layers
import Methods
import Synchronization
import Testing

@Suite struct TrainingPeriodTests {
  /// Periods begin after epochs 3, 4 and 5 of 10; 4 steps an epoch.
  private static let won = [
    "training.schedule": "won", "training.epochs": "10", "training.learningRate": "0.03",
    "training.select": "f1-macro-both",
  ]

  private struct Finished {
    let weights: [String: [Float]]
    let events: [Event]
    let states: [[String: [Float]]]
  }

  private func finished(
    _ changes: [String: String], stoppingAfter steps: Int? = nil
  ) throws -> Finished {
    try Samples.withFolder { folder in
      let witness = Witness()
      let plan = try Tones.plan(folder, changes) { random, _ in
        try Watched(witness, random)
      }
      if let steps {
        let recorder = Recorder()
        let first = try Tones.trainer(plan, recorder)
        first.begin(stepping: steps, recorder)
        first.perform(.stop(.now))
        #expect(first.wait().reason == .interrupted)
      }
      let trainer = try Tones.trainer(plan)
      trainer.start()
      #expect(trainer.wait().reason == .done)
      return Finished(
        weights: try Tones.weights(folder), events: try EventLog.read(plan.folder.events).events,
        states: witness.states)
    }
  }

  private func periods(_ run: Finished) -> [(step: Int, text: String)] {
    run.events.compactMap { event in
      guard let line = event.body as? LogLine, line.code == "period" else { return nil }
      return (event.step, line.text)
    }
  }

  @Test func learningRateFollowsTheScheduleOfThePaper() throws {
    let run = try finished(Self.won)
    let state = run.events.reduce(into: RunState()) { $0.apply($1) }
    let rates = try #require(state.series["lr"]).values.map { ($0 * 1e4).rounded() / 1e4 }
    let expected =
      [Float](repeating: 0.03, count: 12) + [Float](repeating: 0.3, count: 4)
      + [Float](repeating: 0.03, count: 4) + [Float](repeating: 0.003, count: 20)
    #expect(rates == expected)
    #expect(periods(run).map(\.step) == [12, 16, 20])
    #expect(periods(run).allSatisfy { $0.text.hasPrefix("sgd at 0.") })
  }

  /// Every step's first look at the model is compared with the one that was scored best.
  @Test func bestWeightsAreRestoredAtEverySwitch() throws {
    let run = try finished(Self.won)
    var best: (score: Double, step: Int) = (-.infinity, 0)
    var returns = 0
    for event in run.events {
      if let end = event.body as? EvalEnd, end.split == "validation",
        let score = end.metrics["f1-macro-both"], score > best.score
      {
        best = (score, event.step)
      }
      guard let line = event.body as? LogLine, line.code == "period" else { continue }
      #expect(line.text.hasSuffix("with the weights of step \(best.step)"), "\(line.text)")
      let isBack = run.states[event.step] == run.states[best.step]
      #expect(isBack, "other weights after step \(event.step)")
      if best.step < event.step { returns += 1 }
    }
    #expect(returns > 0, "the newest weights were the best at every switch: nothing was tested")
  }

  @Test func withoutReloadTheLatestWeightsAreUsed() throws {
    let kept = try finished(Self.won.merging(["training.reload": "no"]) { $1 })
    #expect(periods(kept).count == 3 && !periods(kept).contains { $0.text.contains("weights") })
    #expect(try finished(Self.won).weights != kept.weights)
  }

  @Test(arguments: [11, 12, 13, 18]) func resumedRunGivesTheSameResult(steps: Int) throws {
    let isSame =
      try finished(Self.won).weights
      == finished(Self.won, stoppingAfter: steps).weights
    #expect(isSame, "stopped after \(steps): other weights")
  }

  @Test func singleEpochUsesAdamOnly() throws {
    let run = try finished(Self.won.merging(["training.epochs": "1"]) { $1 })
    #expect(periods(run).isEmpty)
  }

  @Test func thresholdAffectsF1() throws {
    func scores(_ threshold: String) throws -> [String: Double] {
      let run = try finished(["training.threshold": threshold])
      guard let ended = run.events.last?.body as? RunEnded else { return [:] }
      return ended.scores["test"]?["student"] ?? [:]
    }
    let (low, middle) = (try scores("0.1"), try scores("0.5"))
    #expect(low["ap-macro"] == middle["ap-macro"])
    #expect(low["f1-instance"] != middle["f1-instance"])
  }
}

/// Weights and buffers before every step.
private final class Witness: Sendable {
  private let kept = Mutex<[[String: [Float]]]>([])
  var states: [[String: [Float]]] { kept.withLock { $0 } }
  func add(_ state: [String: [Float]]) { kept.withLock { $0.append(state) } }
}

/// B1 that shows its model to a witness at every step.
private final class Watched: Methods.Method {
  static let card = Card(id: "watched", title: "", summary: "")
  private let inner: B1
  private let witness: Witness
  var model: any Classifier { inner.model }

  init(_ setup: MethodSetup) throws {
    (inner, witness) = (try B1(setup), Witness())
  }

  init(_ witness: Witness, _ random: RandomSource) throws {
    self.witness = witness
    inner = try B1(
      MethodSetup(
        makeModel: { try TrainerFailureTests.model(random) }, classes: Tones.classes.count,
        plannedSteps: 1, random: random))
  }

  func loss(_ batch: Batch, _ mode: Mode) -> Loss {
    witness.add(model.state.mapValues(\.values))
    return inner.loss(batch, mode)
  }
}
