// What the optimizers have in common.
import Autograd

/// Changes parameters by their gradients, and can be put away and taken up again.
public protocol Optimizer: AnyObject {
  /// Steps taken so far.
  var steps: Int { get }

  /// One update; parameters without a gradient stay as they are.
  func step(_ gradients: Gradients, learningRate: Double)

  /// Everything needed to go on, by name: "step", and what is kept for each parameter.
  var state: [String: Tensor] { get }

  /// Takes over what `state` of an optimizer of the same parameters gave; else throws and stays.
  func restore(_ state: [String: Tensor]) throws
}

/// Parameters that are updated in one way. Buffers and frozen parameters among them are left out.
public struct ParameterGroup {
  public let parameters: [(name: String, parameter: Parameter)]
  /// On the learning rate.
  public let rateFactor: Double
  /// Instead of the optimizer's weight decay; nil: that.
  public let weightDecay: Double?

  public init(
    _ parameters: [(name: String, parameter: Parameter)], rateFactor: Double = 1,
    weightDecay: Double? = nil
  ) {
    self.parameters = parameters.filter(\.parameter.isTrainable)
    self.rateFactor = rateFactor
    self.weightDecay = weightDecay
  }
}

/// One parameter of an optimizer with its group's settings.
struct Updated {
  let name: String
  let parameter: Parameter
  let rateFactor: Double
  let weightDecay: Double

  /// The groups' parameters in order; a name belongs to one group.
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

/// Reading an optimizer's or an average's state.
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
