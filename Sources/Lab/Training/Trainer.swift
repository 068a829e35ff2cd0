// Trains one run on a serial background queue, one step a block: commands are carried out between
// steps, so a pause always finds a well-defined state.
import Autograd
import Datasets
import Dispatch
import Foundation
import Metrics
import Synchronization

/// Sendable because everything below `queue` is touched on that queue alone; `emit`, `advance` and
/// `schedule`, through which all work goes, trap elsewhere.
public final class Trainer: @unchecked Sendable {
  let queue = DispatchQueue(label: "scant.trainer", qos: .userInitiated)
  private let hasEnded = DispatchSemaphore(value: 0)
  private let ending = Mutex<RunEnded?>(nil)

  let plan: TrainingPlan
  let live: @Sendable (Event) -> Void
  /// Called after each step with its duration in seconds; for measurements.
  let stepped: (@Sendable (Double) -> Void)?
  let resumed: Checkpoint?
  var lock: RunLock?
  var log: EventLogWriter?
  /// Takes commands of other processes.
  var control: ControlServer?
  var controlProblem: String?
  var stream: EventStream?
  var learner: Learner?

  var stage = Stage.ready
  var gate = Gate.open
  /// Where to stop, once a stop has been requested.
  var stopping: StopMode?
  var position = TrainingPosition()
  /// The clips of an epoch in the order they are trained.
  var order: (epoch: Int, indices: [Int])?
  /// Of the newest checkpoint.
  var savedPosition: TrainingPosition?
  /// States to step back to, and the weights of the best checkpoint if they are small.
  var keptStates = KeptStates()
  var bestWeights: [String: Tensor]?
  var pace = Pace()
  /// The step that is shown phase by phase now.
  var walk: PhaseWalk?
  private var measured = MeasuredTerms()
  /// The stage that has warned of an epoch without a score.
  var undefinedStage: Int?
  /// Validation clips as a network scored them for its test.
  var validation: (network: String, scores: LabelledScores)?
  /// The stage that has warned of what the method finds wrong.
  var warnedStage: Int?
  private var isScheduled = false

  enum Stage {
    case ready
    case learning
    case evaluating(Evaluation)
    case over
  }

  enum Gate: Equatable {
    case open
    case closed
    /// Closes after this many more.
    case stepping(Int, StepUnit)
  }

  /// Steps between measurements of the terms' gradients.
  static let termInterval = 50

  /// `sink` gets every event on the trainer's queue, in order; it must not block.
  package init(
    _ plan: TrainingPlan, resuming checkpoint: Checkpoint? = nil, lock: RunLock? = nil,
    stepped: (@Sendable (Double) -> Void)? = nil, sink: @escaping @Sendable (Event) -> Void
  ) throws {
    try plan.check()
    self.plan = plan
    self.lock = lock
    live = sink
    self.stepped = stepped
    resumed = checkpoint
  }

  public var run: String { plan.folder.name }

  /// Begins, or goes on where the checkpoint says; `paused` waits before the first step.
  public func start(paused: Bool = false) {
    queue.async {
      guard case .ready = self.stage else { return }
      self.begin()
      if paused, case .learning = self.stage { self.close("ready") }
      self.schedule()
    }
  }

  /// Blocks until the run has ended; how it ended.
  public func wait() -> RunEnded {
    hasEnded.wait()
    hasEnded.signal()
    return ending.withLock { $0 } ?? RunEnded(reason: .failed, scores: [:], wall: 0)
  }

  /// Whether the run has ended.
  public var isOver: Bool { ending.withLock { $0 != nil } }

  /// Lets those who wait go on.
  func setEnded(_ ended: RunEnded) {
    stage = .over
    ending.withLock { $0 = ended }
    hasEnded.signal()
  }

  // MARK: the loop

  /// Queues the next block unless one is queued, the gate is closed or nothing is left to do.
  func schedule() {
    dispatchPrecondition(condition: .onQueue(queue))
    guard !isScheduled, gate != .closed else { return }
    switch stage {
    case .ready, .over: return
    case .learning, .evaluating: break
    }
    isScheduled = true
    queue.async {
      self.isScheduled = false
      if self.gate != .closed { self.advance() }
      self.schedule()
    }
  }

  private func advance() {
    dispatchPrecondition(condition: .onQueue(queue))
    failing {
      // A step that has begun is finished first: between steps the state is well defined.
      if walk != nil { return try continueWalk() }
      if stopping == .now { return leave(.interrupted) }
      switch stage {
      case .learning: try learn()
      case .evaluating(let evaluation): try advance(evaluation)
      case .ready, .over: break
      }
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
    try step(learner, isStepping: gate != .open, isShown: isShown)
    countDown(.batch)
  }

  /// Whether somebody may look at the next step: of those to the end of an epoch, the last.
  private var isShown: Bool {
    switch gate {
    case .stepping(_, .epoch): position.batch + 1 == plan.stepsPerEpoch
    case .stepping: true
    case .open, .closed: false
    }
  }

  func emit(_ body: some EventBody, always: Bool = false) {
    dispatchPrecondition(condition: .onQueue(queue))
    stream?.emit(body, step: position.step, epoch: epoch, always: always)
  }

  func say(_ level: LogLine.Level, _ code: String, _ text: String) {
    emit(LogLine(level: level, code: code, text: text))
  }

  /// Counted from 1: the epoch of the newest step.
  var epoch: Int { max(0, position.step - 1) / max(plan.stepsPerEpoch, 1) + 1 }

  // MARK: a step

  /// Takes the next step whole. `isShown`: emits its phases as well.
  func step(_ learner: Learner, isStepping: Bool, isShown: Bool) throws {
    let start = DispatchTime.now()
    let batch = nextBatch()
    let isMeasured = isStepping || position.step % Self.termInterval == 0
    let outcome = try learner.learn(batch, measuring: isMeasured)
    let seconds = start.seconds
    if isShown { emitPhases(batch, outcome, learner) }
    count(batch, seconds: seconds)
    if gate != .closed { announcePace() }
    report(outcome, isStepping: isStepping)
  }

  private func nextBatch() -> Batch {
    if order?.epoch != position.epoch {
      order = (position.epoch, plan.train.order(epoch: position.epoch, seed: plan.recipe.seed))
    }
    let left = (order?.indices ?? []).dropFirst(position.batch * plan.batchSize)
    return plan.batch(
      Array(left.prefix(plan.batchSize)), epoch: position.epoch, step: position.step)
  }

  private func count(_ batch: Batch, seconds: Double) {
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

  private func report(_ outcome: LearningStep.Outcome, isStepping: Bool) {
    stream?.record(outcome.scalars, step: position.step, epoch: epoch)
    let seconds = pace.seconds(for: plan.plannedSteps - position.step)
    emit(
      progress(rate: outcome.rate, stepsPerSecond: pace.stepsPerSecond, left: seconds),
      always: isStepping)
    let terms = measured.completing(outcome.terms, at: position.step)
    emit(Terms(terms: terms), always: isStepping)
    if let resources = pace.resources() { emit(resources) }
  }

  func progress(rate: Double, stepsPerSecond: Double, left: Double) -> Progress {
    Progress(
      plannedSteps: plan.plannedSteps, clipsSeen: position.clipsSeen,
      observedCellsSeen: position.observedCellsSeen, lr: rate, stepsPerSec: stepsPerSecond,
      eta: left)
  }

  // MARK: a step phase by phase

  private func beginWalk(_ learner: Learner) throws {
    walk = PhaseWalk(nextBatch(), hasTeacher: learner.method.teacher != nil)
    try continueWalk()
  }

  /// Takes the next phase; the last one ends the step.
  private func continueWalk() throws {
    guard let learner, var walk else { return }
    let (phase, duration) = try walk.advance(learner)
    self.walk = walk.isOver ? nil : walk
    emit(PhaseChange(phase: phase, duration: duration), always: true)
    emit(
      StepSnapshot(
        walk.batch, walk.outcome, at: phase, step: position.step + 1, by: learner,
        duration: duration))
    guard walk.isOver, let outcome = walk.outcome else { return countDown(.phase) }
    count(walk.batch, seconds: walk.seconds)
    report(outcome, isStepping: true)
    countDown(.phase)
    countDown(.batch)
  }

  /// Brings a step that is shown phase by phase to its end.
  func finishWalk() {
    failing { while walk != nil { try continueWalk() } }
  }

  /// The snapshots of a step that was taken at once: the same numbers as phase by phase, without
  /// durations. Comes before the step is counted.
  private func emitPhases(_ batch: Batch, _ outcome: LearningStep.Outcome, _ learner: Learner) {
    for phase in PhaseWalk.phases(hasTeacher: learner.method.teacher != nil) {
      emit(
        StepSnapshot(
          batch, outcome, at: phase, step: position.step + 1, by: learner))
    }
  }
}
