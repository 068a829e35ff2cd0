/// Area under the ROC curve as the Mann–Whitney statistic: exact, ties count one half.
extension Ranking {
  /// Of a sorted ranking. `nil` without a positive or without a negative.
  var rocAUC: Double? {
    guard positives > 0, negatives > 0 else { return nil }
    // Twice the number of won pairs: whole numbers stay exact.
    var won = 0
    var below = negatives
    forEachThreshold { positives, negatives in
      below -= negatives
      won += positives * (2 * below + negatives)
    }
    return Double(won) / (2 * Double(positives) * Double(negatives))
  }
}
