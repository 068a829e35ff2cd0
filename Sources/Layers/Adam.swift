// Adam.
import Autograd

/// Adam with weight decay. Paper: Kingma & Ba 2015, arXiv:1412.6980.
public final class Adam: Optimizer {
  public enum Decay: Sendable, Equatable {
    /// λ·p is added to the gradient (L2, as PyTorch's Adam does).
    case coupled(Double)
    /// p shrinks by rate·λ before the step. Loshchilov & Hutter 2019, arXiv:1711.05101.
    case decoupled(Double)
  }

  private let parameters: [Updated]
  private let betas: (Double, Double)
  private let epsilon: Double
  private let isCoupled: Bool
  private var moments: [AdamMoments]
  public private(set) var steps = 0

  /// A group's own weight decay is of the kind that `decay` says.
  public init(
    groups: [ParameterGroup], betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8,
    decay: Decay = .coupled(0)
  ) {
    switch decay {
    case .coupled(let share):
      parameters = Updated.all(in: groups, weightDecay: share)
      isCoupled = true
    case .decoupled(let share):
      parameters = Updated.all(in: groups, weightDecay: share)
      isCoupled = false
    }
    self.betas = betas
    self.epsilon = epsilon
    moments = parameters.map {
      let shape = $0.parameter.value.shape
      return AdamMoments(mean: .zeros(shape), square: .zeros(shape))
    }
  }

  public convenience init(
    _ parameters: [(name: String, parameter: Parameter)], betas: (Double, Double) = (0.9, 0.999),
    epsilon: Double = 1e-8, decay: Decay
  ) {
    self.init(groups: [ParameterGroup(parameters)], betas: betas, epsilon: epsilon, decay: decay)
  }

  /// With coupled decay, as in the papers here.
  public convenience init(
    _ parameters: [(name: String, parameter: Parameter)], betas: (Double, Double) = (0.9, 0.999),
    epsilon: Double = 1e-8, weightDecay: Double = 0
  ) {
    self.init(parameters, betas: betas, epsilon: epsilon, decay: .coupled(weightDecay))
  }

  public func step(_ gradients: Gradients, learningRate: Double) {
    steps += 1
    for (index, updated) in parameters.enumerated() {
      guard let slope = gradients[updated.parameter] else { continue }
      updated.parameter.value = moments[index].step(
        updated.parameter.value, slope, t: steps, rate: learningRate * updated.rateFactor,
        betas: betas, epsilon: epsilon, coupled: isCoupled ? updated.weightDecay : 0,
        decoupled: isCoupled ? 0 : updated.weightDecay)
    }
  }

  /// "step" and "<parameter>.mean", "<parameter>.square".
  public var state: [String: Tensor] {
    var state = ["step": Tensor(Float(steps))]
    for (updated, moment) in zip(parameters, moments) {
      state["\(updated.name).mean"] = moment.mean
      state["\(updated.name).square"] = moment.square
    }
    return state
  }

  public func restore(_ state: [String: Tensor]) throws {
    let count = try SavedState.steps(in: state)
    moments = try parameters.map {
      let shape = $0.parameter.value.shape
      return AdamMoments(
        mean: try SavedState.entry("\($0.name).mean", shape, in: state),
        square: try SavedState.entry("\($0.name).square", shape, in: state))
    }
    steps = count
  }
}
