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
    let all: [PhaseChange.Name] = [
      .batch, .studentFwd, .teacherFwd, .losses, .backward, .optim, .ema,
    ]
    remaining = ArraySlice(all.filter { hasTeacher || ($0 != .teacherFwd && $0 != .ema) })
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
    emit(.stepSnapshot(StepSnapshot(walk, at: phase, duration)))
    if self.walk == nil { finish(walk) } else { countDown(.phase) }
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
  /// What the step knows once `phase` is over.
  init(_ walk: PhaseWalk, at phase: PhaseChange.Name, _ duration: UInt64) {
    let outcome = walk.step?.outcome
    var tensors: [(String, Tensor)] = []
    switch phase {
    case .batch:
      let batch = walk.batch
      tensors = [
        ("input", batch.input), ("targets", batch.targets), ("observed", batch.observed),
      ]
    case .studentFwd: tensors = outcome?.probabilities.map { [("student", $0)] } ?? []
    case .teacherFwd:
      tensors = outcome?.teacher.map { [("teacher", $0)] } ?? []
      if let student = outcome?.probabilities, let teacher = outcome?.teacher,
        student.shape == teacher.shape
      {
        tensors.append(("teacher - student", teacher - student))
      }
    case .losses, .backward, .optim, .ema, .eval: break
    }
    self.init(
      phase: phase, clips: walk.batch.clips, tensors: tensors.map { TensorSummary($0.0, $0.1) },
      terms: [.batch, .studentFwd, .teacherFwd].contains(phase) ? [] : outcome?.terms ?? [],
      duration: duration)
  }
}
