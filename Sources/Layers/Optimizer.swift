import Autograd

/// An optimizer: updates parameters from their gradients, and saves and restores its state.
public protocol Optimizer: AnyObject {
  /// The number of steps taken.
  var steps: Int { get }

  /// Takes one step. Parameters without a gradient do not change.
  func step(_ gradients: Gradients, learningRate: Double)

  /// The state for a checkpoint, by name: "step", and the entries of each parameter.
  var state: [String: Tensor] { get }

  /// Restores the `state` of an optimizer of the same parameters.
  ///
  /// - Throws: ``StateError`` if an entry is missing or has another shape; then nothing changes.
  func restore(_ state: [String: Tensor]) throws
}

/// Parameters that share a learning-rate factor and a weight decay.
public struct ParameterGroup {
  /// The trainable parameters, by name.
  public let parameters: [(name: String, parameter: Parameter)]
  /// The factor on the learning rate.
  public let rateFactor: Double
  /// The weight decay of this group; nil for that of the optimizer.
  public let weightDecay: Double?

  /// A group of the trainable ones among `parameters`. Buffers and frozen parameters are left out.
  public init(
    _ parameters: [(name: String, parameter: Parameter)], rateFactor: Double = 1,
    weightDecay: Double? = nil
  ) {
    self.parameters = parameters.filter(\.parameter.isTrainable)
    self.rateFactor = rateFactor
    self.weightDecay = weightDecay
  }
}

/// A parameter of an optimizer with the settings of its group.
struct Updated {
  let name: String
  let parameter: Parameter
  let rateFactor: Double
  let weightDecay: Double

  /// The parameters of all groups in order. A name belongs to one group only.
  static func all(in groups: [ParameterGroup], weightDecay: Double) -> [Updated] {
    let all = groups.flatMap { group in
      group.parameters.map {
        Updated(
          name: $0.name, parameter: $0.parameter, rateFactor: group.rateFactor,
          weightDecay: group.weightDecay ?? weightDecay)
      }
    }
    precondition(Set(all.map(\.name)).count == all.count, "a parameter in two groups")
    return all
  }
}

/// Reads entries of a saved state.
package enum SavedState {
  package static func steps(
    _ name: String = "step", in state: [String: Tensor]
  ) throws -> Int {
    let step = try entry(name, [], in: state)
    guard let count = Int(exactly: step.item), count >= 0 else { throw StateError.missing(name) }
    return count
  }

  package static func entry(
    _ name: String, _ shape: [Int], in state: [String: Tensor]
  ) throws -> Tensor {
    guard let tensor = state[name] else { throw StateError.missing(name) }
    guard tensor.shape == shape else {
      throw StateError.shape(name, found: tensor.shape, expected: shape)
    }
    return tensor
  }
}
