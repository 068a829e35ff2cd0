// A learner without gradients as a run like any other: events, scores, predictions, resuming.
import Acoustics
import Foundation
import Lab
import Layers
import Methods
import Models
import Testing

@Suite struct ClassicRunTests {
  private func plan(_ folder: URL, learner: String) throws -> TrainingPlan {
    let size = InputSize(bands: Tones.bands, frames: Tones.frames)
    return try Tones.plan(folder, train: Tones.split(.train, clips: 90)) { random, steps in
      try ClassicFit(
        MethodSetup(
          makeModel: {
            try ClassicNetwork.make(
              classes: Tones.classes.count, input: size,
              settings: Settings(["learner": .choice(learner)], of: ClassicNetwork.card),
              random: random)
          }, classes: Tones.classes.count, plannedSteps: steps, random: random))
    }
  }

  private func run(_ learner: String, _ folder: URL, stoppingAfter steps: Int? = nil) throws
    -> (ended: RunEnded, events: [Event])
  {
    let recorder = Recorder()
    let trainer = try Tones.trainer(try plan(folder, learner: learner), recorder)
    if let steps {
      trainer.begin(stepping: steps, recorder)
      trainer.perform(.stop(.now))
    } else {
      trainer.start()
    }
    return (trainer.wait(), recorder.events)
  }

  @Test(arguments: ["svm-rbf", "svm-linear", "knn", "forest", "gmm"])
  func everyLearnerIsBetterThanChance(learner: String) throws {
    try Samples.withFolder { folder in
      let (ended, events) = try run(learner, folder)
      #expect(ended.reason == .done)
      let score = try #require(ended.scores["test"]?["student"]?["roc-auc-macro"])
      #expect(score > 0.7, "\(learner): \(score)")
      #expect(events.contains { $0.body is EvalEnd })
      let kept = try Tones.weights(folder)
      #expect(kept.count > 1)
    }
  }

  @Test func interruptedRunGivesTheSameResult() throws {
    let whole = try Samples.withFolder { try run("svm-rbf", $0).ended.scores["test"] }
    try Samples.withFolder { folder in
      #expect(try run("svm-rbf", folder, stoppingAfter: 5).ended.reason == .interrupted)
      let resumed = try run("svm-rbf", folder)
      #expect(resumed.ended.scores["test"] == whole)
    }
  }
}
