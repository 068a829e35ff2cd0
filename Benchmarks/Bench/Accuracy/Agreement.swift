// How far one network's results are from the reference, and whether that is near enough.
import Autograd
import Layers

/// One tensor's distance from its reference.
public struct TensorError: Sendable {
  public let name: String
  /// Relative L2 distance; of a tensor that should be 0: its largest value relative to the largest
  /// gradient.
  public let error: Double
  /// PyTorch's own in single precision, its worst gradient's where it flips near-ties; nil for
  /// tensors that should be 0.
  public let pytorch: Double?

  /// What every tensor is allowed: 1e-5 in single precision, 2e-2 in bfloat16.
  let tolerance: Double
  /// The tolerance, or five times PyTorch's own error where that is more.
  public var allowed: Double { max(tolerance, 5 * (pytorch ?? 0)) }
  public var agrees: Bool { error <= allowed }
}

/// One network against its reference files.
public struct Agreement: Sendable {
  public enum Part: String, CaseIterable, Sendable {
    case output
    case inputGradient = "input gradient"
    case parameterGradients = "parameter gradients"
    case statistics = "running statistics"

    fileprivate init(of name: String) {
      self =
        if name == "gradient.input" {
          .inputGradient
        } else if name.hasPrefix("gradient.") {
          .parameterGradients
        } else if name.hasPrefix("after.") {
          .statistics
        } else {
          .output
        }
    }
  }

  public let network: String
  public let tensors: [TensorError]
  /// Near-ties that PyTorch decides otherwise in single precision; where there are some, gradients
  /// are judged more loosely.
  public let flips: Int

  public var agrees: Bool { tensors.allSatisfy(\.agrees) }

  /// The tensor of a part that comes nearest to, or goes furthest beyond, what is allowed.
  public func worst(_ part: Part) -> TensorError? {
    tensors.filter { Part(of: $0.name) == part }
      .max { $0.error / $0.allowed < $1.error / $1.allowed }
  }

  /// Runs one step of `checked` with the weights in `files`.
  init(_ checked: CheckedNetwork, _ files: ReferenceFiles, _ precision: Precision) throws {
    let tolerance = precision == .fp32 ? 1e-5 : 2e-2
    network = checked.id
    flips = files.check.flips
    let results = try checked.results(files, precision)
    let gradients = files.exact.filter { $0.key.hasPrefix("gradient.") }
    let scale = gradients.values.flatMap(\.values).map { abs(Double($0)) }.max() ?? 0
    tensors = try files.exact.sorted { $0.key < $1.key }.map { name, exact in
      guard let ours = results[name] else {
        throw AccuracyError("\(checked.id): nothing computed for '\(name)' of the reference")
      }
      guard ours.count == exact.count else {
        throw AccuracyError("\(name) has shape \(ours.shape); the reference has \(exact.shape)")
      }
      if files.check.zero.contains(name) {
        let largest = ours.values.map { abs(Double($0)) }.max() ?? 0
        return TensorError(
          name: name, error: largest / scale, pytorch: nil, tolerance: tolerance)
      }
      return TensorError(
        name: name, error: relativeDistance(ours.values, exact.values),
        pytorch: files.expectedError(name), tolerance: tolerance)
    }
  }
}

extension CheckedNetwork {
  /// Every result by the name it has in the reference files.
  fileprivate func results(
    _ files: ReferenceFiles, _ precision: Precision
  ) throws -> [String: Tensor] {
    let network = make()
    try network.parameters.restore(files.weights)
    let input = Parameter(try files.required("input"))
    let objective = try objective(files)
    let output = network.forward(
      input.tensor, .training(TrainingStep.random(1), precision: precision))
    let loss = objective.loss(output)
    let found = gradients(of: loss)
    var results = ["output": output, "loss": loss, "gradient.input": found[input]]
    for (name, parameter) in network.parameters.namedParameters {
      if parameter.isTrainable {
        results["gradient.\(name)"] = found[parameter]
      } else {
        results["after.\(name)"] = parameter.value
      }
    }
    results["output.eval"] = network.forward(
      input.value, .evaluation(precision: precision))
    return results.compactMapValues { $0 }
  }
}

/// ‖a − b‖ / ‖b‖; anything but a number is infinitely far.
package func relativeDistance(_ a: [Float], _ b: [Float]) -> Double {
  var (difference, size) = (0.0, 0.0)
  for (a, b) in zip(a, b) {
    difference += (Double(a) - Double(b)) * (Double(a) - Double(b))
    size += Double(b) * Double(b)
  }
  let ratio = (difference / max(size, .leastNormalMagnitude)).squareRoot()
  return ratio.isNaN ? .infinity : ratio
}
