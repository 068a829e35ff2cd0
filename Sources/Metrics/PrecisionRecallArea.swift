// Area under the precision–recall curve by trapezoids: larger than average precision, and what
// some papers report under the same name.
extension Ranking {
  /// Of a sorted ranking: straight lines between the points of scikit-learn's
  /// `precision_recall_curve`, from recall 0 with precision 1 to recall 1. `nil` without a positive.
  /// Davis, Goadrich 2006 (doi:10.1145/1143844.1143874) show why such lines flatter; kept because
  /// results on SONYC-UST are published this way.
  var precisionRecallArea: Double? {
    guard positives > 0 else { return nil }
    var sum = 0.0
    var hits = 0
    var seen = 0
    var precision = 1.0
    forEachThreshold { positives, negatives in
      hits += positives
      seen += positives + negatives
      let next = Double(hits) / Double(seen)
      sum += Double(positives) * (precision + next) / 2
      precision = next
    }
    return sum / Double(positives)
  }
}
