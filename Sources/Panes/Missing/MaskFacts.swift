import Lab

/// What a method's mask says about each class and each cell, worked out once when it arrives.
struct MaskFacts: Sendable, Equatable {
  struct ClassFacts: Sendable, Equatable {
    var masked = 0
    /// Masked cells that are positive in truth; nil where the truth is not known.
    var truePositives: Int?
    /// The lowest teacher's probability that was masked.
    var threshold: Float?

    /// Share of the masked cells that are positive in truth.
    var precision: Double? {
      guard masked > 0, let truePositives else { return nil }
      return Double(truePositives) / Double(masked)
    }
  }

  /// The masked labels of a range of clips in one class.
  struct Selection: Sendable, Equatable {
    var masked = 0
    var scores: ClosedRange<Float>?
    var truePositives: Int?
  }

  let summary: String
  let classes: [ClassFacts]
  /// The teacher's probability of each masked cell n · C + k, n counting the training clips.
  let scores: [Int: Float]

  /// nil where the mask is not of this data set.
  init?(_ mask: MaskDelta, _ dataset: OpenDataset) {
    let count = dataset.classes.count
    let cells = mask.masked
    guard count > 0, mask.thresholds.count == count,
      cells.allSatisfy({ $0.cell >= 0 && $0.cell < dataset.trainingClips.count * count })
    else { return nil }
    var facts = mask.thresholds.map {
      ClassFacts(truePositives: dataset.hasTruth ? 0 : nil, threshold: $0)
    }
    for (cell, _) in cells {
      let (n, k) = cell.quotientAndRemainder(dividingBy: count)
      facts[k].masked += 1
      if dataset.trainingClip(n).truth(of: k) == true { facts[k].truePositives? += 1 }
    }
    classes = facts
    scores = Dictionary(cells.map { ($0.cell, $0.score) }) { first, _ in first }
    summary = mask.summary
  }

  /// Class `k` over the training clips of these numbers. A cell answered by hand since is not
  /// masked any more.
  func cell(_ k: Int, _ numbers: [Int], _ dataset: OpenDataset) -> Selection {
    var cell = Selection(truePositives: dataset.hasTruth ? 0 : nil)
    for n in numbers {
      guard let score = scores[n * dataset.classes.count + k],
        !dataset.trainingClip(n).label(of: k).isAnswered
      else { continue }
      cell.masked += 1
      cell.scores =
        cell.scores.map { min($0.lowerBound, score)...max($0.upperBound, score) }
        ?? score...score
      if dataset.trainingClip(n).truth(of: k) == true { cell.truePositives? += 1 }
    }
    return cell
  }
}
