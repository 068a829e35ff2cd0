// Temperature scaling: one number that divides all logits.
import Foundation

/// The temperature T that minimises the cross-entropy of labels under logits divided by T.
///
/// ```swift
/// let scaling = TemperatureScaling(
///   logits: [4, 3, -2, -3, 1], isPositive: [true, false, false, false, true])
/// print(scaling.temperature)
/// ```
///
/// Paper: Guo et al. 2017, arXiv:1706.04599.
/// Differs: the optimum itself. The authors' optimizer stops after some steps, at 1.606 where the
/// optimum is 1.627 in one of our tests.
public struct TemperatureScaling: Sendable, Equatable {
  /// T, between 0.1 and 20: labels without an error have their optimum at 0, and logits that say
  /// nothing have it at infinity. Above 1, the network is overconfident.
  public let temperature: Double

  /// The limits of T.
  public static let limits = 0.1...20.0

  /// The temperature of labels that are present or absent.
  ///
  /// - Parameters:
  ///   - logits: One logit for each label.
  ///   - isPositive: The labels, in the order of `logits`.
  ///   - spread: σ of a prior (ln T)² / 2σ² that keeps T near 1 for few labels; nil for none.
  public init(logits: [Double], isPositive: [Bool], spread: Double? = nil) {
    self.init(spread: spread) { inverse in
      zip(logits, isPositive).reduce(0) { sum, label in
        let z = label.0
        return sum + z * (Self.sigmoid(z * inverse) - (label.1 ? 1 : 0))
      }
    }
  }

  /// The temperature of labels that exclude each other.
  ///
  /// - Parameters:
  ///   - rows: The K logits of each clip.
  ///   - labels: The class of each clip, in the order of `rows`.
  public init(rows: [[Double]], labels: [Int]) {
    self.init(spread: nil) { inverse in
      zip(rows, labels).reduce(0) { sum, clip in
        let (row, label) = clip
        let most = row.max() ?? 0
        let powers = row.map { exp(($0 - most) * inverse) }
        let mean = zip(row, powers).reduce(0) { $0 + $1.0 * $1.1 } / powers.reduce(0, +)
        return sum + mean - row[label]
      }
    }
  }

  /// `slope` is the derivative of the summed cross-entropy with respect to 1/T. It rises with 1/T,
  /// so that bisection finds its zero.
  private init(spread: Double?, slope: (_ inverse: Double) -> Double) {
    var (low, high) = (log(Self.limits.lowerBound), log(Self.limits.upperBound))
    for _ in 0..<48 {
      let middle = (low + high) / 2
      let inverse = exp(-middle)
      // With respect to ln T.
      let total = -inverse * slope(inverse) + (spread.map { middle / ($0 * $0) } ?? 0)
      if total < 0 { low = middle } else { high = middle }
    }
    temperature = exp((low + high) / 2)
  }

  private static func sigmoid(_ z: Double) -> Double {
    z >= 0 ? 1 / (1 + exp(-z)) : exp(z) / (1 + exp(z))
  }
}
