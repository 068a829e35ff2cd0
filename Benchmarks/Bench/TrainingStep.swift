// The repetition that most workloads share: forward, loss, backward, Adam.
import Autograd
import Layers

/// One step after the other on the same batch.
final class TrainingStep {
  private let network: Network
  private let input: Tensor
  private let objective: Objective
  private let optimizer: Adam?
  private let learningRate: Double
  private let mode: Mode

  /// `learningRate` nil: no optimizer, the weights stay.
  init(
    _ network: Network, _ input: Tensor, _ objective: Objective, learningRate: Double?,
    weightDecay: Double = 0, precision: Precision
  ) {
    self.network = network
    self.input = input
    self.objective = objective
    self.learningRate = learningRate ?? 0
    optimizer = learningRate.map { _ in
      Adam(network.parameters.namedParameters, weightDecay: weightDecay)
    }
    mode = .training(Self.random(2), precision: precision)
  }

  /// The loss before the update.
  @discardableResult
  func callAsFunction() -> Float {
    let loss = objective.loss(network.forward(input, mode))
    let found = gradients(of: loss, forgetting: true)
    optimizer?.step(found, learningRate: learningRate)
    return loss.item
  }

  static func random(_ seed: Int) -> RandomSource { RandomSource(Generator(seed: seed)) }
}
