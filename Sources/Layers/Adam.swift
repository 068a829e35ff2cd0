// The optimizer.
import Autograd

/// Adam with weight decay. Paper: Kingma & Ba 2015, arXiv:1412.6980.
public final class Adam {
  public enum Decay: Sendable, Equatable {
    /// λ·p is added to the gradient (L2, as PyTorch's Adam does).
    case coupled(Double)
    /// p shrinks by rate·λ before the step. Loshchilov & Hutter 2019, arXiv:1711.05101.
    case decoupled(Double)
  }

  private let parameters: [(name: String, parameter: Parameter)]
  private let betas: (Double, Double)
  private let epsilon: Double
  private let decay: Decay
  private var moments: [(mean: Tensor, square: Tensor)]
  /// Steps taken so far.
  public private(set) var steps = 0

  /// Buffers and frozen parameters among `parameters` are left alone.
  public init(
    _ parameters: [(name: String, parameter: Parameter)], betas: (Double, Double) = (0.9, 0.999),
    epsilon: Double = 1e-8, decay: Decay
  ) {
    self.parameters = parameters.filter(\.parameter.isTrainable)
    self.betas = betas
    self.epsilon = epsilon
    self.decay = decay
    moments = self.parameters.map {
      (.zeros($0.parameter.value.shape), .zeros($0.parameter.value.shape))
    }
  }

  /// With coupled decay, as in the papers here.
  public convenience init(
    _ parameters: [(name: String, parameter: Parameter)], betas: (Double, Double) = (0.9, 0.999),
    epsilon: Double = 1e-8, weightDecay: Double = 0
  ) {
    self.init(parameters, betas: betas, epsilon: epsilon, decay: .coupled(weightDecay))
  }

  /// One update; parameters without a gradient stay as they are.
  public func step(_ gradients: Gradients, learningRate: Double) {
    steps += 1
    var (coupled, decoupled) = (0.0, 0.0)
    switch decay {
    case .coupled(let share): coupled = share
    case .decoupled(let share): decoupled = share
    }
    for (index, (_, parameter)) in parameters.enumerated() {
      guard let slope = gradients[parameter] else { continue }
      let now = AdamMoments(
        value: parameter.value, mean: moments[index].mean, square: moments[index].square)
      let next = now.stepped(
        slope, t: steps, rate: learningRate, betas: betas, epsilon: epsilon, coupled: coupled,
        decoupled: decoupled)
      parameter.value = next.value
      moments[index] = (next.mean, next.square)
    }
  }

  /// Everything needed to go on: "step" and "<parameter>.mean", "<parameter>.square".
  public var state: [String: Tensor] {
    var state = ["step": Tensor(Float(steps))]
    for ((name, _), moment) in zip(parameters, moments) {
      state["\(name).mean"] = moment.mean
      state["\(name).square"] = moment.square
    }
    return state
  }

  /// Takes over what `state` of an optimizer of the same parameters gave; else throws and stays.
  public func restore(_ state: [String: Tensor]) throws {
    let step = try entry("step", [], in: state)
    let restored = try parameters.map { name, parameter in
      (
        mean: try entry("\(name).mean", parameter.value.shape, in: state),
        square: try entry("\(name).square", parameter.value.shape, in: state)
      )
    }
    guard let count = Int(exactly: step.item), count >= 0 else { throw StateError.missing("step") }
    steps = count
    moments = restored
  }

  private func entry(_ name: String, _ shape: [Int], in state: [String: Tensor]) throws -> Tensor {
    guard let tensor = state[name] else { throw StateError.missing(name) }
    guard tensor.shape == shape else {
      throw StateError.shape(name, found: tensor.shape, expected: shape)
    }
    return tensor
  }
}
