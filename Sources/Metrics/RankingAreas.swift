/// Average precision and the areas under the precision–recall and the ROC curve, in one pass over a
/// sorted ranking.
struct RankingAreas: Sendable, Equatable {
  /// The step-wise sum Σ (Rₙ − Rₙ₋₁) Pₙ over thresholds, as scikit-learn's
  /// `average_precision_score`. nil without a positive.
  let averagePrecision: Double?
  /// The area under the precision–recall curve by trapezoids between the points of scikit-learn's
  /// `precision_recall_curve`, from recall 0 with precision 1 to recall 1. nil without a positive.
  /// Linear interpolation overestimates the area (Davis & Goadrich 2006,
  /// doi:10.1145/1143844.1143874); it is kept because results on SONYC-UST are published this way.
  let precisionRecall: Double?
  /// The Mann–Whitney statistic; ties count one half. nil without a positive or without a negative.
  let roc: Double?

  init(_ ranking: Ranking) {
    let (positives, negatives) = (ranking.positives, ranking.negatives)
    var (steps, trapezoids) = (0.0, 0.0)
    var (hits, seen, precision) = (0, 0, 1.0)
    // Twice the number of correctly ordered pairs, so that ties stay whole numbers.
    var won = 0
    var below = negatives
    ranking.forEachThreshold { gained, lost in
      hits += gained
      seen += gained + lost
      below -= lost
      won += gained * (2 * below + lost)
      // Without a further positive the recall does not change, but the precision does.
      let next = Double(hits) / Double(seen)
      steps += Double(gained) * next
      trapezoids += Double(gained) * (precision + next)
      precision = next
    }
    let whole = Double(positives)
    averagePrecision = positives > 0 ? steps / whole : nil
    precisionRecall = positives > 0 ? trapezoids / (2 * whole) : nil
    roc = positives > 0 && negatives > 0 ? Double(won) / (2 * whole * Double(negatives)) : nil
  }
}
