// Trains one run on a serial background queue, one step a block: commands slip in between steps,
// so a pause always finds a well-defined state.
import Autograd
import Datasets
import Dispatch
import Foundation
import Synchronization

/// Sendable because everything below `queue` is touched on that queue alone; `emit`, `advance` and
/// `schedule`, through which all work goes, trap elsewhere.
public final class Trainer: @unchecked Sendable {
  let queue = DispatchQueue(label: "scant.trainer", qos: .userInitiated)
  private let hasEnded = DispatchSemaphore(value: 0)
  private let ending = Mutex<RunEnded?>(nil)

  let plan: TrainingPlan
  let live: @Sendable (Event) -> Void
  /// Told of every step, with the seconds it took; for measurements.
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
  /// Where to stop, once asked.
  var stopping: StopMode?
  var position = TrainingPosition()
  var order: (epoch: Int, indices: [Int])?
  /// Of the newest checkpoint.
  var savedPosition: TrainingPosition?
  var savedStep: Int? { savedPosition?.step }
  /// States to go back to, and the weights of the best checkpoint where they are small.
  var keptStates = KeptStates()
  var bestWeights: [String: Tensor]?
  var pace = Pace()
  /// Seconds a step was thought to take before the first one.
  var forecastStep: Double?
  /// A step that is shown phase by phase.
  var walk: PhaseWalk?
  /// By term, the newest report that has a gradient norm.
  var measured: [String: TermReport] = [:]
  /// The stage in which an epoch without a score was told of.
  var undefinedStage: Int?
  private var isScheduled = false
  /// How the run ends: as it was to, unless the log could not keep that.
  var lastWord: RunEnded?

  enum Stage {
    case ready
    case learning
    case evaluating(Evaluation)
    case over
  }

  enum Gate: Equatable {
    case open
    case closed
    /// So many more, then closed.
    case stepping(Int, StepUnit)
  }

  /// Between measurements of the terms' gradients.
  static let termInterval = 50
  /// A training that seems to take longer than this says so after its first step, s.
  static let longTraining = 900.0

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

  /// Queues the next block unless there is one, the gate is closed or nothing is left to do.
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

  func emit(_ body: Event.Body, always: Bool = false) {
    dispatchPrecondition(condition: .onQueue(queue))
    stream?.emit(body, step: position.step, epoch: epoch, always: always)
  }

  /// Counted from 1: the epoch of the newest step.
  var epoch: Int { max(0, position.step - 1) / max(plan.stepsPerEpoch, 1) + 1 }

  func close(_ why: String) {
    gate = .closed
    keepState()
    stream?.settle()
    emit(.state(StateChange(state: .paused, what: why)))
    log?.flush()
  }

  func announceStage() {
    if case .evaluating = stage {
      emit(.state(StateChange(state: .evaluating)))
    } else {
      emit(.state(StateChange(state: .running, what: stageName)))
    }
  }

  /// The last word: to the log, to the sink, to whoever waits.
  func end(_ reason: RunEnded.Reason, scores: [String: [String: [String: Double]]] = [:]) {
    stream?.settle()
    emit(.state(StateChange(state: reason == .failed ? .failed : .done, what: reason.rawValue)))
    let ended = RunEnded(
      reason: reason, scores: scores, wall: position.wall,
      lostClips: plan.lostClips > 0 ? plan.lostClips : nil)
    lastWord = ended
    emit(.ended(ended))
    log = nil
    stopListening()
    lock = nil
    stage = .over
    ending.withLock { [lastWord] in $0 = lastWord }
    hasEnded.signal()
  }
}
