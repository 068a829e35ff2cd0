// How a run begins, what it saves on the way, and how it ends.
import Autograd
import Datasets
import Formats
import Foundation
import Layers

extension Trainer {
  func begin() {
    do {
      try openLog()
      let learner = try Learner(plan)
      self.learner = learner
      if let resumed { try resume(from: resumed, learner) }
      announceStart(learner)
      forecast(learner)
      stage = .learning
      keepEpoch()
      emit(StateChange(state: .running, what: stageName))
      if position.isTrained { beginTest() }
    } catch {
      if stream == nil { stream = EventStream(run: run, after: nil) { [live] in live($0) } }
      fail("start", reason(of: error))
    }
  }

  private func openLog() throws {
    let last = try EventLog.last(in: plan.folder.events)
    log = try EventLogWriter(plan.folder.events) { [weak self, queue] failure in
      queue.async { [weak self] in self?.logFailed(failure) }
    }
    stream = EventStream(run: run, after: last) { [weak self, live] event in
      self?.log?.append(event)
      // An end that the log cannot keep is not the run's end.
      if event.body is RunEnded, let self, !keepsEnd() { return }
      live(event)
    }
  }

  private func resume(from checkpoint: Checkpoint, _ learner: Learner) throws {
    func wrong(_ what: String, _ expected: String) -> LabError {
      LabError("\(plan.folder.last.path): \(what); expected \(expected)")
    }
    guard let position = checkpoint.position, let generator = checkpoint.generator else {
      throw wrong("no position", "a 'last' checkpoint")
    }
    guard (0...plan.stepsPerEpoch).contains(position.batch), position.epoch >= 0 else {
      throw wrong("position out of range", "this run's own")
    }
    guard plan.stages.indices.contains(position.stage) else {
      throw wrong("stage out of range", "this run's own")
    }
    try learner.restore(
      checkpoint.tensors, at: position, context: context(learner), generator: generator)
    self.position = position
    savedPosition = position
  }

  private func announceStart(_ learner: Learner) {
    let model = learner.method.model
    emit(plan.started(model, hasTeacher: learner.method.teacher != nil))
    for warning in plan.remarks { emit(warning) }
    for (key, text) in plan.automatic.sorted(by: { $0.key < $1.key }) {
      say(.info, "auto", "\(key): \(text)")
    }
    if let controlProblem { say(.info, "control", controlProblem) }
    let (trained, all) = (model.trainableCount, model.parameterCount)
    if 2 * trained < all { say(.info, "frozen", "\(trained) of \(all) values are trained") }
    if resumed != nil { say(.info, "resumed", "resumed after step \(position.step)") }
  }

  // MARK: checkpoints

  /// Writes everything that resuming takes. `false`: it failed, and so has the run.
  @discardableResult func save(_ why: String) -> Bool {
    guard let learner else { return false }
    var checkpoint = Checkpoint(plan, tensors: learner.state)
    checkpoint.position = position
    checkpoint.generator = learner.random.generator
    guard write(checkpoint, to: plan.folder.last, as: "last", why) else { return false }
    savedPosition = position
    return true
  }

  /// Writes the weights as the best so far. `false`: it failed, and so has the run.
  func saveBest(_ why: String) -> Bool {
    guard let learner else { return false }
    learner.markBest()
    let weights = learner.weights
    bestWeights = KeptStates.bytes(of: weights) <= KeptStates.capacity / 4 ? weights : nil
    let checkpoint = Checkpoint(plan, tensors: weights)
    return write(checkpoint, to: plan.folder.best, as: "best", why)
  }

  private func write(
    _ checkpoint: Checkpoint, to url: URL, as name: String, _ why: String
  ) -> Bool {
    let start = DispatchTime.now()
    // A run that resumes from the checkpoint does not repeat the events before it.
    do { try log?.sync() } catch {
      logFailed("\(error)")
      return false
    }
    do {
      try checkpoint.write(to: url)
      let bytes = try StoredFile.stamp(url)?.bytes ?? 0
      emit(CheckpointSaved(file: name, reason: why, bytes: bytes, ms: start.seconds * 1000))
      return true
    } catch {
      let kept = savedPosition.map { "; the checkpoint of step \($0.step) is kept" } ?? ""
      fail("checkpoint", reason(of: error) + kept)
      return false
    }
  }

  // MARK: endings

  /// The last event: to the log, to the sink, to those who wait.
  func end(_ reason: RunEnded.Reason, scores: [String: [String: [String: Double]]] = [:]) {
    stream?.settle()
    emit(StateChange(state: reason == .failed ? .failed : .done, what: reason.rawValue))
    let ended = RunEnded(
      reason: reason, scores: scores, wall: position.wall, lostClips: plan.lostClipsIfAny)
    let hadLog = log != nil
    emit(ended)
    // Without a log now, its last line could not be written: `keepsEnd` has ended the run instead.
    let isKept = !hadLog || log != nil
    log = nil
    stopListening()
    lock = nil
    setEnded(isKept ? ended : failed)
  }

  private var failed: RunEnded { RunEnded(reason: .failed, scores: [:], wall: position.wall) }

  /// Saves, then ends.
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

  private func fail(_ divergence: Divergence) {
    if case .over = stage { return }
    emit(
      Fault(
        code: Fault.nonFinite, message: "step \(position.step + 1): \(divergence)",
        tensor: divergence.tensor, lastGoodCheckpoint: savedPosition?.step,
        suggestion: ["lower training.learningRate", "look at the input of this batch"]))
    end(.failed)
  }

  /// Does `work`; the run fails with what it throws.
  func failing(_ work: () throws -> Void) {
    do { try work() } catch let divergence as Divergence {
      fail(divergence)
    } catch {
      fail("error", reason(of: error))
    }
  }

  /// False if the last line of the log could not be written: the run has failed instead.
  private func keepsEnd() -> Bool {
    do { try log?.sync() } catch {
      log = nil
      say(.error, "log", "\(error)")
      emit(StateChange(state: .failed, what: RunEnded.Reason.failed.rawValue))
      emit(failed)
      return false
    }
    return true
  }

  private func logFailed(_ text: String) {
    log = nil
    fail("log", text)
  }
}
