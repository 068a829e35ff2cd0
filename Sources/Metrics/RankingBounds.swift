/// The extremes of average precision and ROC-AUC over all values of the missing labels.
///
/// For every number of positives among the missing labels, the best case has them at the top and
/// the worst case at the bottom: making the higher one of two entries the positive one never lowers
/// either measure. So one pass from each end meets both extremes.
struct RankingBounds {
  /// Entries that share a score.
  private struct Tie {
    var positives = 0, negatives = 0, missing = 0
    /// The number of entries down to and including this tie, and of observed positives above it.
    var depth = 0, positivesAbove = 0
    var size: Int { positives + negatives + missing }
  }

  /// Highest score first.
  private var ties: [Tie] = []
  private let positives: Int, entries: Int

  init(_ list: [OpenEntry]) {
    var last: UInt64?
    var keys = list.map(Self.key)
    keys.sortByScore()
    for key in keys {
      if key >> 32 != last { ties.append(Tie()) }
      last = key >> 32
      switch key & 3 {
      case 0: ties[ties.count - 1].missing += 1
      case 1: ties[ties.count - 1].negatives += 1
      default: ties[ties.count - 1].positives += 1
      }
    }
    var (depth, above) = (0, 0)
    for i in ties.indices {
      depth += ties[i].size
      (ties[i].depth, ties[i].positivesAbove) = (depth, above)
      above += ties[i].positives
    }
    (positives, entries) = (above, depth)
  }

  /// A score and its label as a number that decreases with the score. The lower half is 0 for a
  /// missing label, 1 for a negative and 2 for a positive.
  private static func key(_ entry: OpenEntry) -> UInt64 {
    UInt64(fallingOrder(entry.score)) << 32 | (entry.isPositive.map { $0 ? 2 : 1 } ?? 0)
  }

  // MARK: average precision

  /// The step-wise sum, as in `RankingAreas`.
  var averagePrecision: Extremes? {
    Extremes(precisions(fromTop: true) + precisions(fromTop: false))
  }

  /// Average precision with 0, 1, 2, … missing labels positive, starting from one end.
  private func precisions(fromTop: Bool) -> [Double?] {
    var sum = ties.reduce(0.0) { sum, tie in
      let hits = Double(tie.positives * (tie.positivesAbove + tie.positives))
      return sum + hits / Double(tie.depth)
    }
    var count = positives
    var values = [count > 0 ? sum / Double(count) : nil]
    // What a further positive adds to the precision of the positives below it: the observed ones
    // and, from the bottom up, those already set.
    var below = fromTop ? ties.reduce(0.0) { $0 + Double($1.positives) / Double($1.depth) } : 0
    var set = 0
    for tie in fromTop ? ties : ties.reversed() {
      if fromTop { below -= Double(tie.positives) / Double(tie.depth) }
      let above = tie.positivesAbove + (fromTop ? set : 0)
      for hits in tie.positives..<tie.positives + tie.missing {
        sum += Double(2 * hits + above + 1) / Double(tie.depth) + below
        count += 1
        values.append(sum / Double(count))
      }
      set += tie.missing
      if !fromTop { below += Double(tie.positives + tie.missing) / Double(tie.depth) }
    }
    return values
  }

  // MARK: ROC

  /// The Mann–Whitney statistic.
  var roc: Extremes? { Extremes(areas(fromTop: true) + areas(fromTop: false)) }

  /// ROC-AUC with 0, 1, 2, … missing labels positive. All are negative at first. Each that becomes
  /// positive adds its pairs with the negatives below and removes those with the positives above.
  /// `concordant` is twice the number of correctly ordered pairs, so that ties stay whole numbers.
  private func areas(fromTop: Bool) -> [Double?] {
    var concordant = ties.reduce(0) { sum, tie in
      let lost = tie.negatives + tie.missing
      let negativesAbove = tie.depth - tie.size - tie.positivesAbove
      let all = entries - positives
      return sum + tie.positives * (2 * (all - negativesAbove - lost) + lost)
    }
    var count = positives, set = 0
    var values = [area(concordant, count)]
    for tie in fromTop ? ties : ties.reversed() {
      let positivesAbove = tie.positivesAbove + (fromTop ? set : 0)
      let observedBelow = positives - tie.positivesAbove - tie.positives
      let below = entries - tie.depth - observedBelow - (fromTop ? 0 : set)
      for turned in 0..<tie.missing {
        let rivals = tie.negatives + tie.missing - turned - 1
        concordant += 2 * below + rivals - 2 * positivesAbove - tie.positives - turned
        count += 1
        values.append(area(concordant, count))
      }
      set += tie.missing
    }
    return values
  }

  private func area(_ concordant: Int, _ positives: Int) -> Double? {
    let pairs = positives * (entries - positives)
    return pairs > 0 ? Double(concordant) / Double(2 * pairs) : nil
  }
}
