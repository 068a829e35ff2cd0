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

  /// What is masked of a range of clips of one class.
  struct Cell: Sendable, Equatable {
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
      if Self.isTrue(n, k, dataset) { facts[k].truePositives? += 1 }
    }
    classes = facts
    scores = Dictionary(cells.map { ($0.cell, $0.score) }) { first, _ in first }
    summary = mask.summary
  }

  /// Class `k` over the training clips of these numbers. A cell answered by hand since is not
  /// masked any more.
  func cell(_ k: Int, _ numbers: [Int], _ dataset: OpenDataset) -> Cell {
    var cell = Cell(truePositives: dataset.hasTruth ? 0 : nil)
    for n in numbers {
      guard let score = scores[n * dataset.classes.count + k],
        !Self.isAnswered(n, k, dataset)
      else { continue }
      cell.masked += 1
      cell.scores =
        cell.scores.map { min($0.lowerBound, score)...max($0.upperBound, score) }
        ?? score...score
      if Self.isTrue(n, k, dataset) { cell.truePositives? += 1 }
    }
    return cell
  }

  private static func isAnswered(_ n: Int, _ k: Int, _ dataset: OpenDataset) -> Bool {
    let labels = dataset.clips[dataset.trainingClips[n]].labels
    return k < labels.count && labels[k].isAnswered
  }

  private static func isTrue(_ n: Int, _ k: Int, _ dataset: OpenDataset) -> Bool {
    guard let truth = dataset.clips[dataset.trainingClips[n]].truth, k < truth.count else {
      return false
    }
    return truth[k]
  }
}

extension Workbench {
  /// Works the run's mask into the map: the mask, the data set or the order has changed.
  mutating func remask() {
    missing.masked = nil
    missing.mask = nil
    missing.history = []
    guard let dataset, let mask = run.mask, run.hello?.classes == dataset.classes,
      run.hello?.dataset == dataset.snapshot.id, let facts = MaskFacts(mask, dataset)
    else {
      missing.preview = nil
      return
    }
    let numbers = trainingNumbers(dataset), order = missing.clips, count = dataset.classes.count
    missing.mask = facts
    missing.history = run.masks.map {
      MaskMembership(epoch: $0.epoch, cells: Set($0.mask.masked.map(\.cell)))
    }
    let shown = missing.shownMask ?? facts
    missing.masked = LabelSums(classes: count, clips: order.count) { c, n in
      let labels = dataset.clips[order[n]].labels
      if c < labels.count, labels[c].isAnswered { return labels[c] }
      if shown.scores[(numbers[order[n]] ?? -1) * count + c] != nil { return .masked }
      return c < labels.count ? labels[c] : .missing
    }
  }

  /// From indices into the data set's clips to places among its training clips.
  func trainingNumbers(_ dataset: OpenDataset) -> [Int: Int] {
    Dictionary(uniqueKeysWithValues: dataset.trainingClips.enumerated().map { ($1, $0) })
  }
}
