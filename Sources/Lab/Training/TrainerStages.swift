// A method may train several networks one after the other; here is what happens between them.
import Autograd
import Datasets
import Layers
import Methods
import Metrics

extension Trainer {
  /// What the present stage trains, where there is more than one.
  var stageName: String? {
    plan.stages.count > 1 ? plan.stages[min(position.stage, plan.stages.count - 1)] : nil
  }

  /// The best weights of the stage come back; the method takes stock and goes on to the next, or
  /// all is trained.
  func endStage() throws {
    guard let learner else { return }
    if position.bestStep != nil { try takeBest() } else { admitNoChoice() }
    if let report = try learner.endStage(context(learner), of: plan.stages.count) {
      let mask = MaskDelta(report, method: plan.recipe.method)
      emit(.maskDelta(mask))
      say(.info, "mask", mask.summary)
    }
    guard position.stage + 1 < plan.stages.count else {
      position.isTrained = true
      if plan.stages.count > 1, position.bestStep != nil { _ = saveBest("best") }
      return
    }
    position.stage += 1
    (position.stageStep, position.stageEpoch, position.stale) = (0, 0, 0)
    (position.bestScore, position.bestStep) = (nil, nil)
    if let stageName { say(.info, "stage", "training the \(stageName)") }
  }

  func takeBest() throws {
    try learner?.goBack(to: Checkpoint(reading: plan.folder.best).tensors)
  }

  /// Nothing where the method compares nothing.
  func reportDistances() {
    guard let learner, !plan.embeddings.isEmpty else { return }
    let batch = plan.train.batch(Distances.probe(of: plan.train.clips.count))
    for report in learner.method.distances(batch) {
      emit(.distances(Distances(report, batch.clips)))
    }
  }

  /// What the method may ask about the data.
  func context(_ learner: Learner) -> StageContext {
    StageContext(
      clips: plan.train.clips,
      predict: { [plan] in plan.train.probabilities(of: $0, batch: plan.batchSize) },
      validate: { [plan] in try plan.validationScore(of: $0) })
  }
}

extension TrainingPlan {
  /// The score that selects the student's epochs, or f1-macro-both where its last one is taken.
  func validationScore(of classifier: any Classifier) throws -> Double? {
    guard validation.observed > 0 else { return nil }
    let evaluation = Evaluation(
      .validation, validation, classes: classes, isSingleLabel: isSingleLabel,
      batchSize: batchSize, threshold: threshold,
      candidates: [ScoredNetwork("student", classifier)])
    while !evaluation.isFinished { _ = try evaluation.advance() }
    return evaluation.results.first?.end.score(selectionOfStudents)
  }
}

extension EvalEnd {
  /// What selects epochs, larger is better: a metric, or the loss turned around.
  func score(_ selection: String) -> Double? {
    selection == "loss" ? loss.map { -$0 } : metrics[selection]
  }
}
