// Stepping back puts a run into an older state and trains the steps from there to the target again.
// Same data, same random draws, same arithmetic: the same weights, bit for bit.
import Autograd
import Foundation

/// What stepping back takes.
public struct StepBack: Sendable, Equatable, Codable {
  /// Steps asked for.
  public var count: Int
  /// The step after which the run will stand.
  public var target: Int
  /// The step of the kept state from which it is trained again.
  public var base: Int
  /// Estimated duration of training again, s.
  public var seconds: Double
  /// Why it cannot be done; the other values mean nothing then.
  public var refusal: String?

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

  var bytes: Int { KeptStates.bytes(of: tensors) }
  var isBetweenEpochs: Bool { position.batch == 0 }
}

/// The states that a run can step back to: the last few, every 16th step before them, and the
/// starts of the last epochs.
struct KeptStates {
  private(set) var all: [KeptState] = []

  static let interval = 16
  /// Steps back within which every state is kept.
  static let near = 8
  static let most = 16
  /// Starts of epochs that are kept whatever their step, and the most bytes of such a state: a run
  /// that is never paused keeps these alone.
  static let epochs = 4, epochBytes = 16 << 20
  /// Bytes of all states together; larger networks go back to checkpoints alone.
  static let capacity = 256 << 20

  static func bytes(of tensors: [String: Tensor]) -> Int {
    4 * tensors.values.reduce(0) { $0 + $1.count }
  }

  /// Drops the states at and after this step.
  mutating func keep(_ state: KeptState) {
    let step = state.position.step
    all.removeAll { $0.position.step >= step }
    guard state.bytes <= Self.capacity else { return }
    all.append(state)
    let starts = Set(all.filter(\.isBetweenEpochs).suffix(Self.epochs).map(\.position.step))
    all.removeAll {
      let old = $0.position.step
      return old + Self.near < step && !old.isMultiple(of: Self.interval) && !starts.contains(old)
    }
    let room = min(Self.most, Self.capacity / max(1, state.bytes))
    if all.count > room { all.removeFirst(all.count - room) }
  }

  /// The end of an epoch and the start of the next are one step, but not one position.
  func holds(_ position: TrainingPosition) -> Bool {
    all.last?.position.isPlace(of: position) == true
  }

  /// The nearest position from which training alone, without an evaluation, leads to step `target`;
  /// preferably one before it, so that the step itself is seen again. `saved`: of the last
  /// checkpoint; `bestStep`: of the present best checkpoint.
  func base(
    of target: Int, saved: TrainingPosition?, stepsPerEpoch: Int, bestStep: Int?
  ) -> TrainingPosition? {
    let positions = all.map(\.position) + [saved].compactMap(\.self)
    let fitting = positions.filter { base in
      base.step <= target && target <= base.step + stepsPerEpoch - base.batch
        && (base.bestStep == bestStep || base.bestStep == nil || holdsBest(of: base))
    }
    return fitting.filter { $0.step < target }.max { $0.step < $1.step }
      ?? fitting.first { $0.step == target }
  }

  /// Whether the best checkpoint of that time can be written again.
  private func holdsBest(of base: TrainingPosition) -> Bool {
    all.contains { $0.position == base && $0.best != nil }
  }
}
