// The threshold that maximizes the expected F1 of calibrated probabilities.

/// For calibrated probabilities p of one class, choosing the k largest has the F1
/// 2·Σ of these k / (k + Σ of all), a ratio of expectations. The best k chooses all p above half of
/// the best F1. No label is needed, so the threshold fits clips with another share of positives
/// than the labelled ones.
/// Paper: Lipton, Elkan & Naryanaswamy 2014, arXiv:1402.1892.
public struct ExpectedF1: Sendable, Equatable {
  /// The best expected F1.
  public let value: Double
  /// The number of chosen clips.
  public let chosen: Int

  /// Half of the best F1: clips with a larger probability are chosen.
  public var threshold: Double { value / 2 }

  /// The best choice among clips with these probabilities; nil without clips, or if all are 0.
  public init?(probabilities: [Double]) {
    let sum = probabilities.reduce(0, +)
    guard sum > 0 else { return nil }
    var (best, count, found) = (0.0, 0, 0.0)
    for (place, p) in probabilities.sorted(by: >).enumerated() {
      found += p
      let f1 = 2 * found / (Double(place + 1) + sum)
      if f1 > best { (best, count) = (f1, place + 1) }
    }
    (value, chosen) = (best, count)
  }
}
