import Autograd

/// A distribution of initial weights, scaled by the number of inputs (fan-in) and outputs (fan-out)
/// of a unit.
public enum Initialization: Sendable, Equatable {
  /// U(±1/√fanIn): PyTorch's default for linear and convolutional weights and their biases.
  case reciprocalRoot
  /// U(±√(6/fanIn)) for weights, 0 for biases. He et al. 2015, arXiv:1502.01852.
  case he
  /// N(0, 2/fanIn) for weights, 0 for biases. He et al. 2015.
  case heNormal
  /// U(±√(6/(fanIn + fanOut))) for weights, 0 for biases. Glorot & Bengio 2010, AISTATS.
  case xavier
  /// N(0, std²) without its tails beyond two standard deviations, for weights; 0 for biases.
  case truncatedNormal(Double)

  /// Initial weights of `shape` [outputs, inputs, kernel extents…].
  func weight(_ shape: [Int], fanIn: Int, _ random: RandomSource) -> Parameter {
    let inputs = Double(max(fanIn, 1))
    let outputs = Double(shape[0] * shape.dropFirst(2).reduce(1, *))
    switch self {
    case .reciprocalRoot: return uniform(shape, 1 / inputs.squareRoot(), random)
    case .he: return uniform(shape, (6 / inputs).squareRoot(), random)
    case .xavier: return uniform(shape, (6 / (inputs + outputs)).squareRoot(), random)
    case .heNormal: return normal(shape, (2 / inputs).squareRoot(), limit: .infinity, random)
    case .truncatedNormal(let std): return normal(shape, std, limit: 2, random)
    }
  }

  func bias(_ count: Int, fanIn: Int, _ random: RandomSource) -> Parameter {
    guard self == .reciprocalRoot else { return Parameter(.zeros([count])) }
    return uniform([count], 1 / Double(max(fanIn, 1)).squareRoot(), random)
  }

  private func uniform(_ shape: [Int], _ bound: Double, _ random: RandomSource) -> Parameter {
    fill(shape) { random.generator.uniform(-bound, bound) }
  }

  /// Draws beyond `limit` standard deviations are drawn again.
  private func normal(
    _ shape: [Int], _ std: Double, limit: Double, _ random: RandomSource
  ) -> Parameter {
    fill(shape) {
      var draw = random.generator.normal()
      while abs(draw) > limit { draw = random.generator.normal() }
      return std * draw
    }
  }

  private func fill(_ shape: [Int], _ draw: () -> Double) -> Parameter {
    Parameter(Tensor((0..<shape.reduce(1, *)).map { _ in Float(draw()) }, shape))
  }
}

extension Parameter {
  /// A parameter of `shape` with random initial values, such as a class token or a position
  /// embedding. The fan-in is the product of all axes but the first.
  public convenience init(
    _ shape: [Int], _ initialization: Initialization, random: RandomSource
  ) {
    let fanIn = shape.dropFirst().reduce(1, *)
    self.init(initialization.weight(shape, fanIn: fanIn, random).value)
  }
}
