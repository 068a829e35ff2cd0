// Con-Reg's projections are trained beside the model and not saved with it: where the best weights
// come back, theirs of that epoch do too.
import Autograd
import Datasets
import Foundation
import Lab
import Layers
import Methods
import Synchronization
import Testing

/// Con-Reg that shows its projections to a witness at every step.
private final class WatchedGuide: Methods.Method {
  static let card = ConReg.card
  private let inner: ConReg
  private let show: @Sendable ([String: [Float]]) -> Void

  var model: any Classifier { inner.model }
  var memory: [String: Tensor] { inner.memory }

  init(_ setup: MethodSetup) throws {
    (inner, show) = (try ConReg(setup), { _ in })
  }

  init(_ setup: MethodSetup, _ show: @escaping @Sendable ([String: [Float]]) -> Void) throws {
    (inner, self.show) = (try ConReg(setup), show)
  }

  func trained(in stage: Int) -> any Classifier { inner.trained(in: stage) }

  func restore(_ memory: [String: Tensor], stage: Int, context: StageContext) throws {
    try inner.restore(memory, stage: stage, context: context)
  }

  func loss(_ batch: Batch, _ mode: Mode) -> Loss {
    show(memory.mapValues(\.values))
    return inner.loss(batch, mode)
  }
}

@Suite struct GuidePeriodTests {
  /// Periods begin after epochs 3, 4 and 5 of 10; 4 steps an epoch.
  private static let changes = [
    "method.id": "con-reg", "training.schedule": "won", "training.epochs": "10",
    "training.learningRate": "0.03", "training.select": "f1-macro-both",
  ]

  private final class States: Sendable {
    private let kept = Mutex<[[String: [Float]]]>([])
    var all: [[String: [Float]]] { kept.withLock { $0 } }
    func add(_ state: [String: [Float]]) { kept.withLock { $0.append(state) } }
  }

  private func finished(
    stoppingAfter steps: Int? = nil
  ) throws -> (weights: [String: [Float]], events: [Event], states: [[String: [Float]]]) {
    try Samples.withFolder { folder in
      let states = States()
      let plan = try Tones.plan(folder, Self.changes) { random, steps in
        try WatchedGuide(
          MethodSetup(
            makeModel: { try TrainerFailureTests.model(random) }, classes: Tones.classes.count,
            input: [1, Tones.bands, Tones.frames], embeddings: ["vggish": Tones.features],
            plannedSteps: steps, random: random), { states.add($0) })
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
      return (
        try Tones.weights(folder), try EventLog.read(plan.folder.events).events, states.all
      )
    }
  }

  @Test func projectionsOfTheBestEpochAreRestored() throws {
    let run = try finished()
    var best: (score: Double, step: Int) = (-.infinity, 0)
    var returns = 0
    for event in run.events {
      if let end = event.body as? EvalEnd, end.split == "validation",
        let score = end.metrics["f1-macro-both"], score > best.score
      {
        best = (score, event.step)
      }
      guard let line = event.body as? LogLine, line.code == "period" else { continue }
      let isBack = run.states[event.step] == run.states[best.step]
      #expect(isBack, "other projections after step \(event.step)")
      if best.step < event.step { returns += 1 }
    }
    #expect(returns > 0, "the newest weights were the best at every switch: nothing was tested")
    #expect(run.states[0] != run.states[4] && run.states[0].keys.contains("embedding.0.weight"))
  }

  @Test(arguments: [11, 13, 18]) func resumedRunGivesTheSameResult(steps: Int) throws {
    let isSame = try finished().weights == finished(stoppingAfter: steps).weights
    #expect(isSame, "stopped after \(steps): other weights")
  }
}
