// The optimizer, warm-up and clipping that a recipe asks for.
import Foundation
import Lab
import Testing

@Suite struct TrainingOptimizerTests {
  private static let descent = [
    "training.optimizer": "sgd", "training.nesterov": "yes", "training.learningRate": "0.05",
    "training.warmup": "0.25", "training.clip": "0.5",
  ]

  private func finished(
    _ changes: [String: String], stoppingAfter steps: Int? = nil
  ) throws -> (weights: [String: [Float]], state: RunState) {
    try Samples.withFolder { folder in
      let plan = try Tones.plan(folder, changes)
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
      let state = try EventLog.read(plan.folder.events).events.reduce(into: RunState()) {
        $0.apply($1)
      }
      return (try Tones.weights(folder), state)
    }
  }

  @Test func sgdResumesBitForBit() throws {
    let whole = try finished(Self.descent)
    let resumed = try finished(Self.descent, stoppingAfter: 5)
    #expect(whole.weights == resumed.weights)
    // 12 steps, 3 of them warm-up: a quarter, a half, three quarters of the rate.
    let rates = whole.state.series["lr"]?.values.prefix(4).map { Float($0) } ?? []
    #expect(zip(rates, [0.0125, 0.025, 0.0375, 0.05]).allSatisfy { abs($0 - $1) < 1e-6 })
    #expect(rates.count == 4)
  }

  @Test(arguments: [
    ("training.nesterov", "no"), ("training.clip", "0"), ("training.momentum", "0"),
    ("training.optimizer", "adam"),
  ])
  func everyOptimizerSettingHasAnEffect(_ key: String, _ value: String) throws {
    let other = Self.descent.merging([key: value]) { $1 }
    #expect(try finished(other).weights != finished(Self.descent).weights)
  }

  @Test func errorsNameTheirLine() {
    let error = #expect(throws: RecipeError.self) {
      try Recipe(yaml: "training:\n  optimizer: rmsprop\n", file: "r.yaml")
    }
    #expect(
      error.map { "\($0)" }
        == "r.yaml:2: training.optimizer: 'rmsprop' is not a choice; expected adam | sgd")
  }
}
