import Lab

/// The mask of label enhancing at another share, from the teacher's known probabilities.
struct MaskPreview: Sendable, Equatable {
  /// Steps of `+` and `-`: shares of each class's missing labels.
  static let shares = [
    0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1,
  ]

  var share: Double
  /// Counted over `clips` training clips.
  let facts: MaskFacts
  let clips: Int
  /// Whether every training clip is among them, or the share is small enough for the mask at hand.
  let isExact: Bool

  /// "512 of 2880 missing labels masked, precision 0.31, recall 0.52, 96 clips asked"; the share
  /// stands in the title of the map.
  var summary: String { facts.summary + (isExact ? "" : ", \(clips) clips asked") }
}

/// The teacher's belief about the missing labels of the training clips.
struct MissingBelief {
  let classes: Int
  /// Per class: places among the training clips whose label is missing.
  private(set) var missing: [[Int]]
  /// Per class, place to probability.
  private var scores: [[Int: Float]]
  /// Places the teacher was asked about.
  private var asked: Set<Int> = []
  private let masked: [Int]

  /// From the cells that are masked and from answers about clips.
  init(_ bench: Workbench, _ dataset: OpenDataset) {
    classes = dataset.classes.count
    missing = [[Int]](repeating: [], count: classes)
    scores = [[Int: Float]](repeating: [:], count: classes)
    masked = bench[.missing].mask?.classes.map(\.masked) ?? [Int](repeating: 0, count: classes)
    for (cell, score) in bench[.missing].mask?.scores ?? [:] {
      scores[cell % classes][cell / classes] = score
    }
    for (n, index) in dataset.trainingClips.enumerated() {
      let clip = dataset.clips[index]
      let answer = bench.run.prediction("teacher", clip.id)
      if answer != nil { asked.insert(n) }
      for c in clip.labels.indices.prefix(classes)
      where !MissingScreen.isLabelled(bench, clip.labels[c]) {
        missing[c].append(n)
        if let score = answer?.probs[at: c] { scores[c][n] = score }
      }
    }
  }

  /// The mask at `share`: exact where the share is within what is masked now or every clip was
  /// asked, else over the clips asked. Per class the places, those with the highest score.
  func mask(_ share: Double) -> (places: [[Int]], candidates: [Int], isExact: Bool) {
    let isExact = (0..<classes).allSatisfy { c in
      let wanted = Int(share * Double(missing[c].count))
      return wanted <= masked[c] || missing[c].allSatisfy { scores[c][$0] != nil }
    }
    var places: [[Int]] = [], candidates: [Int] = []
    for c in 0..<classes {
      let pool = isExact ? missing[c] : missing[c].filter(asked.contains)
      let count = Int(share * Double(pool.count))
      let ranked = pool.filter { scores[c][$0] != nil }.sorted {
        (score($1, c), $0) < (score($0, c), $1)
      }
      places.append(Array(ranked.prefix(count)))
      candidates.append(pool.count)
    }
    return (places, candidates, isExact)
  }

  func score(_ place: Int, _ c: Int) -> Float { scores[c][place] ?? 0 }
  var askedClips: Int { asked.count }
}

extension MaskPreview {
  init?(_ bench: Workbench, share: Double) {
    guard let dataset = bench.dataset else { return nil }
    let belief = MissingBelief(bench, dataset)
    let (places, candidates, isExact) = belief.mask(share)
    let count = belief.classes
    let cells = places.enumerated().flatMap { c, rows in rows.map { $0 * count + c } }.sorted()
    let thresholds = places.enumerated().map { c, rows in rows.map { belief.score($0, c) }.min() }
    let (right, hidden) = Self.truth(
      dataset, cells, isExact ? belief.missing : belief.missing.map { $0.filter(belief.isAsked) })
    let delta = MaskDelta(
      method: "label-enhancing", thresholds: thresholds, candidates: candidates,
      masked: cells,
      scores: cells.map { belief.score($0 / count, $0 % count) },
      precision: right.flatMap { cells.isEmpty ? nil : Double($0) / Double(cells.count) },
      recall: right.flatMap { r in hidden.flatMap { $0 > 0 ? Double(r) / Double($0) : nil } })
    guard let facts = MaskFacts(delta, dataset) else { return nil }
    self.init(share: share, facts: facts, clips: belief.askedClips, isExact: isExact)
  }

  /// Masked cells that are positive in truth, and missing ones that are; nil where that is unknown.
  private static func truth(
    _ dataset: OpenDataset, _ cells: [Int], _ missing: [[Int]]
  ) -> (right: Int?, hidden: Int?) {
    guard dataset.hasTruth else { return (nil, nil) }
    func isTrue(_ n: Int, _ c: Int) -> Bool { dataset.trainingClip(n).truth(of: c) == true }
    let count = dataset.classes.count
    let hidden = missing.enumerated().reduce(0) { sum, entry in
      sum + entry.element.count { isTrue($0, entry.offset) }
    }
    return (cells.count { isTrue($0 / count, $0 % count) }, hidden)
  }
}

extension MissingBelief {
  func isAsked(_ place: Int) -> Bool { asked.contains(place) }
}
