// How much a comparison trains, so that all of it fits into the time there is. Pure arithmetic.

/// The work of a comparison and what was left out of it.
package struct ComparisonPlan: Codable, Sendable, Equatable {
  /// Shares of the labels that the learning curve trains on, beside all of them.
  package static let curveShares = [0.25, 0.5]
  package static let fewestFolds = 2
  static let noCurve = "learning curve: no time"

  /// Still part of it, in the order of training.
  package var rows: [ComparisonRow]
  /// How many candidates of a row are tried, by its name.
  package var candidates: [String: Int]
  /// Of the rows without a number of their own.
  package var epochs: Int
  package let usualEpochs: Int
  /// Folds to test, those of repeats not counted.
  package var folds: Int
  package let allFolds: Int
  /// Draws of the folds beyond the first.
  package var repeats: Int
  package let allRepeats: Int
  /// Whether time is kept for the learning curve, and whether one is wanted.
  package var hasCurve: Bool
  package let wantsCurve: Bool
  /// Whether the epochs are settled, since runs have been trained with them.
  package var isBegun = false
  /// Rows that there was no time for.
  package private(set) var gone: [String] = []
  /// What did not fit, a line each.
  package private(set) var dropped: [String] = []

  /// Everything that one could wish for. `repeats`: further draws of the folds.
  package init(rows: [ComparisonRow], epochs: Int, folds: Int, repeats: Int, wantsCurve: Bool) {
    self.rows = rows
    candidates = Dictionary(
      rows.map { ($0.name, $0.candidates.count) }, uniquingKeysWith: { first, _ in first })
    self.epochs = epochs
    usualEpochs = epochs
    (self.folds, allFolds) = (folds, folds)
    (self.repeats, allRepeats) = (repeats, repeats)
    (hasCurve, self.wantsCurve) = (wantsCurve, wantsCurve)
  }

  /// Epochs are not lowered below a quarter of the usual number, nor below 4.
  package var fewestEpochs: Int { min(usualEpochs, max(4, (usualEpochs + 3) / 4)) }
  /// Folds over all draws.
  package var places: Int { folds * (1 + repeats) }

  package func epochs(of row: ComparisonRow) -> Int { row.epochs ?? epochs }

  /// A run of the row, s; 0 while unknown.
  package func seconds(of row: ComparisonRow) -> Double {
    row.cost?.seconds(epochs: epochs(of: row)) ?? 0
  }

  /// What is left to train, s. `done`: places that are finished.
  package func seconds(after done: Int = 0) -> Double {
    let place = rows.reduce(0) { $0 + seconds(of: $1) * Double(candidates[$1.name] ?? 1) }
    return place * Double(max(0, places - done)) + curveSeconds
  }

  /// The curve is drawn for one row on every fold; which one is not known before. The middle of
  /// the rows stands for it.
  private var curveSeconds: Double {
    guard hasCurve, !rows.isEmpty else { return 0 }
    let costs = rows.map(seconds).sorted()
    return costs[costs.count / 2] * Double(Self.curveShares.count * folds)
  }
}

// MARK: fitting

extension ComparisonPlan {
  /// The plan that fits into `available` seconds after `done` places. Left out in this order:
  /// other settings, the dearest first; repeats; the curve; epochs; folds; rows from the lowest.
  /// Other settings of quick rows come back if there is room in the end.
  /// `ranking`: rows from the best to the lowest.
  package func fitted(
    into available: Double, done: Int = 0, ranking: [String] = ComparisonRows.usual
  ) -> ComparisonPlan {
    var plan = renewed
    func fits() -> Bool { plan.seconds(after: done) <= available }
    while !fits(), let row = plan.dearestChoice { plan.candidates[row, default: 1] -= 1 }
    while !fits(), plan.repeats > 0, plan.folds * plan.repeats >= done { plan.repeats -= 1 }
    if !fits() { plan.hasCurve = false }
    let isShared = plan.rows.contains { $0.epochs == nil }
    if !fits(), !isBegun, isShared { plan.epochs = plan.mostEpochs(in: available, done) }
    while !fits(), plan.folds > max(Self.fewestFolds, done), plan.repeats == 0 { plan.folds -= 1 }
    while !fits(), plan.rows.count > 1, let lowest = plan.lowest(ranking) {
      plan.rows.removeAll { $0.name == lowest }
      plan.gone.append(lowest)
    }
    let isWhole = fits()
    if isWhole { plan.fill(available, done) }
    plan.dropped = plan.words(fits: isWhole)
    return plan
  }

  /// Takes other settings back, the quickest rows first, where what was left out leaves room.
  private mutating func fill(_ available: Double, _ done: Int) {
    for row in rows.sorted(by: { seconds(of: $0) < seconds(of: $1) }) {
      while let count = candidates[row.name], count < row.candidates.count {
        candidates[row.name] = count + 1
        guard seconds(after: done) > available else { continue }
        candidates[row.name] = count
        break
      }
    }
  }

  /// With everything that may still be wished for: rows that are gone stay away, since they lack
  /// the places that are finished.
  private var renewed: ComparisonPlan {
    var plan = self
    for row in rows { plan.candidates[row.name] = row.candidates.count }
    (plan.folds, plan.repeats, plan.hasCurve) = (allFolds, allRepeats, wantsCurve)
    if !isBegun { plan.epochs = usualEpochs }
    return plan
  }

  /// The row with the longest run among those that have a choice of settings.
  private var dearestChoice: String? {
    rows.filter { (candidates[$0.name] ?? 1) > 1 }.max { seconds(of: $0) < seconds(of: $1) }?.name
  }

  private func mostEpochs(in available: Double, _ done: Int) -> Int {
    var plan = self
    while plan.epochs > fewestEpochs, plan.seconds(after: done) > available { plan.epochs -= 1 }
    return plan.epochs
  }

  /// Rows that the ranking does not name come behind those that it does.
  private func lowest(_ ranking: [String]) -> String? {
    rows.max { place($0.name, in: ranking) < place($1.name, in: ranking) }?.name
  }

  private func place(_ row: String, in ranking: [String]) -> Int {
    ranking.firstIndex(of: row) ?? ranking.count
  }

  private func words(fits: Bool) -> [String] {
    let fewer = rows.filter { (candidates[$0.name] ?? 1) < $0.candidates.count }.map(\.name)
    let lines: [String?] = [
      fewer.isEmpty
        ? nil : "other settings: not all were tried for \(fewer.joined(separator: ", "))",
      repeats < allRepeats ? "repeats: the folds were drawn once" : nil,
      wantsCurve && !hasCurve ? Self.noCurve : nil,
      epochs < usualEpochs ? "epochs: \(epochs) instead of \(usualEpochs)" : nil,
      folds < allFolds ? "folds: \(folds) of \(allFolds)" : nil,
      gone.isEmpty ? nil : "methods: no time for \(gone.joined(separator: ", "))",
      fits ? nil : "time: what is left takes longer than the budget; it is stopped at the end",
    ]
    return lines.compactMap { $0 }
  }
}
