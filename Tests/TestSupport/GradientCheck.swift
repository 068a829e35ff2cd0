// Pullbacks against central differences: one line for each operation.
import Autograd
import Foundation

/// Inputs for gradient checks: reproducible, well scaled.
public enum Sample {
  /// Standard normal values.
  public static func normal(_ shape: [Int], seed: Int = 1) -> Tensor {
    var generator = Generator(seed: seed, shape.count)
    return Tensor((0..<shape.reduce(1, *)).map { _ in Float(generator.normal()) }, shape)
  }

  /// Values in `range`.
  public static func uniform(_ shape: [Int], _ range: ClosedRange<Double>, seed: Int = 2) -> Tensor
  {
    var generator = Generator(seed: seed, shape.count)
    return Tensor(
      (0..<shape.reduce(1, *)).map { _ in
        Float(generator.uniform(range.lowerBound, range.upperBound))
      }, shape)
  }

  /// sin(1.7·i + phase): values that another framework makes as easily.
  public static func wave(_ shape: [Int], phase: Double = 0) -> Tensor {
    Tensor((0..<shape.reduce(1, *)).map { Float(sin(1.7 * Double($0) + phase)) }, shape)
  }

  /// Shuffled values 0.2 apart and never 0: no difference quotient crosses a kink or a tie.
  public static func distinct(_ shape: [Int], seed: Int = 3) -> Tensor {
    var generator = Generator(seed: seed, shape.count)
    let count = shape.reduce(1, *)
    let order = Array(0..<count).shuffled(using: &generator)
    return Tensor(order.map { 0.2 * (Float($0) - Float(count / 2) + 0.5) }, shape)
  }
}

/// Compares the gradients of Σ w·f(inputs), w fixed and irregular, with fourth-order central
/// differences, entry by entry, and asks that constant inputs pass nothing. Returns what
/// disagrees: `#expect(checkGradient("relu", Sample.distinct([3, 5])) { $0[0].relu() } == [])`.
public func checkGradient(
  _ name: String, _ inputs: Tensor..., tolerance: Double = 2e-3,
  _ operation: ([Tensor]) -> Tensor
) -> [String] {
  let parameters = inputs.map { Parameter($0) }
  let output = operation(parameters.map(\.tensor))
  let weights = Sample.normal(output.shape, seed: 7)
  let found = gradients(of: (output * weights).sum())
  var problems: [String] = []
  for (index, parameter) in parameters.enumerated() {
    let expected = differences(inputs, index, weights.values, operation)
    problems += disagreements(
      "\(name): input \(index)", found[parameter], inputs[index].shape, expected, tolerance)
  }
  if operation(inputs).needsGradient { problems.append("\(name): constants are recorded") }
  if operation(parameters.map(\.tensor.detached)).needsGradient {
    problems.append("\(name): detached inputs are recorded")
  }
  return problems
}

/// `tolerance` is relative to the largest gradient expected, or to 1.
private func disagreements(
  _ what: String, _ gradient: Tensor?, _ shape: [Int], _ expected: [Double], _ tolerance: Double
) -> [String] {
  guard let gradient else { return ["\(what) has no gradient"] }
  guard gradient.shape == shape else {
    return ["\(what) has a gradient of shape \(gradient.shape)"]
  }
  let scale = max(1, expected.map(abs).max() ?? 1)
  return zip(gradient.values, expected).enumerated().compactMap { entry, pair in
    abs(Double(pair.0) - pair.1) <= tolerance * scale
      ? nil : "\(what)[\(entry)] has gradient \(pair.0), differences say \(pair.1)"
  }
}

/// (8·(f(x+h) − f(x−h)) − (f(x+2h) − f(x−2h))) / 12h for every entry of one input.
private func differences(
  _ inputs: [Tensor], _ index: Int, _ weights: [Float], _ operation: ([Tensor]) -> Tensor
) -> [Double] {
  let step: Float = 0.02
  let values = inputs[index].values
  func objective(_ entry: Int, _ shift: Float) -> Double {
    var moved = values
    moved[entry] += shift
    var arguments = inputs
    arguments[index] = Tensor(moved, inputs[index].shape)
    return zip(operation(arguments).values, weights).reduce(0) {
      $0 + Double($1.0) * Double($1.1)
    }
  }
  return values.indices.map { entry in
    let near = objective(entry, step) - objective(entry, -step)
    let far = objective(entry, 2 * step) - objective(entry, -2 * step)
    return (8 * near - far) / (12 * Double(step))
  }
}

/// The largest absolute difference; infinite where shapes differ.
public func distance(_ a: Tensor, _ b: [Float]) -> Float {
  let values = a.values
  guard values.count == b.count else { return .infinity }
  return zip(values, b).map { abs($0 - $1) }.max() ?? 0
}

/// ‖a − b‖ / ‖b‖; infinite where the counts differ.
public func relativeDistance(_ a: [Float], _ b: [Double]) -> Double {
  guard a.count == b.count else { return .infinity }
  let difference = zip(a, b).reduce(0.0) { $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1) }
  return (difference / max(b.reduce(0) { $0 + $1 * $1 }, 1e-300)).squareRoot()
}
