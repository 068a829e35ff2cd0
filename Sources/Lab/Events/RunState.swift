/// Everything a screen shows of a run, folded from its events. Pure: live, replay and tests agree.
public struct RunState: Sendable, Equatable {
  public fileprivate(set) var run = ""
  public fileprivate(set) var started: RunStarted?
  /// The log's form, if another program writes it; such a run has neither start nor end.
  public fileprivate(set) var otherLog: LogFormat?
  public fileprivate(set) var lifecycle = StateChange(state: .idle, fraction: nil, what: nil)
  public fileprivate(set) var phase: PhaseChange?
  public fileprivate(set) var progress: Progress?
  public fileprivate(set) var step = 0
  public fileprivate(set) var epoch = 0
  /// Nanoseconds since the run started, of the latest event.
  public fileprivate(set) var t: UInt64 = 0
  public fileprivate(set) var seq: UInt64 = 0
  /// Loss terms, weights, rates: one curve a name (`loss/total`, `lr`, …). Evaluations add
  /// `validation/student/ap-macro` and the like, distances `distances/vggish/correlation`.
  public fileprivate(set) var series: [String: Series] = [:]
  /// Seconds since the run started, at the last step of each stretch of curves.
  public fileprivate(set) var clock = Series()
  public fileprivate(set) var terms: [TermReport] = []
  /// The step that `terms` are of.
  public fileprivate(set) var termsStep = 0
  /// Latest evaluation of each `split/model`.
  public fileprivate(set) var evaluations: [String: EvalEnd] = [:]
  /// The epoch each of them closed.
  public fileprivate(set) var evaluationEpochs: [String: Int] = [:]
  /// Every mask of the method; one made again at the same step, by a resumed run, replaces it.
  public fileprivate(set) var masks: [MaskMoment] = []
  /// Teacher against student, epoch by epoch, on clips with predictions of both.
  public fileprivate(set) var disagreements = Disagreements()
  /// Latest distances between clips, by extractor.
  public fileprivate(set) var distances: [String: Distances] = [:]
  /// The epoch that closed before each of them.
  public fileprivate(set) var distanceEpochs: [String: Int] = [:]
  public fileprivate(set) var predictions: [String: ClipPrediction] = [:]
  /// The snapshots of the last step that was shown phase by phase; empty after a later step that
  /// was not.
  public fileprivate(set) var walk: [StepSnapshot] = []
  /// The step of `walk`; it counts only when it is over.
  public fileprivate(set) var walkStep = 0
  /// The present stage of a method that trains more than one network.
  public fileprivate(set) var stage: String?
  /// Log lines, and a line for each start, evaluation, checkpoint, hold and end.
  public fileprivate(set) var log: [(t: UInt64, line: LogLine)] = []
  public fileprivate(set) var checkpoints: [String: CheckpointSaved] = [:]
  public fileprivate(set) var bestStep: Int?
  public fileprivate(set) var resources: Resources?
  /// What the process used lately, about once a second, the newest last.
  public fileprivate(set) var machine: [MachineSample] = []
  public fileprivate(set) var fault: Fault?
  public fileprivate(set) var ended: RunEnded?

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
    event.body.update(&self)
    if let note = event.body.note(of: event, in: started) {
      append(note)
    }
  }

  fileprivate mutating func append(_ line: LogLine) {
    log.append((t, line))
    if log.count > Self.logCapacity { log.removeFirst(log.count - Self.logCapacity) }
  }

  fileprivate mutating func append(_ value: Double, to name: String) {
    series[name, default: Series()].append(Float(value), at: step)
  }

  /// The newest mask of the method.
  public var mask: MaskDelta? { masks.last?.mask }
}

// MARK: what each event changes

extension RunStarted {
  /// A run that is resumed after an end has not ended.
  public func update(_ state: inout RunState) {
    state.started = self
    (state.fault, state.ended) = (nil, nil)
  }
}

extension StateChange {
  /// After its step a run has no curves and no masks yet: it has stepped back, or resumed from an
  /// older checkpoint.
  public func update(_ state: inout RunState) {
    let step = state.step
    for (name, curve) in state.series where (curve.last?.step ?? 0) > step {
      state.series[name]?.forget(from: step + 1)
    }
    if (state.clock.last?.step ?? 0) > step { state.clock.forget(from: step + 1) }
    state.masks.removeAll { $0.step > step }
    if state.walkStep > step + 1 { state.walk = [] }
    state.lifecycle = self
    if self.state == .running, let what, state.started?.stages?.contains(what) == true {
      state.stage = what
    }
  }
}

extension PhaseChange {
  public func update(_ state: inout RunState) { state.phase = self }
}

extension Progress {
  public func update(_ state: inout RunState) { state.progress = self }
}

extension Scalars {
  public func update(_ state: inout RunState) {
    state.clock.append(Float(Double(state.t) / 1e9), at: state.step)
    for (place, name) in names.enumerated() {
      state.series[name, default: Series(reserving: state.started?.plannedSteps ?? 0)]
        .append(row(of: place), from: first)
    }
  }
}

extension OtherLogOpened {
  /// Nothing of what the log held before counts any more.
  public func update(_ state: inout RunState) {
    var fresh = RunState()
    (fresh.run, fresh.otherLog, fresh.lifecycle.state) = (state.run, format, .running)
    state = fresh
  }
}

extension OtherLogPoints {
  public func update(_ state: inout RunState) {
    state.clock.append(Float(Double(state.t) / 1e9), at: state.step)
    forEach { state.series[$0, default: Series()].append($2, at: $1) }
  }
}

extension Terms {
  /// A single term is measured at every step, even if an older log does not say so.
  public func update(_ state: inout RunState) {
    (state.terms, state.termsStep) = (terms, state.step)
    if terms.count == 1, terms[0].gradNorm != nil { state.terms[0].measuredAt = state.step }
  }
}

extension EvalEnd {
  public func update(_ state: inout RunState) {
    state.evaluations["\(split)/\(model)"] = self
    state.evaluationEpochs["\(split)/\(model)"] = state.epoch
    for (metric, value) in values { state.append(value, to: "\(split)/\(model)/\(metric)") }
  }
}

extension MaskDelta {
  public func update(_ state: inout RunState) {
    let step = state.step
    state.masks.removeAll { $0.step >= step }
    state.masks.append(MaskMoment(step: step, epoch: state.epoch, mask: self))
  }
}

extension Distances {
  /// The newest matrices are kept whole; of earlier ones, their similarity.
  public func update(_ state: inout RunState) {
    state.distances[extractor] = self
    state.distanceEpochs[extractor] = state.epoch
    for (name, value) in [("correlation", correlation), ("difference", difference)]
    where value.isFinite {
      state.append(value, to: "distances/\(extractor)/\(name)")
    }
  }
}

extension ClipPrediction {
  public func update(_ state: inout RunState) {
    state.predictions["\(model)/\(clip)"] = self
    let rival = model == "teacher" ? "student" : "teacher"
    state.disagreements.add(
      self, other: state.predictions["\(rival)/\(clip)"], step: state.step, epoch: state.epoch)
  }
}

extension CheckpointSaved {
  public func update(_ state: inout RunState) {
    state.checkpoints[file] = self
    if file == "best" { state.bestStep = state.step }
  }
}

extension LogLine {
  public func update(_ state: inout RunState) { state.append(self) }
}

extension Fault {
  public func update(_ state: inout RunState) { state.fault = self }
}

extension Resources {
  public func update(_ state: inout RunState) {
    state.resources = self
    state.machine.append(
      MachineSample(
        t: state.t, cpu: cpu, memory: rss, written: written,
        stepsPerSecond: state.progress?.stepsPerSec))
    if state.machine.count > RunState.machineCapacity { state.machine.removeFirst() }
  }
}

extension RunEnded {
  public func update(_ state: inout RunState) { state.ended = self }
}

extension StepSnapshot {
  /// Another batch begins another walk.
  public func update(_ state: inout RunState) {
    if let phases = phasesOfOlderLog {
      (state.walk, state.walkStep) = (phases, state.step)
      return
    }
    if phase == .batch || clips != state.walk.last?.clips { state.walk = [] }
    state.walk.append(self)
    state.walkStep = state.step + 1
  }

  /// Older logs have one snapshot of a step that was taken at once, that of its update, after the
  /// step, with the tensors of its forward pass: those belong to the phases before. Nil for others.
  private var phasesOfOlderLog: [StepSnapshot]? {
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
  /// Seconds since the run started at the end of `step`; interpolated between entries of `clock`.
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
