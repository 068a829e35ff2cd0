// A step back: the run is put into an older state, and the steps from there to the one asked for
// are trained again. Same data, same draws, same arithmetic: the same weights, bit for bit.
import Autograd
import Dispatch
import Formats
import Foundation

/// What stepping back takes, said before it is done.
public struct StepBack: Sendable, Equatable, Codable {
  /// Steps asked for.
  public var count: Int
  /// The step behind which the run will stand.
  public var target: Int
  /// The step of the kept state that it begins from.
  public var base: Int
  /// What training from there again takes, about.
  public var seconds: Double
  /// Why it cannot be done; the rest means nothing then.
  public var refusal: String?

  public init(count: Int, target: Int, base: Int, seconds: Double, refusal: String? = nil) {
    self.count = count
    self.target = target
    self.base = base
    self.seconds = seconds
    self.refusal = refusal
  }

  static func refused(_ count: Int, _ why: String) -> StepBack {
    StepBack(count: count, target: 0, base: 0, seconds: 0, refusal: why)
  }
}

/// A state of the run, kept in memory. Tensors are values: keeping one copies nothing.
struct KeptState {
  let position: TrainingPosition
  let tensors: [String: Tensor]
  let generator: Generator
  /// The weights of `position.bestStep`.
  let best: [String: Tensor]?

  var bytes: Int { 4 * (tensors.values.reduce(0) { $0 + $1.count }) }
  /// Between two epochs.
  var isBetweenEpochs: Bool { position.batch == 0 }
}

/// The states that a run can go back to: the last few, every 16th step before them, and the
/// beginnings of the last epochs.
struct KeptStates {
  private(set) var all: [KeptState] = []

  static let interval = 16
  /// States so near that all of them are kept.
  static let near = 8
  static let most = 16
  /// Beginnings of epochs that are kept whatever their step, and what one of them may take: a run
  /// that nobody steps keeps these alone.
  static let epochs = 4, epochBytes = 16 << 20
  /// All of them together; networks larger than this go back to files alone.
  static let bytes = 256 << 20

  /// Later states are of a future that was left.
  mutating func keep(_ state: KeptState) {
    let step = state.position.step
    all.removeAll { $0.position.step >= step }
    guard state.bytes <= Self.bytes else { return }
    all.append(state)
    let beginnings = Set(all.filter(\.isBetweenEpochs).suffix(Self.epochs).map(\.position.step))
    all.removeAll {
      let old = $0.position.step
      return old + Self.near < step && !old.isMultiple(of: Self.interval)
        && !beginnings.contains(old)
    }
    let room = min(Self.most, Self.bytes / max(1, state.bytes))
    if all.count > room { all.removeFirst(all.count - room) }
  }

  /// The end of an epoch and the beginning of the next are one step, but not one position.
  func holds(_ position: TrainingPosition) -> Bool {
    all.last?.position.isPlace(of: position) == true
  }
}

extension Trainer {
  /// Goes back so many steps; the run must be held, and is held afterwards. A step that is being
  /// walked through counts as one. Answers why it is refused, if it is.
  func stepBack(_ count: Int) -> String? {
    let back = stepBackPlan(count)
    if let refusal = back.refusal { return refusal }
    do { try goBack(back) } catch {
      fail("stepBack", reason(of: error))
      return reason(of: error)
    }
    return nil
  }

  /// Remembers the present state, while the run goes by steps.
  func keepState() {
    guard let learner, walk == nil, !keptStates.holds(position) else { return }
    keptStates.keep(
      KeptState(
        position: position, tensors: learner.state, generator: learner.random.generator,
        best: bestWeights))
  }

  /// Remembers the beginning of an epoch, so that a run that was never held before can go back
  /// beyond it.
  func keepEpoch() {
    guard let learner else { return }
    let values = learner.state.values.reduce(0) { $0 + $1.count }
    if 4 * values <= KeptStates.epochBytes { keepState() }
  }

  // MARK: from where

  func stepBackPlan(_ count: Int) -> StepBack {
    guard gate == .closed else { return .refused(count, "the run is going on; hold it first") }
    let target = position.step - max(1, count) + (walk == nil ? 0 : 1)
    guard target >= 0 else {
      return .refused(count, "step \(position.step) is less than \(count) steps from the start")
    }
    guard let base = base(of: target) else {
      return .refused(
        count, "no state of the epoch of step \(target) is kept; it would not be exact")
    }
    let again = Double(target - base.step)
    return StepBack(
      count: count, target: target, base: base.step,
      seconds: again / max(pace.stepsPerSecond, 1e-6))
  }

  /// The nearest kept position from which training alone, no evaluation, leads to `target`; one
  /// before it where there is, so that the step itself is seen again.
  private func base(of target: Int) -> TrainingPosition? {
    let positions = keptStates.all.map(\.position) + [savedPosition].compactMap(\.self)
    let fitting = positions.filter { base in
      base.step <= target
        && target <= base.step + plan.stepsPerEpoch - base.batch && canRestoreBest(of: base)
    }
    return fitting.filter { $0.step < target }.max { $0.step < $1.step }
      ?? fitting.first { $0.step == target }
  }

  /// Whether the best checkpoint of that time is the present one, or can be written again.
  private func canRestoreBest(of base: TrainingPosition) -> Bool {
    base.bestStep == position.bestStep || base.bestStep == nil
      || keptStates.all.contains { $0.position == base && $0.best != nil }
  }

  // MARK: there

  private func goBack(_ back: StepBack) throws {
    guard let base = base(of: back.target), let state = try keptState(base) else {
      throw LabError("\(plan.folder.last.path): no state of step \(back.base); expected one")
    }
    let learner = try Learner(plan)
    try learner.restore(
      state.tensors, at: state.position, context: context(learner), generator: state.generator)
    try restoreBest(state)
    self.learner = learner
    (position, walk, order, stage) = (state.position, nil, nil, .learning)
    announceStage()
    keptStates.keep(state)
    while position.step < back.target {
      try learnAgain(learner, isLast: position.step + 1 == back.target)
    }
    say(
      .info, "back", "back at step \(back.target), trained again from step \(back.base)")
    close("step \(back.target)")
  }

  /// From memory, else from the last checkpoint.
  private func keptState(_ base: TrainingPosition) throws -> KeptState? {
    if let kept = keptStates.all.last(where: { $0.position.isPlace(of: base) }) { return kept }
    let checkpoint = try Checkpoint(reading: plan.folder.last)
    guard let position = checkpoint.position, let generator = checkpoint.generator,
      position.isPlace(of: base)
    else { return nil }
    return KeptState(
      position: position, tensors: checkpoint.tensors, generator: generator, best: nil)
  }

  /// A step that was trained before: its curves are told again, its phases where it is the one to
  /// be seen.
  private func learnAgain(_ learner: Learner, isLast: Bool) throws {
    let start = DispatchTime.now()
    let batch = nextBatch()
    let measuring = isLast || position.step % Self.termInterval == 0
    let outcome = try learner.learn(batch, measuring: measuring)
    let seconds = start.seconds
    if isLast { tellPhases(batch, outcome) }
    count(batch, seconds: seconds)
    report(outcome, isStepping: isLast)
  }

  /// The best checkpoint as it was then.
  private func restoreBest(_ state: KeptState) throws {
    guard state.position.bestStep != position.bestStep else { return }
    if let best = state.best, state.position.bestStep != nil {
      try Checkpoint(plan, tensors: best).write(to: plan.folder.best)
    } else if try StoredFile.exists(plan.folder.best) {
      try FileManager.default.removeItem(at: plan.folder.best)
    }
    bestWeights = state.best
  }
}
