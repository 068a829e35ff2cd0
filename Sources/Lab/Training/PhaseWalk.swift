// One optimizer step taken phase by phase, so that the numbers of each can be looked at.
import Autograd
import Datasets
import Dispatch
import Methods

/// Where a step that is walked through stands. Student, teacher and losses are computed together
/// and shown one after the other; weights change in `optim` and averages in `ema` alone.
struct PhaseWalk {
  var batch: Batch
  var step: LearningStep?
  /// What comes next.
  var remaining: ArraySlice<PhaseChange.Name>
  var seconds = 0.0

  init(_ batch: Batch, hasTeacher: Bool) {
    self.batch = batch
    remaining = ArraySlice(Self.phases(hasTeacher: hasTeacher))
  }

  static func phases(hasTeacher: Bool) -> [PhaseChange.Name] {
    let all: [PhaseChange.Name] = [
      .batch, .studentFwd, .teacherFwd, .losses, .backward, .optim, .ema,
    ]
    return all.filter { hasTeacher || ($0 != .teacherFwd && $0 != .ema) }
  }
}

extension Trainer {
  func beginWalk(_ learner: Learner) throws {
    walk = PhaseWalk(nextBatch(), hasTeacher: learner.method.teacher != nil)
    try walkOn()
  }

  /// The next phase; behind the last one the step is over. Asked for whole batches (or for a
  /// stop) in the middle of a step, it finishes the step first.
  func walkOn() throws {
    guard let learner, var walk, let phase = walk.remaining.popFirst() else { return }
    let start = DispatchTime.now()
    try take(phase, &walk, learner)
    walk.seconds += start.seconds
    self.walk = walk.remaining.isEmpty ? nil : walk
    let duration = UInt64(start.seconds * 1e9)
    emit(.phase(PhaseChange(phase: phase, duration: duration)), always: true)
    emit(
      .stepSnapshot(
        StepSnapshot(
          walk.batch, walk.step?.outcome, at: phase, step: position.step + 1,
          trained: learner.trainedName, duration: duration)))
    if self.walk == nil { finish(walk) } else { countDown(.phase) }
  }

  /// A step that was taken at once, told as if it had been walked through: the same numbers, but no
  /// time of each phase. Comes before the step is counted, as in a walk.
  func tellPhases(_ batch: Batch, _ outcome: LearningStep.Outcome) {
    guard let learner else { return }
    for phase in PhaseWalk.phases(hasTeacher: learner.method.teacher != nil) {
      emit(
        .stepSnapshot(
          StepSnapshot(
            batch, outcome, at: phase, step: position.step + 1, trained: learner.trainedName)))
    }
  }

  /// Brings a step that is walked through to its end.
  func finishWalk() {
    do { while walk != nil { try walkOn() } } catch let divergence as Divergence {
      fail(divergence)
    } catch {
      fail("error", reason(of: error))
    }
  }

  private func take(
    _ phase: PhaseChange.Name, _ walk: inout PhaseWalk, _ learner: Learner
  ) throws {
    switch phase {
    case .studentFwd: walk.step = try learner.forward(walk.batch, measuring: true)
    case .backward: try walk.step.mutate { try learner.backward(&$0) }
    case .optim:
      walk.step.mutate { learner.update(&$0) }
      if learner.method.teacher == nil { learner.average() }
    case .ema: learner.average()
    case .batch, .teacherFwd, .losses, .eval: break
    }
  }

  private func finish(_ walk: PhaseWalk) {
    guard let outcome = walk.step?.outcome else { return }
    count(walk.batch, seconds: walk.seconds)
    report(outcome, isStepping: true)
    countDown(.phase)
    countDown(.batch)
  }
}

extension Optional {
  /// Changes the value in place, where there is one.
  fileprivate mutating func mutate(_ change: (inout Wrapped) throws -> Void) rethrows {
    guard var value = self else { return }
    self = nil
    try change(&value)
    self = value
  }
}

extension StepSnapshot {
  /// What the step, the `step`-th, knows once `phase` is over. `trained`: the network that learns,
  /// `student` or, where a method trains it first, `teacher`.
  init(
    _ batch: Batch, _ outcome: LearningStep.Outcome?, at phase: PhaseChange.Name, step: Int,
    trained: String, duration: UInt64? = nil
  ) {
    let (learner, teacher) = (outcome?.probabilities, outcome?.teacher)
    var tensors: [(String, Tensor)] = []
    var answers: Tensor?
    switch phase {
    case .batch:
      tensors = [
        ("input", batch.input), ("targets", batch.targets), ("observed", batch.observed),
      ]
    case .studentFwd:
      tensors = learner.map { [(trained, $0)] } ?? []
      if trained == "student" { answers = learner }
    case .teacherFwd:
      (tensors, answers) = (teacher.map { [("teacher", $0)] } ?? [], teacher)
      if let learner, let teacher, learner.shape == teacher.shape {
        tensors.append(("teacher - student", teacher - learner))
      }
    case .losses, .backward, .optim, .ema, .eval: break
    }
    self.init(
      phase: phase, clips: batch.clips, tensors: tensors.map { TensorSummary($0.0, $0.1) },
      terms: outcome?.terms(at: phase, step: step) ?? [], duration: duration,
      answers: answers.map { $0.rows.map { $0.map { ($0 * 1e4).rounded() / 1e4 } } },
      rate: phase == .optim ? outcome?.rate : nil)
  }
}

extension LearningStep.Outcome {
  /// The terms as far as `phase` knows them. Which entries they count comes with the losses alone.
  fileprivate func terms(at phase: PhaseChange.Name, step: Int) -> [TermReport] {
    switch phase {
    case .batch, .studentFwd, .teacherFwd, .eval: []
    case .losses:
      zip(terms, counted).map { term, counted in
        var term = term
        (term.gradNorm, term.cosWithSupervised, term.flags) = (nil, nil, [])
        term.counted = counted?.rows.map { $0.map { $0 > 0 ? "1" : "0" }.joined() }
        return term
      }
    case .backward, .optim, .ema:
      terms.map { term in
        var term = term
        if term.gradNorm != nil { term.measuredAt = step }
        return term
      }
    }
  }
}

extension Tensor {
  /// Of a matrix [N, C].
  fileprivate var rows: [ArraySlice<Float>] {
    let values = values, width = shape.last ?? 0
    guard shape.count == 2, width > 0 else { return [] }
    return stride(from: 0, to: values.count, by: width).map { values[$0..<$0 + width] }
  }
}
