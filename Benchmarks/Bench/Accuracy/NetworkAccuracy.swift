// The errors of a network's results against reference files.
import Autograd
import Layers

/// The error of a tensor against its reference.
public struct TensorError: Sendable {
  public let name: String
  /// The relative L2 distance; for a tensor that should be 0, its largest value relative to the
  /// largest gradient.
  public let error: Double
  /// The error of PyTorch in single precision, or of its worst gradient if it flips near-ties; nil
  /// for tensors that should be 0.
  public let pytorch: Double?

  /// The tolerance of all tensors: 1e-5 in single precision, 2e-2 in bfloat16.
  let tolerance: Double
  /// The tolerance, or five times the error of PyTorch if that is larger.
  public var allowed: Double { max(tolerance, 5 * (pytorch ?? 0)) }
  public var agrees: Bool { error <= allowed }
}

/// The errors of a network against its reference files.
public struct NetworkAccuracy: Sendable {
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

  /// The id of the network.
  public let id: String
  public let tensors: [TensorError]
  /// The number of near-ties that PyTorch flips in single precision. If there are any, gradients
  /// have a larger tolerance.
  public let flips: Int

  public var agrees: Bool { tensors.allSatisfy(\.agrees) }

  /// The tensor of a part with the largest error relative to its tolerance.
  public func worst(_ part: Part) -> TensorError? {
    tensors.filter { Part(of: $0.name) == part }
      .max { $0.error / $0.allowed < $1.error / $1.allowed }
  }

  /// Runs one step of `checked` with the weights in `files`.
  init(_ checked: CheckedNetwork, _ files: ReferenceFiles, _ precision: Precision) throws {
    let tolerance = precision == .fp32 ? 1e-5 : 2e-2
    id = checked.id
    flips = files.check.flips
    let results = try checked.results(files, precision)
    let gradients = files.exact.filter { $0.key.hasPrefix("gradient.") }
    let scale = gradients.values.flatMap(\.values).map { abs(Double($0)) }.max() ?? 0
    tensors = try files.exact.sorted { $0.key < $1.key }.map { name, exact in
      guard let ours = results[name] else {
        throw AccuracyError("\(checked.id): the reference has '\(name)', which was not computed")
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
