// Where weights start from.
import Autograd

/// U(−bound, +bound) with a bound that follows from the number of inputs of a unit.
public enum Initialization: Sendable {
  /// ±1/√fanIn: PyTorch's default for linear and convolutional weights and their biases.
  case reciprocalRoot
  /// ±√(6/fanIn) for weights, 0 for biases. He et al. 2015, arXiv:1502.01852.
  case he

  func weight(_ shape: [Int], fanIn: Int, _ random: RandomSource) -> Parameter {
    let inputs = Double(max(fanIn, 1))
    let bound = self == .he ? (6 / inputs).squareRoot() : 1 / inputs.squareRoot()
    return Parameter(uniform(shape, bound, random))
  }

  func bias(_ count: Int, fanIn: Int, _ random: RandomSource) -> Parameter {
    let bound = 1 / Double(max(fanIn, 1)).squareRoot()
    return Parameter(self == .he ? .zeros([count]) : uniform([count], bound, random))
  }

  private func uniform(_ shape: [Int], _ bound: Double, _ random: RandomSource) -> Tensor {
    Tensor(
      (0..<shape.reduce(1, *)).map { _ in Float(random.generator.uniform(-bound, bound)) }, shape)
  }
}
