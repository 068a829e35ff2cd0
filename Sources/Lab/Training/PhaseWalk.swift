// One optimizer step taken phase by phase, so that the values of each can be inspected.
import Autograd
import Datasets
import Dispatch
import Methods

/// The progress of such a step. Student, teacher and losses are computed together and shown one
/// after the other; weights change in `optim` and averages in `ema` alone.
struct PhaseWalk {
  let batch: Batch
  private var step: LearningStep?
  /// What comes next.
  private var remaining: ArraySlice<PhaseChange.Name>
  /// Duration of the phases so far.
  private(set) var seconds = 0.0

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

  var outcome: LearningStep.Outcome? { step?.outcome }
  var isOver: Bool { remaining.isEmpty }

  /// Takes the next phase; its name and its duration in nanoseconds.
  mutating func advance(_ learner: Learner) throws -> (phase: PhaseChange.Name, duration: UInt64) {
    let phase = remaining.popFirst() ?? .ema
    let start = DispatchTime.now()
    try take(phase, learner)
    let duration = start.seconds
    seconds += duration
    return (phase, UInt64(duration * 1e9))
  }

  private mutating func take(_ phase: PhaseChange.Name, _ learner: Learner) throws {
    switch phase {
    case .studentFwd: step = try learner.forward(batch, measuring: true)
    case .backward: try change { try learner.backward(&$0) }
    case .optim:
      change { learner.update(&$0) }
      if learner.method.teacher == nil { learner.average() }
    case .ema: learner.average()
    case .batch, .teacherFwd, .losses, .eval: break
    }
  }

  private mutating func change(_ body: (inout LearningStep) throws -> Void) rethrows {
    guard var changed = step else { return }
    step = nil  // so that the gradient is changed in place
    try body(&changed)
    step = changed
  }
}

extension StepSnapshot {
  /// What the step, the `step`-th, knows after `phase`. The network that learns is named
  /// `student` or, if a method trains it first, `teacher`.
  init(
    _ batch: Batch, _ outcome: LearningStep.Outcome?, at phase: PhaseChange.Name, step: Int,
    by learner: Learner, duration: UInt64? = nil
  ) {
    let trained = learner.trainedName
    let (student, teacher) = (outcome?.probabilities, outcome?.teacher)
    var tensors: [(String, Tensor)] = []
    var answers: Tensor?
    switch phase {
    case .batch:
      tensors = [
        ("input", batch.input), ("targets", batch.targets), ("observed", batch.observed),
      ]
    case .studentFwd:
      tensors = student.map { [(trained, $0)] } ?? []
      if trained == "student" { answers = student }
    case .teacherFwd:
      (tensors, answers) = (teacher.map { [("teacher", $0)] } ?? [], teacher)
      if let student, let teacher, student.shape == teacher.shape {
        tensors.append(("teacher - student", teacher - student))
      }
    case .losses, .backward, .optim, .ema, .eval: break
    }
    self.init(
      phase: phase, clips: batch.clips, tensors: tensors.map { TensorSummary($0.0, $0.1) },
      terms: outcome?.terms(at: phase, step: step) ?? [], duration: duration,
      answers: answers.map { $0.rows.map { $0.map { ($0 * 1e4).rounded() / 1e4 } } },
      rate: phase == .optim ? outcome?.rate : nil,
      kept: phase == .ema ? learner.method.keptShare : nil)
  }
}

extension LearningStep.Outcome {
  /// The terms as known after `phase`; only the losses list the counted entries.
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

extension TensorSummary {
  fileprivate init(_ name: String, _ tensor: Tensor) {
    let values = tensor.values
    let finite = values.filter(\.isFinite)
    self.init(
      name: name, shape: tensor.shape, min: finite.min() ?? 0, max: finite.max() ?? 0,
      mean: finite.isEmpty ? 0 : finite.reduce(0, +) / Float(finite.count),
      norm: finite.reduce(0) { $0 + $1 * $1 }.squareRoot(),
      nonFinite: values.count - finite.count)
  }
}

extension Tensor {
  /// Rows of a matrix [N, C].
  fileprivate var rows: [ArraySlice<Float>] {
    let values = values
    let width = shape.last ?? 0
    guard shape.count == 2, width > 0 else { return [] }
    return stride(from: 0, to: values.count, by: width).map { values[$0..<$0 + width] }
  }
}
