// How long a training will take is said before its first step, and measuring it changes nothing.
import Autograd
import Datasets
import Foundation
import Lab
import Layers
import Methods
import Testing

/// A network that says it has a million million values.
private struct Huge: Classifier {
  let inner: any Classifier
  var namedParameters: [(name: String, parameter: Parameter)] { inner.namedParameters }
  var parameterCount: Int { 1_000_000_000_000 }

  func callAsFunction(_ input: Tensor, _ mode: Mode) -> Prediction {
    let inner = inner
    return inner(input, mode)
  }
}

/// B1 that takes its time.
private final class Slow: Methods.Method {
  static let card = Card(id: "slow", title: "", summary: "")
  private let inner: B1
  private let seconds: Double
  var model: any Classifier { inner.model }

  init(_ setup: MethodSetup) throws { (inner, seconds) = (try B1(setup), 0) }

  init(_ random: RandomSource, seconds: Double, isHuge: Bool) throws {
    self.seconds = seconds
    inner = try B1(
      MethodSetup(
        makeModel: {
          let model = try TrainerFailureTests.model(random)
          return isHuge ? Huge(inner: model) : model
        }, classes: Tones.classes.count, augmentation: Augmentation(bands: 3, frames: 2),
        plannedSteps: 1, random: random))
  }

  func loss(_ batch: Batch, _ mode: Mode) -> Loss {
    if seconds > 0 { Thread.sleep(forTimeInterval: seconds) }
    return inner.loss(batch, mode)
  }
}

@Suite struct ForecastTests {
  private func lines(_ events: [Event]) -> [(step: Int, text: String)] {
    events.compactMap { event in
      guard let line = event.body as? LogLine, line.code == "eta" else { return nil }
      return (event.step, line.text)
    }
  }

  @Test func longTrainingIsAnnouncedBeforeTheFirstStep() throws {
    try Samples.withFolder { folder in
      let plan = try Tones.plan(folder, ["training.epochs": "500"]) { random, _ in
        try Slow(random, seconds: 0.08, isHuge: true)
      }
      let recorder = Recorder()
      let trainer = try Tones.trainer(plan, recorder)
      trainer.start(paused: true)
      recorder.wait { events in
        events.contains {
          if let change = $0.body as? StateChange { change.state == .paused } else { false }
        }
      }
      // Held before the first step it has been said already: 8 clips of 0.08 s, 2000 steps.
      let said = try #require(lines(recorder.events).first)
      #expect(said.step == 0 && lines(recorder.events).count == 1)
      #expect(said.text.contains("s a step") && said.text.contains("judged by one clip"))
      let state = recorder.events.reduce(into: RunState()) { $0.apply($1) }
      let progress = try #require(state.progress)
      #expect(progress.eta > 0.08 * 8 * 2000 && progress.eta < 3 * 0.08 * 8 * 2000)
      #expect(abs(progress.stepsPerSec - 1 / (0.08 * 8)) < 0.8)
      #expect(progress.clipsSeen == 0 && state.lifecycle.state == .paused)
      trainer.perform(.stop(.now))
      #expect(trainer.wait().reason == .interrupted)
    }
  }

  @Test func measuringDoesNotChangeTheResult() throws {
    func weights(isHuge: Bool) throws -> [String: [Float]] {
      try Samples.withFolder { folder in
        let plan = try Tones.plan(folder) { random, _ in
          try Slow(random, seconds: 0, isHuge: isHuge)
        }
        let recorder = Recorder()
        let trainer = try Tones.trainer(plan, recorder)
        trainer.start()
        #expect(trainer.wait().reason == .done)
        let prepared = recorder.events.contains {
          if let change = $0.body as? StateChange { change.state == .preparing } else { false }
        }
        #expect(prepared == isHuge && lines(recorder.events).isEmpty)
        return try Tones.weights(folder)
      }
    }
    let isSame = try weights(isHuge: true) == weights(isHuge: false)
    #expect(isSame)
  }
}
