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
  /// Steps of each parameter: those that had a gradient for it. Both moments are corrected for
  /// this number; that of all steps would make the first steps of a late parameter too small.
  private var counts: [Int]
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
    counts = parameters.map { _ in 0 }
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
      counts[index] += 1
      updated.parameter.value = moments[index].step(
        updated.parameter.value, slope, t: counts[index], rate: learningRate * updated.rateFactor,
        betas: betas, epsilon: epsilon, coupled: isCoupled ? updated.weightDecay : 0,
        decoupled: isCoupled ? 0 : updated.weightDecay)
    }
  }

  /// "step" and "<parameter>.mean", "<parameter>.square"; "<parameter>.step" where a parameter has
  /// taken fewer steps than there were.
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
