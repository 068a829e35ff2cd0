// What the trainer does in one block: a step, or a piece of an evaluation.
import Autograd
import Datasets
import Dispatch
import Foundation

extension Trainer {
  func advance() {
    dispatchPrecondition(condition: .onQueue(queue))
    do {
      // A step begun is finished first: between steps the state is well defined.
      if walk != nil { return try walkOn() }
      if stopping == .now { return leave(.interrupted) }
      switch stage {
      case .learning: try learn()
      case .evaluating(let evaluation): try advance(evaluation)
      case .ready, .over: break
      }
    } catch let divergence as Divergence {
      fail(divergence)
    } catch {
      fail("error", reason(of: error))
    }
  }

  private func learn() throws {
    if stopping == .afterBatch { return leave(.stopped) }
    if stopping == .evaluate {
      guard save("stop") else { return }
      return beginTest()
    }
    guard let learner, position.batch < plan.stepsPerEpoch else { return beginValidation() }
    if case .stepping(_, .phase) = gate { return try beginWalk(learner) }
    let start = DispatchTime.now()
    let batch = nextBatch()
    let isStepping = gate != .open
    let measuring = isStepping || position.step % Self.termInterval == 0
    let outcome = try learner.learn(batch, measuring: measuring)
    let seconds = start.seconds
    if isShown { tellPhases(batch, outcome) }
    count(batch, seconds: seconds)
    announcePace()
    report(outcome, isStepping: isStepping)
    countDown(.batch)
  }

  /// Whether somebody may look at the step that comes: of those to the end of an epoch, the last.
  private var isShown: Bool {
    switch gate {
    case .stepping(_, .epoch): position.batch + 1 == plan.stepsPerEpoch
    case .stepping: true
    case .open, .closed: false
    }
  }

  func nextBatch() -> Batch {
    plan.train.batch(nextIndices(), epoch: position.epoch, seed: plan.recipe.seed)
  }

  private func nextIndices() -> [Int] {
    let shuffled: [Int]
    if let order, order.epoch == position.epoch {
      shuffled = order.indices
    } else {
      shuffled = plan.train.order(epoch: position.epoch, seed: plan.recipe.seed)
      order = (position.epoch, shuffled)
    }
    let start = position.batch * plan.batchSize
    return Array(shuffled[start..<min(start + plan.batchSize, shuffled.count)])
  }

  func count(_ batch: Batch, seconds: Double) {
    position.step += 1
    position.stageStep += 1
    position.batch += 1
    position.clipsSeen += batch.clips.count
    position.observedCellsSeen += Int(batch.observed.sum().item)
    position.wall += seconds
    pace.count(seconds)
    stepped?(seconds)
    if gate != .open, position.step.isMultiple(of: KeptStates.interval) { keepState() }
  }

  /// How long a training takes is known after its first step; long ones say so before anyone waits,
  /// unless the forecast did.
  private func announcePace() {
    guard pace.steps == 1 else { return }
    let left = Double(plan.plannedSteps - position.step)
    let seconds = left / max(pace.stepsPerSecond, 1e-6)
    guard seconds > Self.longTraining, isFarFromForecast(1 / pace.stepsPerSecond) else { return }
    let step = String(format: "%.3g", 1 / max(pace.stepsPerSecond, 1e-6))
    let hours = String(format: "%.1f", seconds / 3600)
    say(
      .info, "eta",
      "a step takes \(step) s: about \(hours) h for the \(Int(left)) steps left, "
        + "evaluation not counted")
  }

  /// Terms as last measured: between measurements the newest gradient norm and flags stand.
  private func remembering(_ terms: [TermReport]) -> [TermReport] {
    terms.map { term in
      var term = term
      if term.gradNorm != nil {
        term.measuredAt = position.step
        measured[term.name] = term
      } else if let before = measured[term.name] {
        (term.gradNorm, term.flags) = (before.gradNorm, before.flags)
        term.measuredAt = before.measuredAt
        term.cosWithSupervised = before.cosWithSupervised
      }
      return term
    }
  }

  func report(_ outcome: LearningStep.Outcome, isStepping: Bool) {
    var values: [String: Float] = [
      "loss/total": outcome.total, "grad/total": outcome.gradNorm, "lr": Float(outcome.rate),
    ]
    for term in outcome.terms {
      values["loss/\(term.name)"] = Float(term.value)
      if outcome.terms.count > 1 { values["w/\(term.name)"] = Float(term.weight) }
      if let norm = term.gradNorm { values["grad/\(term.name)"] = Float(norm) }
    }
    values.merge(outcome.measures) { $1 }
    stream?.record(values, step: position.step, epoch: epoch)
    let left = Double(plan.plannedSteps - position.step)
    let progress = Progress(
      plannedSteps: plan.plannedSteps, clipsSeen: position.clipsSeen,
      observedCellsSeen: position.observedCellsSeen, lr: outcome.rate,
      stepsPerSec: pace.stepsPerSecond, eta: left / max(pace.stepsPerSecond, 1e-6))
    emit(.progress(progress), always: isStepping)
    emit(.terms(Terms(terms: remembering(outcome.terms))), always: isStepping)
    if let resources = pace.resources() { emit(.resources(resources)) }
  }

  /// One less to go; closes the gate behind the last one.
  func countDown(_ unit: StepUnit) {
    guard case .stepping(let left, unit) = gate else { return }
    if left > 1 {
      gate = .stepping(left - 1, unit)
    } else {
      close("step \(position.step)")
    }
  }

  // MARK: evaluation

  private func beginValidation() {
    guard plan.validation.observed > 0 else { return endEpoch(nil) }
    evaluate(.validation)
  }

  private func evaluate(_ split: Split) {
    guard let learner else { return }
    let evaluation = Evaluation(
      split, plan.data(split), classes: plan.classes, isSingleLabel: plan.isSingleLabel,
      batchSize: plan.batchSize, threshold: plan.threshold,
      candidates: learner.method.scored(in: learner.stage))
    stage = .evaluating(evaluation)
    emit(.state(StateChange(state: .evaluating, what: split.rawValue)))
  }

  private func advance(_ evaluation: Evaluation) throws {
    let start = DispatchTime.now()
    let progress = try evaluation.advance()
    position.wall += start.seconds
    switch progress {
    case .started(let body): emit(.evalStart(body))
    case .ended(let body): emit(.evalEnd(body))
    case .working: break
    }
    guard evaluation.isFinished else { return }
    if evaluation.split == .test { finish(evaluation) } else { endEpoch(evaluation) }
  }

  /// Judges the epoch, saves, and decides what comes next.
  private func endEpoch(_ evaluation: Evaluation?) {
    guard judge(evaluation) else { return }
    reportDistances()
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
    emit(.state(StateChange(state: .running, what: stageName)))
    countDown(.epoch)
  }

  private var isStageOver: Bool {
    let patience = plan.recipe.training[TrainingSettings.patience]
    return position.stageEpoch >= plan.epochs || (patience > 0 && position.stale >= patience)
  }

  // MARK: the test

  func beginTest() {
    do {
      if position.bestStep != nil, !position.isTrained { try takeBest() }
      if !position.isTrained, position.stageEpoch > 0 { admitNoChoice() }
      guard position.bestStep != nil || saveBest("epoch") else { return }
    } catch { return fail("checkpoint", reason(of: error)) }
    guard !plan.test.clips.isEmpty else { return end(stopping == nil ? .done : .stopped) }
    evaluate(.test)
  }

  private func finish(_ evaluation: Evaluation) {
    do {
      try plan.folder.write(predictions: evaluation, of: plan.test.clips, classes: plan.classes)
    } catch { return fail("predictions", reason(of: error)) }
    let scores = Dictionary(
      uniqueKeysWithValues: evaluation.results.map { ($0.end.model, $0.end.metrics) })
    if let coverage = evaluation.results.first?.end.coverage { say(.info, "coverage", coverage) }
    end(stopping == .evaluate && !position.isTrained ? .stopped : .done, scores: ["test": scores])
  }
}
