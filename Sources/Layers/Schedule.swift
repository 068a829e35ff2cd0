// How the learning rate moves over a training.
import Foundation

/// A factor on the learning rate, from 1 down.
public enum Schedule: Sendable, Equatable, Hashable {
  case constant
  /// Half a cosine from 1 to 0 over all steps. Loshchilov & Hutter 2017, arXiv:1608.03983.
  case cosine
  /// Times `factor` at each of the given shares of the training.
  case steps(at: [Double], factor: Double)

  /// Halved at 30, 60 and 90 % (Gururani & Lerch 2021, arXiv:2111.12761).
  public static let halving = Schedule.steps(at: [0.3, 0.6, 0.9], factor: 0.5)

  /// For step 0..<total.
  public func factor(step: Int, of total: Int) -> Double {
    let share = Double(step) / Double(max(total, 1))
    switch self {
    case .constant: return 1
    case .cosine: return 0.5 * (1 + cos(.pi * min(share, 1)))
    case .steps(let shares, let factor):
      return pow(factor, Double(shares.filter { share >= $0 }.count))
    }
  }
}
