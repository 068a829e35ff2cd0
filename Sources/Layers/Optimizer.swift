import Autograd
import Foundation

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
  public let parameters: NamedParameters
  /// The factor on the learning rate.
  public let rateFactor: Double
  /// The weight decay of this group; nil for that of the optimizer.
  public let weightDecay: Double?

  /// A group of the trainable ones among `parameters`. Buffers and frozen parameters are left out.
  public init(
    _ parameters: NamedParameters, rateFactor: Double = 1,
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

/// A learning-rate schedule: a factor in 0...1 for each step.
///
/// ```swift
/// let schedule = Schedule.warmup(0.1, then: .cosine)
/// let factor = schedule.factor(step: 50, of: 1000)  // 51 / 101
/// ```
public indirect enum Schedule: Sendable, Equatable, Hashable {
  /// Always 1.
  case constant
  /// Half a cosine from 1 to 0 over all steps. Paper: Loshchilov & Hutter 2017, arXiv:1608.03983.
  case cosine
  /// Multiplied by `factor` at each of the given fractions of the training run.
  case steps(at: [Double], factor: Double)
  /// A linear warm-up over the first fraction of the training run, then another schedule over the
  /// rest.
  case warmup(Double, then: Schedule)

  /// Halved at 30, 60 and 90 %. Paper: Gururani & Lerch 2021, arXiv:2111.12761.
  public static let halving = Schedule.steps(at: [0.3, 0.6, 0.9], factor: 0.5)

  /// Multiplied by `factor` at the end of each of the epochs `ends`, counted from 1, of `epochs`.
  public static func epochs(_ ends: [Int], of epochs: Int, factor: Double) -> Schedule {
    .steps(at: ends.map { Double($0) / Double(max(epochs, 1)) }, factor: factor)
  }

  /// The factor at `step`, in 0..<total.
  public func factor(step: Int, of total: Int) -> Double {
    let share = Double(step) / Double(max(total, 1))
    switch self {
    case .constant: return 1
    case .cosine: return 0.5 * (1 + cos(.pi * min(share, 1)))
    case .steps(let shares, let factor):
      return pow(factor, Double(shares.filter { share >= $0 }.count))
    case .warmup(let part, let rest):
      let ramp = Int((part * Double(total)).rounded())
      if step < ramp { return Double(step + 1) / Double(ramp + 1) }
      return rest.factor(step: step - ramp, of: total - ramp)
    }
  }
}

/// A ramp-up of a loss weight: a factor that rises from 0 to 1 over the first steps.
public enum RampUp: Sendable, Equatable, Hashable {
  /// 1 from the start.
  case none
  /// t / T.
  case linear
  /// e^(−5·(1 − t/T)²). Paper: Tarvainen & Valpola 2017, arXiv:1703.01780.
  case sigmoid

  /// The factor at step t, from 0; it is 1 from step T = `steps` on.
  public func factor(step t: Int, over steps: Int) -> Double {
    guard self != .none, t < steps else { return 1 }
    let share = Double(max(t, 0)) / Double(steps)
    return self == .linear ? share : exp(-5 * (1 - share) * (1 - share))
  }
}
