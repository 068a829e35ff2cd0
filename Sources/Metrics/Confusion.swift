/// A confusion matrix: decisions at a threshold against observed labels.
struct Confusion: Sendable, Equatable {
  var truePositives = 0
  var falsePositives = 0
  var falseNegatives = 0
  var trueNegatives = 0

  mutating func count(decision: Bool, positive: Bool) {
    switch (decision, positive) {
    case (true, true): truePositives += 1
    case (true, false): falsePositives += 1
    case (false, true): falseNegatives += 1
    case (false, false): trueNegatives += 1
    }
  }

  static func += (a: inout Confusion, b: Confusion) {
    a.truePositives += b.truePositives
    a.falsePositives += b.falsePositives
    a.falseNegatives += b.falseNegatives
    a.trueNegatives += b.trueNegatives
  }

  var positives: Int { truePositives + falseNegatives }
  var negatives: Int { trueNegatives + falsePositives }

  /// nil without a positive decision.
  var precision: Double? { ratio(truePositives, truePositives + falsePositives) }
  /// nil without an observed positive.
  var recall: Double? { ratio(truePositives, positives) }

  /// F1 of the positives; nil without an observed positive, 0 if none of them is found.
  var f1: Double? {
    positives == 0 ? nil : harmonic(truePositives, falsePositives, falseNegatives)
  }

  /// F1 with the negatives as the class to find; nil without an observed negative.
  var f1Negative: Double? {
    negatives == 0 ? nil : harmonic(trueNegatives, falseNegatives, falsePositives)
  }

  /// ½(F1⁺ + F1⁻); nil without an observed positive or an observed negative.
  var f1Both: Double? {
    guard let f1, let f1Negative else { return nil }
    return (f1 + f1Negative) / 2
  }

  /// F1 of the positives; nil without an observed positive and without a positive decision.
  var f1WhereAnything: Double? { harmonic(truePositives, falsePositives, falseNegatives) }
}

private func ratio(_ part: Int, _ whole: Int) -> Double? {
  whole == 0 ? nil : Double(part) / Double(whole)
}

private func harmonic(_ hits: Int, _ falseAlarms: Int, _ misses: Int) -> Double? {
  ratio(2 * hits, 2 * hits + falseAlarms + misses)
}

/// The extremes of F1 over all values of the missing labels, for fixed decisions.
struct DecisionBounds {
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
  var f1Both: Extremes? { extremes { $0.f1Both } }

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
