/// Everything a screen shows of a run, folded from its events. Pure: live, replay and tests agree.
public struct RunState: Sendable, Equatable {
  public private(set) var run = ""
  public private(set) var started: RunStarted?
  public private(set) var lifecycle = StateChange(state: .idle, fraction: nil, what: nil)
  public private(set) var phase: PhaseChange?
  public private(set) var progress: Progress?
  public private(set) var step = 0
  public private(set) var epoch = 0
  /// Nanoseconds since the run started, of the latest event.
  public private(set) var t: UInt64 = 0
  public private(set) var seq: UInt64 = 0
  /// Loss terms, weights, rates: one curve a name (`loss/total`, `lr`, …). Evaluations add
  /// `validation/student/ap-macro` and the like, distances `distances/vggish/correlation`.
  public private(set) var series: [String: Series] = [:]
  /// Seconds since the run started, at the last step of each stretch of curves.
  public private(set) var clock = Series()
  public private(set) var terms: [TermReport] = []
  /// The step that `terms` are of.
  public private(set) var termsStep = 0
  /// Latest evaluation of each `split/model`.
  public private(set) var evaluations: [String: EvalEnd] = [:]
  /// The epoch each of them closed.
  public private(set) var evaluationEpochs: [String: Int] = [:]
  /// Every mask of the method; one made again at the same step, by a resumed run, replaces it.
  public private(set) var masks: [MaskMoment] = []
  /// Teacher against student, epoch by epoch, on clips that were asked about.
  public private(set) var disagreements = Disagreements()
  /// Latest distances between clips, by extractor.
  public private(set) var distances: [String: Distances] = [:]
  /// The epoch that closed before each of them.
  public private(set) var distanceEpochs: [String: Int] = [:]
  public private(set) var predictions: [String: ClipPrediction] = [:]
  /// The snapshots of the step that is walked through, or was last, phase by phase; empty once a
  /// later step has come that nobody walked through.
  public private(set) var walk: [StepSnapshot] = []
  /// The step that `walk` is of; it counts only when it is over.
  public private(set) var walkStep = 0
  /// What is trained now, where the method trains more than one network.
  public private(set) var stage: String?
  /// Log lines, and a line for each start, evaluation, checkpoint, hold and end.
  public private(set) var log: [(t: UInt64, line: LogLine)] = []
  public private(set) var checkpoints: [String: CheckpointSaved] = [:]
  public private(set) var bestStep: Int?
  public private(set) var resources: Resources?
  public private(set) var fault: Fault?
  public private(set) var ended: RunEnded?

  /// Lines of log kept for the screen.
  public static let logCapacity = 500

  public init() {}

  public static func == (a: RunState, b: RunState) -> Bool {
    a.run == b.run && a.seq == b.seq && a.started == b.started && a.lifecycle == b.lifecycle
      && a.series == b.series && a.evaluations == b.evaluations && a.terms == b.terms
      && a.predictions == b.predictions && a.mask == b.mask
      && a.distances == b.distances && a.fault == b.fault && a.ended == b.ended
      && a.log.elementsEqual(b.log) { $0.t == $1.t && $0.line == $1.line }
  }

  public mutating func apply(_ event: Event) {
    run = event.run
    seq = event.seq
    t = event.t
    step = event.step
    epoch = event.epoch
    if step > walkStep { walk = [] }
    switch event.body {
    case .started(let started): begin(started)
    case .state(let change): apply(change)
    case .phase(let change): phase = change
    case .progress(let progress): self.progress = progress
    case .scalars(let scalars): append(scalars)
    case .terms(let report): apply(report)
    case .evalEnd(let evaluation): apply(evaluation)
    case .maskDelta(let mask): apply(mask)
    case .distances(let distances): apply(distances)
    case .clipPred(let prediction): apply(prediction)
    case .stepSnapshot(let snapshot): apply(snapshot)
    case .checkpoint(let saved): apply(saved)
    case .log(let line): append(line)
    case .fault(let fault): self.fault = fault
    case .resources(let resources): self.resources = resources
    case .ended(let ended): self.ended = ended
    case .evalStart, .reply: break
    }
    if let note = event.note(hasTeacher: started?.hasTeacher ?? false) { append(note) }
  }

  /// A run that goes on after an end has not ended.
  private mutating func begin(_ started: RunStarted) {
    self.started = started
    (fault, ended) = (nil, nil)
  }

  /// Behind its step a run has no curves and no masks yet: it has gone back, or on from an older
  /// checkpoint.
  private mutating func apply(_ change: StateChange) {
    for (name, curve) in series where (curve.last?.step ?? 0) > step {
      series[name]?.forget(from: step + 1)
    }
    if (clock.last?.step ?? 0) > step { clock.forget(from: step + 1) }
    masks.removeAll { $0.step > step }
    if walkStep > step + 1 { walk = [] }
    lifecycle = change
    if change.state == .running, let what = change.what, started?.stages?.contains(what) == true {
      stage = what
    }
  }

  /// A term that is alone is measured at every step, also where an older log does not say so.
  private mutating func apply(_ report: Terms) {
    (terms, termsStep) = (report.terms, step)
    if terms.count == 1, terms[0].gradNorm != nil { terms[0].measuredAt = step }
  }

  /// What the method masked last.
  public var mask: MaskDelta? { masks.last?.mask }

  private mutating func apply(_ mask: MaskDelta) {
    masks.removeAll { $0.step >= step }
    masks.append(MaskMoment(step: step, epoch: epoch, mask: mask))
  }

  private mutating func apply(_ prediction: ClipPrediction) {
    predictions["\(prediction.model)/\(prediction.clip)"] = prediction
    let rival = prediction.model == "teacher" ? "student" : "teacher"
    disagreements.add(
      prediction, other: predictions["\(rival)/\(prediction.clip)"], step: step, epoch: epoch)
  }

  /// Another batch begins another walk.
  private mutating func apply(_ snapshot: StepSnapshot) {
    if let phases = snapshot.phasesOfOlderLog {
      (walk, walkStep) = (phases, step)
      return
    }
    if snapshot.phase == .batch || snapshot.clips != walk.last?.clips { walk = [] }
    walk.append(snapshot)
    walkStep = step + 1
  }

  /// The newest matrices are kept whole, of those before how alike the two were.
  private mutating func apply(_ distances: Distances) {
    self.distances[distances.extractor] = distances
    distanceEpochs[distances.extractor] = epoch
    let values = ["correlation": distances.correlation, "difference": distances.difference]
    for (name, value) in values where value.isFinite {
      let name = "distances/\(distances.extractor)/\(name)"
      series[name, default: Series()].append(Float(value), at: step)
    }
  }

  private mutating func append(_ scalars: Scalars) {
    clock.append(Float(Double(t) / 1e9), at: step)
    for (place, name) in scalars.names.enumerated() {
      series[name, default: Series(reserving: started?.plannedSteps ?? 0)]
        .append(scalars.row(of: place), from: scalars.first)
    }
  }

  private mutating func apply(_ evaluation: EvalEnd) {
    evaluations["\(evaluation.split)/\(evaluation.model)"] = evaluation
    evaluationEpochs["\(evaluation.split)/\(evaluation.model)"] = epoch
    let values = evaluation.loss.map { ["loss": $0] } ?? [:]
    for (metric, value) in evaluation.metrics.merging(values, uniquingKeysWith: { $1 }) {
      let name = "\(evaluation.split)/\(evaluation.model)/\(metric)"
      series[name, default: Series()].append(Float(value), at: step)
    }
  }

  private mutating func apply(_ saved: CheckpointSaved) {
    checkpoints[saved.file] = saved
    if saved.file == "best" { bestStep = step }
  }

  private mutating func append(_ line: LogLine) {
    log.append((t, line))
    if log.count > Self.logCapacity { log.removeFirst(log.count - Self.logCapacity) }
  }
}

extension StepSnapshot {
  /// Older logs told a step that was taken at once as one snapshot of its update, behind the step,
  /// with the tensors of its forward pass: those belong to the phases before. Nil for others.
  fileprivate var phasesOfOlderLog: [StepSnapshot]? {
    guard phase == .optim, tensors.contains(where: { $0.name == "input" }) else { return nil }
    var student = tensors.filter { $0.name == "probabilities" }
    for i in student.indices { student[i].name = "student" }
    func part(_ phase: PhaseChange.Name, _ tensors: [TensorSummary]) -> StepSnapshot {
      StepSnapshot(phase: phase, clips: clips, tensors: tensors, terms: [])
    }
    var update = self
    update.tensors = []
    return [
      part(.batch, tensors.filter { $0.name != "probabilities" }), part(.studentFwd, student),
      update,
    ]
  }
}

extension RunState {
  /// Seconds since the run started when `step` was over; between two stretches of the log in equal
  /// parts.
  public func seconds(at step: Int) -> Double {
    let (steps, times) = (clock.steps, clock.values)
    guard let last = steps.last, let end = times.last else { return 0 }
    guard step < Int(last) else { return Double(end) }
    var (low, high) = (0, steps.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if Int(steps[middle]) >= step { high = middle } else { low = middle + 1 }
    }
    let (from, start) = low == 0 ? (0, 0) : (Int(steps[low - 1]), Double(times[low - 1]))
    let share = Double(step - from) / Double(max(1, Int(steps[low]) - from))
    return start + min(1, max(0, share)) * (Double(times[low]) - start)
  }
}
