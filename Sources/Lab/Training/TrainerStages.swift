// What happens between the steps: forecast, evaluation, selection of epochs, periods, stages, test.
import Autograd
import Datasets
import Dispatch
import Foundation
import Layers
import Methods
import Metrics

extension Trainer {
  /// What the present stage trains, if the method trains more than one network.
  var stageName: String? {
    plan.stages.count > 1 ? plan.stages[min(position.stage, plan.stages.count - 1)] : nil
  }

  /// What the method may ask about the data.
  func context(_ learner: Learner) -> StageContext {
    var context = StageContext(
      clips: plan.train.clips,
      predict: { [plan] in plan.train.probabilities(of: $0, batch: plan.batchSize) },
      validate: { [plan] in try plan.validationScore(of: $0) })
    context.validationClips = plan.validation.clips
    context.predictValidation = { [plan] in
      plan.validation.probabilities(of: $0, batch: plan.batchSize)
    }
    return context
  }

  // MARK: duration

  /// Reports before the first step how long a long training takes.
  func forecast(_ learner: Learner) {
    guard !position.isTrained, Forecast.isWorthwhile(plan, position, learner) else { return }
    emit(StateChange(state: .preparing, what: "measuring one clip"))
    let found = Forecast(measuring: learner, plan, position)
    guard found.total > Forecast.longTraining else { return }
    pace.forecastStep = found.step
    say(.info, "eta", found.text)
    emit(
      progress(
        rate: learner.nextRate, stepsPerSecond: 1 / max(found.step, 1e-6), left: found.total))
  }

  /// The first step shows how long a training takes; a long one is announced, unless the forecast
  /// did.
  func announcePace() {
    guard pace.steps == 1 else { return }
    let left = plan.plannedSteps - position.step
    if let text = pace.announcement(of: left) { say(.info, "eta", text) }
  }

  // MARK: evaluation

  /// Whether the networks of the present stage predict labels.
  private var isScored: Bool { learner?.isScored ?? false }

  func beginValidation() {
    guard plan.validation.observed > 0, isScored else { return endEpoch(nil) }
    evaluate(.validation)
  }

  private func evaluate(_ split: Split) {
    guard let learner else { return }
    stage = .evaluating(
      Evaluation(split, of: plan, candidates: learner.method.scored(in: learner.stage)))
    emit(StateChange(state: .evaluating, what: split.rawValue))
  }

  func advance(_ evaluation: Evaluation) throws {
    let start = DispatchTime.now()
    let progress = try evaluation.advance()
    position.wall += start.seconds
    switch progress {
    case .started(let body): emit(body)
    case .ended(let body): emit(evaluation.split == .test ? try tested(body, evaluation) : body)
    case .working: break
    }
    guard evaluation.isFinished else { return }
    // The scores of a learner that could not be fitted mean nothing.
    if let problem = (learner?.method.model as? any RowLearner)?.fitProblem {
      throw LabError("the model was not fitted: \(problem)")
    }
    if evaluation.split == .test { finish(evaluation) } else { endEpoch(evaluation) }
  }

  /// The test with its intervals and the step of the weights.
  private func tested(_ end: EvalEnd, _ evaluation: Evaluation) throws -> EvalEnd {
    var end = end
    end.weights = position.bestStep ?? position.step
    guard let result = evaluation.results.last, end.scored > 0 else { return end }
    if let validation = try validated(end.model) {
      end.afterTraining = try AfterTraining(
        validation: validation, test: try evaluation.labelled(result),
        threshold: Float(plan.threshold))
    }
    let draws = Evaluation.draws(entries: end.entries)
    if draws > 0 { try evaluation.addIntervals(to: &end, result, draws: draws) }
    return end
  }

  /// The validation clips scored by a network as it is tested; nil without such a network. The last
  /// answer is kept.
  private func validated(_ network: String) throws -> LabelledScores? {
    if let validation, validation.network == network { return validation.scores }
    guard let classifier = learner?.method.networks.first(where: { $0.name == network })?.classifier
    else { return nil }
    let scores = try plan.validation.labelled(
      by: classifier, classes: plan.classes.count, isSingleLabel: plan.isSingleLabel,
      batch: plan.batchSize)
    validation = (network, scores)
    return scores
  }

  // MARK: epochs

  /// Judges the epoch, saves, and decides what comes next.
  private func endEpoch(_ evaluation: Evaluation?) {
    guard judge(evaluation) else { return }
    reportDistances()
    warnOfMethod()
    position.epoch += 1
    position.stageEpoch += 1
    position.batch = 0
    do { try isStageOver ? endStage() : changePeriod() } catch {
      return fail("stage", reason(of: error))
    }
    if case .over = stage { return }
    nextEpoch()
  }

  private func nextEpoch() {
    guard save("epoch") else { return }
    if stopping == .afterEpoch { return end(.stopped) }
    if position.isTrained || stopping == .evaluate { return beginTest() }
    stage = .learning
    keepEpoch()
    emit(StateChange(state: .running, what: stageName))
    countDown(.epoch)
  }

  private var isStageOver: Bool {
    let patience = plan.recipe.training[TrainingSettings.patience]
    return position.stageEpoch >= plan.epochs(in: position.stage)
      || (patience > 0 && position.stale >= patience)
  }

  /// Saves the epoch if it is the best one. An epoch without a score is neither better nor worse:
  /// patience does not count it. `false`: the checkpoint failed.
  private func judge(_ evaluation: Evaluation?) -> Bool {
    guard isScored, let selection = plan.selection(in: position.stage) else { return true }
    guard let score = evaluation?.results.first?.end.score(selection) else {
      warnOfUndefined(selection)
      return true
    }
    guard score > position.bestScore ?? -.infinity else {
      position.stale += 1
      return true
    }
    (position.bestScore, position.bestStep, position.stale) = (score, position.step, 0)
    return saveBest("best")
  }

  private func warnOfUndefined(_ selection: String) {
    guard undefinedStage != position.stage else { return }
    undefinedStage = position.stage
    say(
      .warn, "select",
      "\(selection) has no value in epoch \(position.stageEpoch + 1): the epoch cannot be "
        + "compared, and patience does not count it")
  }

  /// Says once a stage what the method finds wrong with the training.
  private func warnOfMethod() {
    guard let text = learner?.method.warning, warnedStage != position.stage else { return }
    warnedStage = position.stage
    say(.warn, "method", text)
  }

  /// Warns if a score was to select an epoch and none of them had one.
  private func warnOfNoSelection() {
    guard isScored, position.bestStep == nil,
      let selection = plan.selection(in: position.stage)
    else { return }
    say(
      .warn, "select",
      "\(selection) had no value in any epoch: nothing could be compared, the last epoch is kept")
  }

  /// Nothing for a method that compares no embeddings.
  private func reportDistances() {
    guard let learner, !plan.embeddings.isEmpty else { return }
    let batch = plan.train.batch(Distances.probe(of: plan.train.clips.count))
    for report in learner.method.distances(batch) { emit(Distances(report, batch.clips)) }
  }

  // MARK: periods and stages

  /// Between epochs: a fresh optimizer where a new period begins, and the best weights so far if
  /// there are any and `training.reload` allows it.
  private func changePeriod() throws {
    guard let learner else { return }
    let period = learner.optimization.period(after: position.stageEpoch)
    guard period != learner.period else { return }
    let isBack = plan.recipe.training[TrainingSettings.reload] && position.bestStep != nil
    if isBack { try takeBest() }
    learner.enter(period: period)
    let weights = isBack ? ", with the weights of step \(position.bestStep ?? 0)" : ""
    say(.info, "period", learner.optimization.summary(of: period) + weights)
  }

  /// Restores the best weights of the stage and ends it in the method; goes on to the next stage,
  /// or all is trained.
  private func endStage() throws {
    guard let learner else { return }
    if position.bestStep != nil { try takeBest() } else { warnOfNoSelection() }
    if let report = try learner.endStage(context(learner), of: plan.stages.count) {
      if let choice = report.choice { say(.info, "share", choice.text) }
      let mask = MaskDelta(report, method: plan.recipe.method)
      emit(mask)
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

  private func takeBest() throws {
    try learner?.goBack(to: Checkpoint(reading: plan.folder.best).tensors)
  }

  // MARK: the test

  func beginTest() {
    do {
      if position.bestStep != nil, !position.isTrained { try takeBest() }
      if !position.isTrained, position.stageEpoch > 0 { warnOfNoSelection() }
      guard position.bestStep != nil || saveBest("epoch") else { return }
    } catch { return fail("checkpoint", reason(of: error)) }
    guard !plan.test.clips.isEmpty, isScored else { return end(stopping == nil ? .done : .stopped) }
    evaluate(.test)
  }

  private func finish(_ evaluation: Evaluation) {
    do {
      let network = MethodCatalog.find(plan.recipe.method)?.result ?? .student
      try evaluation.writePredictions(of: network, to: plan.folder)
      if let scores = try validated(network.rawValue) {
        try RunCalibration(of: scores, network, classes: plan.classes)?.write(plan.folder)
      }
    } catch { return fail("predictions", reason(of: error)) }
    let scores = Dictionary(
      uniqueKeysWithValues: evaluation.results.map { ($0.end.model, $0.end.metrics) })
    if let coverage = evaluation.results.first?.end.coverage { say(.info, "coverage", coverage) }
    end(stopping == .evaluate && !position.isTrained ? .stopped : .done, scores: ["test": scores])
  }
}
