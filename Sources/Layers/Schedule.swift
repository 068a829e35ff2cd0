// How the learning rate, or a loss's weight, moves over a training.
import Foundation

/// A factor on the learning rate, at most 1.
public indirect enum Schedule: Sendable, Equatable, Hashable {
  case constant
  /// Half a cosine from 1 to 0 over all steps. Loshchilov & Hutter 2017, arXiv:1608.03983.
  case cosine
  /// Times `factor` at each of the given shares of the training.
  case steps(at: [Double], factor: Double)
  /// Up to 1 in equal steps over a first share of the training, then another schedule over the
  /// rest.
  case warmup(Double, then: Schedule)

  /// Halved at 30, 60 and 90 % (Gururani & Lerch 2021, arXiv:2111.12761).
  public static let halving = Schedule.steps(at: [0.3, 0.6, 0.9], factor: 0.5)

  /// Times `factor` at the end of each of the given epochs, counted from 1, of `epochs`.
  public static func epochs(_ ends: [Int], of epochs: Int, factor: Double) -> Schedule {
    .steps(at: ends.map { Double($0) / Double(max(epochs, 1)) }, factor: factor)
  }

  /// For step 0..<total.
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

/// A factor on a loss's weight that rises from 0 to 1 over the first steps.
public enum Ramp: Sendable, Equatable, Hashable {
  /// 1 from the start.
  case none
  /// t / T
  case linear
  /// e^(−5·(1 − t/T)²). Tarvainen & Valpola 2017, arXiv:1703.01780.
  case sigmoid

  /// At step t from 0; 1 from step T = `steps` on.
  public func factor(step t: Int, over steps: Int) -> Double {
    guard self != .none, t < steps else { return 1 }
    let share = Double(max(t, 0)) / Double(steps)
    return self == .linear ? share : exp(-5 * (1 - share) * (1 - share))
  }
}
