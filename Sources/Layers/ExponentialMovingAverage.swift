import Autograd

/// An exponential moving average (EMA) of the weights of a network.
///
/// ```swift
/// let random = RandomSource(Generator(seed: 1))
/// let layer = Linear(8, 2, random: random)
/// let ema = ExponentialMovingAverage(of: layer.namedParameters, decay: 0.99)
/// ema.update()  // after each step of the optimizer
/// let weights = ema.averages
/// ```
///
/// Update t, from 1, sets φ′ ← α·φ′ + (1 − α)·φ with α = min(1 − 1/(t + 1), decay), so that the
/// average soon forgets its initial value. Paper: Tarvainen & Valpola 2017, arXiv:1703.01780.
public final class ExponentialMovingAverage {
  /// The treatment of buffers such as running statistics.
  public enum Buffers: Sendable, Equatable {
    /// The average keeps its own buffers: for a teacher that runs in training mode.
    case leave
    /// Buffers are averaged like weights.
    case average
    /// Buffers are copied from the network.
    case copy
  }

  private let pairs: [(name: String, source: Parameter, average: Parameter)]
  private let buffers: Buffers
  /// The upper limit of α, in 0...1.
  public let decay: Double
  /// The number of updates so far.
  public private(set) var steps = 0

  /// An average that is kept in another network, such as a teacher.
  ///
  /// - Parameters:
  ///   - source: The parameters to average.
  ///   - averages: The parameters that hold the average, with the names and shapes of `source`.
  ///     Their values are the initial average.
  ///   - decay: The upper limit of α, in 0...1.
  ///   - buffers: The treatment of buffers.
  public init(
    of source: NamedParameters,
    in averages: NamedParameters, decay: Double,
    buffers: Buffers = .leave
  ) {
    precondition((0...1).contains(decay), "decay \(decay); expected 0 to 1")
    precondition(source.map(\.name) == averages.map(\.name), "averages of another network")
    pairs = zip(source, averages).map { ($0.name, $0.parameter, $1.parameter) }
    self.decay = decay
    self.buffers = buffers
  }

  /// An average that is kept aside and starts from the current values. Read it from `averages`.
  public convenience init(
    of source: NamedParameters, decay: Double,
    buffers: Buffers = .average
  ) {
    let copies = source.map {
      ($0.name, Parameter($0.parameter.value, isTrainable: $0.parameter.isTrainable))
    }
    self.init(of: source, in: copies, decay: decay, buffers: buffers)
  }

  /// The averages by name, in the form that `Parametric.restore(_:)` takes.
  public var averages: [String: Tensor] {
    Dictionary(uniqueKeysWithValues: pairs.map { ($0.name, $0.average.value) })
  }

  /// α of the next update.
  public var nextShare: Double { min(1 - 1 / Double(steps + 2), decay) }
  /// α of the last update; nil before the first one.
  public var lastShare: Double? { steps == 0 ? nil : min(1 - 1 / Double(steps + 1), decay) }

  /// Updates the averages. Call it after each step of the optimizer.
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

  /// Continues after `steps` updates. The caller restores the averages.
  public func resume(after steps: Int) { self.steps = steps }

  /// The state for a checkpoint: "step" and "average.<parameter>".
  public var state: [String: Tensor] {
    var state = ["step": Tensor(Float(steps))]
    for (name, _, average) in pairs { state["average.\(name)"] = average.value }
    return state
  }

  /// Restores `state`.
  ///
  /// - Throws: ``StateError`` if an entry is missing or has another shape; then nothing changes.
  public func restore(_ state: [String: Tensor]) throws {
    let count = try SavedState.steps(in: state)
    let values = try pairs.map {
      try SavedState.entry("average.\($0.name)", $0.average.value.shape, in: state)
    }
    for ((_, _, average), value) in zip(pairs, values) { average.value = value }
    steps = count
  }
}
