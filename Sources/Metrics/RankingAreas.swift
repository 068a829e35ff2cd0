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
    var concordant = 0
    var below = negatives
    ranking.forEachThreshold { gained, lost in
      hits += gained
      seen += gained + lost
      below -= lost
      concordant += gained * (2 * below + lost)
      // Without a further positive the recall does not change, but the precision does.
      let next = Double(hits) / Double(seen)
      steps += Double(gained) * next
      trapezoids += Double(gained) * (precision + next)
      precision = next
    }
    let whole = Double(positives)
    averagePrecision = positives > 0 ? steps / whole : nil
    precisionRecall = positives > 0 ? trapezoids / (2 * whole) : nil
    roc =
      positives > 0 && negatives > 0 ? Double(concordant) / (2 * whole * Double(negatives)) : nil
  }
}

/// Labelled scores by falling score, from which average precision and ROC-AUC are computed.
struct Ranking {
  /// The score as an ordered integer in the upper half, and 1 for a positive in the lowest bit.
  private var keys: [UInt64] = []
  private(set) var positives = 0
  var negatives: Int { keys.count - positives }

  init(capacity: Int) { keys.reserveCapacity(capacity) }

  mutating func append(_ score: Float, positive: Bool) {
    keys.append(UInt64(fallingOrder(score)) << 32 | (positive ? 1 : 0))
    positives += positive ? 1 : 0
  }

  mutating func sort() { keys.sortByScore() }

  /// Calls `body` once for every distinct score, highest first, with the number of positives and
  /// negatives that have it. Tied scores form one threshold.
  func forEachThreshold(_ body: (_ positives: Int, _ negatives: Int) -> Void) {
    var start = 0
    while start < keys.count {
      let score = keys[start] >> 32
      var end = start
      var hits = 0
      while end < keys.count, keys[end] >> 32 == score {
        hits += Int(keys[end] & 1)
        end += 1
      }
      body(hits, end - start - hits)
      start = end
    }
  }
}

extension [UInt64] {
  /// Sorts by the upper half of each key, smallest first, and keeps the order of equal ones. A
  /// radix sort, least significant digit first, 11 bits per pass. A pass whose digit is constant is
  /// skipped.
  mutating func sortByScore() {
    var other = [UInt64](repeating: 0, count: count)
    for shift in stride(from: UInt64(32), to: 64, by: 11) {
      var starts = [Int](repeating: 0, count: 2049)
      for key in self { starts[Int(key >> shift & 2047) + 1] += 1 }
      if starts.contains(count) { continue }
      for digit in 1...2048 { starts[digit] += starts[digit - 1] }
      for key in self {
        let digit = Int(key >> shift & 2047)
        other[starts[digit]] = key
        starts[digit] += 1
      }
      swap(&self, &other)
    }
  }
}

/// An integer that decreases with the score. Adding 0 makes −0 and +0 the same threshold.
func fallingOrder(_ score: Float) -> UInt32 {
  let bits = (score + 0).bitPattern
  let rising = bits >> 31 == 1 ? ~bits : bits | 0x8000_0000
  return ~rising
}
