import Autograd

/// The Adam optimizer with coupled or decoupled weight decay.
///
/// ```swift
/// let random = RandomSource(Generator(seed: 1))
/// let layer = Linear(8, 2, random: random)
/// let optimizer = Adam(layer.namedParameters)
/// let loss = layer(Tensor.zeros([4, 8]), .training(random)).squared().mean()
/// optimizer.step(gradients(of: loss), learningRate: 1e-3)
/// ```
///
/// Paper: Kingma & Ba 2015, arXiv:1412.6980.
public final class Adam: Optimizer {
  /// The kind of weight decay and its factor λ.
  public enum Decay: Sendable, Equatable {
    /// L2 regularization: λ·p is added to the gradient, as in PyTorch's `Adam`.
    case coupled(Double)
    /// The parameter p shrinks by rate·λ·p before the step, as in PyTorch's `AdamW`. Paper:
    /// Loshchilov & Hutter 2019, arXiv:1711.05101.
    case decoupled(Double)
  }

  private let parameters: [Updated]
  private let betas: (Double, Double)
  private let epsilon: Double
  private let isCoupled: Bool
  private var moments: [AdamMoments]
  /// For each parameter, the number of steps in which it had a gradient. Both moments are corrected
  /// for it. Correcting for the number of all steps would make the first steps of a parameter that
  /// joins late too small.
  private var counts: [Int]
  /// The number of steps taken.
  public private(set) var steps = 0

  /// An optimizer of several groups of parameters.
  ///
  /// - Parameters:
  ///   - groups: The parameters. A group's own weight decay is of the kind of `decay`.
  ///   - betas: The decay of the first- and the second-moment estimate.
  ///   - epsilon: The constant added to the root of the second moment.
  ///   - decay: The weight decay of groups without their own.
  public init(
    groups: [ParameterGroup], betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8,
    decay: Decay = .coupled(0)
  ) {
    let factor: Double
    (factor, isCoupled) =
      switch decay {
      case .coupled(let factor): (factor, true)
      case .decoupled(let factor): (factor, false)
      }
    parameters = Updated.all(in: groups, weightDecay: factor)
    self.betas = betas
    self.epsilon = epsilon
    moments = parameters.map {
      let shape = $0.parameter.value.shape
      return AdamMoments(mean: .zeros(shape), square: .zeros(shape))
    }
    counts = parameters.map { _ in 0 }
  }

  /// An optimizer of one group of parameters with the given kind of weight decay.
  public convenience init(
    _ parameters: NamedParameters, betas: (Double, Double) = (0.9, 0.999),
    epsilon: Double = 1e-8, decay: Decay
  ) {
    self.init(groups: [ParameterGroup(parameters)], betas: betas, epsilon: epsilon, decay: decay)
  }

  /// An optimizer of one group of parameters with L2 regularization.
  public convenience init(
    _ parameters: NamedParameters, betas: (Double, Double) = (0.9, 0.999),
    epsilon: Double = 1e-8, weightDecay: Double = 0
  ) {
    self.init(parameters, betas: betas, epsilon: epsilon, decay: .coupled(weightDecay))
  }

  /// Updates every parameter that has a gradient.
  public func step(_ gradients: Gradients, learningRate: Double) {
    steps += 1
    for (index, updated) in parameters.enumerated() {
      guard let gradient = gradients[updated.parameter] else { continue }
      counts[index] += 1
      updated.parameter.value = moments[index].step(
        updated.parameter.value, gradient, t: counts[index],
        rate: learningRate * updated.rateFactor, betas: betas, epsilon: epsilon,
        coupled: isCoupled ? updated.weightDecay : 0,
        decoupled: isCoupled ? 0 : updated.weightDecay)
    }
  }

  /// The state for a checkpoint: "step", "<parameter>.mean" and "<parameter>.square", and
  /// "<parameter>.step" for a parameter that has taken fewer steps.
  public var state: [String: Tensor] {
    var state = ["step": Tensor(Float(steps))]
    for (index, updated) in parameters.enumerated() {
      state["\(updated.name).mean"] = moments[index].mean
      state["\(updated.name).square"] = moments[index].square
      guard counts[index] != steps else { continue }
      state["\(updated.name).step"] = Tensor(Float(counts[index]))
    }
    return state
  }

  /// Restores `state`.
  ///
  /// - Throws: ``StateError`` if an entry is missing or has another shape; then nothing changes.
  public func restore(_ state: [String: Tensor]) throws {
    let count = try SavedState.steps(in: state)
    let counts = try parameters.map { updated in
      let own = "\(updated.name).step"
      return state[own] == nil ? count : try SavedState.steps(own, in: state)
    }
    moments = try parameters.map {
      let shape = $0.parameter.value.shape
      return AdamMoments(
        mean: try SavedState.entry("\($0.name).mean", shape, in: state),
        square: try SavedState.entry("\($0.name).square", shape, in: state))
    }
    (steps, self.counts) = (count, counts)
  }
}
