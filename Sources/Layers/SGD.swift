import Autograd

/// Stochastic gradient descent with momentum and L2 regularization.
///
/// ```swift
/// let random = RandomSource(Generator(seed: 1))
/// let layer = Linear(8, 2, random: random)
/// let optimizer = SGD(layer.namedParameters, momentum: 0.9, nesterov: true)
/// let loss = layer(Tensor.zeros([4, 8]), .training(random)).squared().mean()
/// optimizer.step(gradients(of: loss), learningRate: 0.01)
/// ```
///
/// The conventions are PyTorch's: the velocity is not scaled by 1 − momentum. Paper for Nesterov
/// momentum: Sutskever et al. 2013, ICML.
public final class SGD: Optimizer {
  private let parameters: [Updated]
  private let momentum: Double
  private let nesterov: Bool
  private var velocities: [SGDVelocity]
  /// The number of steps taken.
  public private(set) var steps = 0

  /// An optimizer of several groups of parameters.
  ///
  /// - Parameters:
  ///   - groups: The parameters.
  ///   - momentum: The decay of the velocity; 0 disables momentum.
  ///   - nesterov: Whether to use Nesterov momentum.
  ///   - weightDecay: The L2 regularization of groups without their own.
  public init(
    groups: [ParameterGroup], momentum: Double = 0, nesterov: Bool = false,
    weightDecay: Double = 0
  ) {
    parameters = Updated.all(in: groups, weightDecay: weightDecay)
    self.momentum = momentum
    self.nesterov = nesterov
    velocities = parameters.map { SGDVelocity(.zeros($0.parameter.value.shape)) }
  }

  /// An optimizer of one group of parameters.
  public convenience init(
    _ parameters: NamedParameters, momentum: Double = 0,
    nesterov: Bool = false, weightDecay: Double = 0
  ) {
    self.init(
      groups: [ParameterGroup(parameters)], momentum: momentum, nesterov: nesterov,
      weightDecay: weightDecay)
  }

  /// Updates every parameter that has a gradient.
  public func step(_ gradients: Gradients, learningRate: Double) {
    steps += 1
    for (index, updated) in parameters.enumerated() {
      guard let gradient = gradients[updated.parameter] else { continue }
      updated.parameter.value = velocities[index].step(
        updated.parameter.value, gradient, rate: learningRate * updated.rateFactor,
        momentum: momentum, nesterov: nesterov, decay: updated.weightDecay)
    }
  }

  /// The state for a checkpoint: "step" and "<parameter>.velocity".
  public var state: [String: Tensor] {
    var state = ["step": Tensor(Float(steps))]
    for (updated, velocity) in zip(parameters, velocities) {
      state["\(updated.name).velocity"] = velocity.velocity
    }
    return state
  }

  /// Restores `state`.
  ///
  /// - Throws: ``StateError`` if an entry is missing or has another shape; then nothing changes.
  public func restore(_ state: [String: Tensor]) throws {
    let count = try SavedState.steps(in: state)
    velocities = try parameters.map {
      SGDVelocity(
        try SavedState.entry("\($0.name).velocity", $0.parameter.value.shape, in: state))
    }
    steps = count
  }
}
