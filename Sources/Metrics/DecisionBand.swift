/// The extremes of F1 over all values of the missing labels, for fixed decisions.
struct DecisionBand {
  private var known = Confusion()
  /// Missing labels with a positive and with a negative decision.
  private var decidedPositive = 0, decidedNegative = 0

  init(_ entries: [OpenEntry], threshold: Float) {
    for (score, isPositive) in entries {
      let decision = score >= threshold
      if let isPositive {
        known.count(decision: decision, positive: isPositive)
      } else if decision {
        decidedPositive += 1
      } else {
        decidedNegative += 1
      }
    }
  }

  var f1: Extremes? { extremes { $0.f1 } }

  /// ½(F1⁺ + F1⁻).
  var f1Both: Extremes? {
    extremes { answered in
      guard let a = answered.f1, let b = answered.f1Negative else { return nil }
      return (a + b) / 2
    }
  }

  /// Both measures rise with the true positives among the positive decisions and fall with the
  /// false negatives among the others, so the extremes lie at the corners. If a measure is
  /// undefined at a corner, its extreme lies one label beside the corner.
  private func extremes(_ measure: (Confusion) -> Double?) -> Extremes? {
    var values: [Double?] = []
    for hit in corners(decidedPositive) {
      for miss in corners(decidedNegative) {
        var answered = known
        answered.truePositives += hit
        answered.falsePositives += decidedPositive - hit
        answered.falseNegatives += miss
        answered.trueNegatives += decidedNegative - miss
        values.append(measure(answered))
      }
    }
    return Extremes(values)
  }

  private func corners(_ count: Int) -> Set<Int> {
    Set([0, min(1, count), max(0, count - 1), count])
  }
}
