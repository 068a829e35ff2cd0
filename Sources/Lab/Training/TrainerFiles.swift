// How a run begins, what it saves on the way, and how it fails.
import Autograd
import Datasets
import Formats
import Foundation
import Layers

extension Trainer {
  func begin() {
    do {
      let last = try EventLog.last(in: plan.folder.events)
      let log = try EventLogWriter(plan.folder.events) { [weak self, queue] failure in
        queue.async { [weak self] in self?.logFailed(failure) }
      }
      self.log = log
      stream = EventStream(run: run, after: last) { [weak self, live] event in
        self?.log?.append(event)
        // What the log cannot keep is not the run's last word.
        if event.body.kind == .ended, let self, !keepsLastWord() { return }
        live(event)
      }
      let learner = try Learner(plan)
      self.learner = learner
      if let resumed { try resume(from: resumed, learner) }
      announceStart(learner)
      forecast(learner)
      stage = .learning
      keepEpoch()
      emit(.state(StateChange(state: .running, what: stageName)))
      if position.isTrained { beginTest() }
    } catch {
      if stream == nil { stream = EventStream(run: run, after: nil) { [live] in live($0) } }
      fail("start", reason(of: error))
    }
  }

  private func resume(from checkpoint: Checkpoint, _ learner: Learner) throws {
    guard let position = checkpoint.position, let generator = checkpoint.generator else {
      throw LabError("\(plan.folder.last.path): no position; expected a 'last' checkpoint")
    }
    guard (0...plan.stepsPerEpoch).contains(position.batch), position.epoch >= 0 else {
      throw LabError("\(plan.folder.last.path): position out of range; expected this run's own")
    }
    guard plan.stages.indices.contains(position.stage) else {
      throw LabError("\(plan.folder.last.path): stage out of range; expected this run's own")
    }
    try learner.restore(
      checkpoint.tensors, at: position, context: context(learner), generator: generator)
    self.position = position
    savedPosition = position
  }

  private func announceStart(_ learner: Learner) {
    let recipe = plan.recipe
    let model = learner.method.model
    emit(
      .started(
        RunStarted(
          build: Build.version, seed: recipe.seed, threads: ThreadPool.shared.threads,
          dataset: recipe.dataset, model: recipe.model, method: recipe.method,
          classes: plan.classes, plannedSteps: plan.plannedSteps,
          plannedEpochs: plan.epochs * plan.stages.count,
          stepsPerEpoch: plan.stepsPerEpoch,
          parameters: model.parameterCount,
          trainableParameters: model.trainableCount, observed: plan.train.observed,
          entries: plan.train.entries, hasTeacher: learner.method.teacher != nil,
          capabilities: capabilities(of: model),
          recipe: recipe.yaml(dataDigest: plan.dataDigest),
          stages: plan.stages.count > 1 ? plan.stages : nil,
          lostClips: plan.lostClips > 0 ? plan.lostClips : nil))
    )
    for remark in plan.remarks { emit(.log(remark)) }
    if let controlProblem { say(.info, "control", controlProblem) }
    let (trained, all) = (model.trainableCount, model.parameterCount)
    if 2 * trained < all { say(.info, "frozen", "\(trained) of \(all) values are trained") }
    if resumed != nil { say(.info, "resumed", "resumed after step \(position.step)") }
  }

  private func capabilities(of model: any Classifier) -> [String] {
    let changesInput = (model as? any InputChanging)?.changesInput == true
    return ["pause", "phaseStep", "stepBack", "perTermGrad"]
      + (changesInput ? [RunStarted.reprogramsInput] : [])
  }

  func say(_ level: LogLine.Level, _ code: String, _ text: String) {
    emit(.log(LogLine(level: level, code: code, text: text)))
  }

  // MARK: checkpoints

  /// Everything needed to go on. `false`: it failed, and so has the run.
  @discardableResult func save(_ why: String) -> Bool {
    guard let learner else { return false }
    var checkpoint = Checkpoint(plan, tensors: learner.state)
    checkpoint.position = position
    checkpoint.generator = learner.random.generator
    guard write(checkpoint, to: plan.folder.last, as: "last", why) else { return false }
    savedPosition = position
    return true
  }

  /// The weights that count.
  func saveBest(_ why: String) -> Bool {
    guard let learner else { return false }
    learner.markBest()
    let weights = learner.weights
    let checkpoint = Checkpoint(plan, tensors: weights)
    let bytes = 4 * weights.values.reduce(0) { $0 + $1.count }
    bestWeights = bytes <= KeptStates.bytes / 4 ? weights : nil
    return write(checkpoint, to: plan.folder.best, as: "best", why)
  }

  private func write(
    _ checkpoint: Checkpoint, to url: URL, as name: String, _ why: String
  ) -> Bool {
    let start = DispatchTime.now()
    // A run that goes on from the checkpoint does not tell again what came before it.
    do { try log?.sync() } catch {
      logFailed("\(error)")
      return false
    }
    do {
      try checkpoint.write(to: url)
      let bytes = try StoredFile.stamp(url)?.bytes ?? 0
      let saved = CheckpointSaved(file: name, reason: why, bytes: bytes, ms: start.seconds * 1000)
      emit(.checkpoint(saved))
      return true
    } catch {
      let kept = savedStep.map { "; the checkpoint of step \($0) is kept" } ?? ""
      fail("checkpoint", reason(of: error) + kept)
      return false
    }
  }

  // MARK: endings

  /// Saves and goes.
  func leave(_ reason: RunEnded.Reason) {
    guard position.isTrained || save("stop") else { return }
    end(reason)
  }

  /// One error line; the run has failed.
  func fail(_ code: String, _ text: String) {
    if case .over = stage { return }
    say(.error, code, text)
    end(.failed)
  }

  func fail(_ divergence: Divergence) {
    if case .over = stage { return }
    emit(
      .fault(
        Fault(
          code: "non-finite", message: "step \(position.step + 1): \(divergence)",
          tensor: divergence.tensor, lastGoodCheckpoint: savedStep,
          suggestion: ["lower training.learningRate", "look at the input of this batch"])))
    end(.failed)
  }

  /// False where the log's last line could not be written: the run has failed instead.
  private func keepsLastWord() -> Bool {
    do { try log?.sync() } catch {
      log = nil
      say(.error, "log", "\(error)")
      emit(.state(StateChange(state: .failed, what: RunEnded.Reason.failed.rawValue)))
      let ended = RunEnded(reason: .failed, scores: [:], wall: position.wall)
      lastWord = ended
      emit(.ended(ended))
      return false
    }
    return true
  }

  private func logFailed(_ text: String) {
    log = nil
    fail("log", text)
  }

  // MARK: predictions

  /// Hundreds of clips must not hold up the training: after each batch of them a step that waits
  /// has its turn.
  func answer(_ ids: [String]) {
    let wanted = Set(ids)
    let parts = [plan.train, plan.validation, plan.test].flatMap { data -> [AskedBatch] in
      let indices = data.clips.indices.filter { wanted.contains(data.clips[$0].id) }
      return stride(from: 0, to: indices.count, by: plan.batchSize).map { start in
        let end = min(start + plan.batchSize, indices.count)
        return AskedBatch(data: data, indices: Array(indices[start..<end]))
      }
    }
    answer(parts[...])
  }

  private func answer(_ parts: ArraySlice<AskedBatch>) {
    guard let learner, let part = parts.first else { return }
    let models =
      [("student", learner.method.model)]
      + (learner.method.teacher.map { [("teacher", $0)] } ?? [])
    for (name, model) in models {
      let values = part.data.probabilities(of: model, at: part.indices)
      for (row, index) in part.indices.enumerated() {
        let clip = part.data.clips[index]
        let probabilities = values[row * plan.classes.count..<(row + 1) * plan.classes.count]
        emit(
          .clipPred(
            ClipPrediction(
              clip: clip.id, model: name, probs: Array(probabilities), labels: clip.letters)))
      }
    }
    guard parts.count > 1 else { return }
    queue.async { self.answer(parts.dropFirst()) }
  }

  /// Clips of a split whose predictions were asked for.
  private struct AskedBatch: Sendable {
    let data: SplitData
    let indices: [Int]
  }
}

extension TensorSummary {
  init(_ name: String, _ tensor: Tensor) {
    let values = tensor.values
    let finite = values.filter(\.isFinite)
    let sum = finite.reduce(0, +)
    self.init(
      name: name, shape: tensor.shape, min: finite.min() ?? 0, max: finite.max() ?? 0,
      mean: finite.isEmpty ? 0 : sum / Float(finite.count),
      norm: finite.reduce(0) { $0 + $1 * $1 }.squareRoot(),
      nonFinite: values.count - finite.count)
  }
}

extension RunFolder {
  /// Test probabilities of the student `[clips, classes]` and the clips' ids.
  func write(predictions evaluation: Evaluation, of clips: [Clip], classes: [String]) throws {
    guard let student = evaluation.results.first else { return }
    try NPY.write(student.probabilities, shape: [clips.count, classes.count], to: predictions)
    let rows = ["clip"] + clips.map { CSVText.quoted($0.id) }
    try AtomicFile.write(Data((rows.joined(separator: "\n") + "\n").utf8), to: self.clips)
  }
}
