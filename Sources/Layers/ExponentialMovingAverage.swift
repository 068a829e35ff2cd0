// Averages of a network's weights over its training.
import Autograd

/// Moves one network's parameters after another's: φ′ ← α·φ′ + (1 − α)·φ with
/// α = min(1 − 1/(t + 1), decay) at update t from 1, so that early averages forget their start.
/// Paper: Tarvainen & Valpola 2017, arXiv:1703.01780.
public final class ExponentialMovingAverage {
  /// What happens to running statistics.
  public enum Buffers: Sendable, Equatable {
    /// The average keeps its own: a teacher that runs in training mode.
    case leave
    /// Averaged as the parameters are.
    case average
    /// Taken over as they are.
    case copy
  }

  private let pairs: [(name: String, source: Parameter, average: Parameter)]
  private let buffers: Buffers
  public let decay: Double
  /// Updates so far.
  public private(set) var steps = 0

  /// `averages` have the names and shapes of `source`, and any values to start from.
  public init(
    of source: [(name: String, parameter: Parameter)],
    in averages: [(name: String, parameter: Parameter)], decay: Double,
    buffers: Buffers = .leave
  ) {
    precondition((0...1).contains(decay), "decay \(decay); expected 0 to 1")
    precondition(source.map(\.name) == averages.map(\.name), "averages of another network")
    pairs = zip(source, averages).map { ($0.name, $0.parameter, $1.parameter) }
    self.decay = decay
    self.buffers = buffers
  }

  /// Averages beside the network itself, starting from its values now; see `averages`.
  public convenience init(
    of source: [(name: String, parameter: Parameter)], decay: Double,
    buffers: Buffers = .average
  ) {
    let copies = source.map {
      ($0.name, Parameter($0.parameter.value, isTrainable: $0.parameter.isTrainable))
    }
    self.init(of: source, in: copies, decay: decay, buffers: buffers)
  }

  /// The averages by name, as `Parametric.restore` takes them.
  public var averages: [String: Tensor] {
    Dictionary(uniqueKeysWithValues: pairs.map { ($0.name, $0.average.value) })
  }

  /// α of the next update.
  public var nextShare: Double { min(1 - 1 / Double(steps + 2), decay) }

  /// Call after the optimizer's step.
  public func update() {
    let share = nextShare
    steps += 1
    for (_, source, average) in pairs {
      if source.isTrainable || buffers == .average {
        average.value = average.value.averaged(with: source.value, share: share)
      } else if buffers == .copy {
        average.value = source.value
      }
    }
  }

  /// Goes on after so many updates, with averages restored elsewhere.
  public func resume(after steps: Int) { self.steps = steps }

  /// Everything needed to go on: "step" and "average.<parameter>".
  public var state: [String: Tensor] {
    var state = ["step": Tensor(Float(steps))]
    for (name, _, average) in pairs { state["average.\(name)"] = average.value }
    return state
  }

  /// Takes over what `state` gave; else throws and stays.
  public func restore(_ state: [String: Tensor]) throws {
    let count = try SavedState.steps(in: state)
    let values = try pairs.map {
      try SavedState.entry("average.\($0.name)", $0.average.value.shape, in: state)
    }
    for ((_, _, average), value) in zip(pairs, values) { average.value = value }
    steps = count
  }
}
