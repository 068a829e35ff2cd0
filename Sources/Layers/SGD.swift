// Gradient descent.
import Autograd

/// Gradient descent with momentum and L2 weight decay, in PyTorch's conventions: the velocity is
/// not scaled by 1 − momentum. Nesterov's variant: Sutskever et al. 2013, ICML.
public final class SGD: Optimizer {
  private let parameters: [Updated]
  private let momentum: Double
  private let nesterov: Bool
  private var velocities: [SGDVelocity]
  public private(set) var steps = 0

  public init(
    groups: [ParameterGroup], momentum: Double = 0, nesterov: Bool = false,
    weightDecay: Double = 0
  ) {
    parameters = Updated.all(in: groups, weightDecay: weightDecay)
    self.momentum = momentum
    self.nesterov = nesterov
    velocities = parameters.map { SGDVelocity(.zeros($0.parameter.value.shape)) }
  }

  public convenience init(
    _ parameters: [(name: String, parameter: Parameter)], momentum: Double = 0,
    nesterov: Bool = false, weightDecay: Double = 0
  ) {
    self.init(
      groups: [ParameterGroup(parameters)], momentum: momentum, nesterov: nesterov,
      weightDecay: weightDecay)
  }

  public func step(_ gradients: Gradients, learningRate: Double) {
    steps += 1
    for (index, updated) in parameters.enumerated() {
      guard let slope = gradients[updated.parameter] else { continue }
      updated.parameter.value = velocities[index].step(
        updated.parameter.value, slope, rate: learningRate * updated.rateFactor,
        momentum: momentum, nesterov: nesterov, decay: updated.weightDecay)
    }
  }

  /// "step" and "<parameter>.velocity".
  public var state: [String: Tensor] {
    var state = ["step": Tensor(Float(steps))]
    for (updated, velocity) in zip(parameters, velocities) {
      state["\(updated.name).velocity"] = velocity.velocity
    }
    return state
  }

  public func restore(_ state: [String: Tensor]) throws {
    let count = try SavedState.steps(in: state)
    velocities = try parameters.map {
      SGDVelocity(
        try SavedState.entry("\($0.name).velocity", $0.parameter.value.shape, in: state))
    }
    steps = count
  }
}
