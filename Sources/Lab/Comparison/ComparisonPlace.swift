// Where the runs of a comparison are tested: a fold of a draw, or a seed of a session.

/// One test split. All rows are trained once for it.
package struct ComparisonPlace: Codable, Sendable, Equatable, Hashable {
  /// Between the row's name and the rest of a run's: empty, or `-draw2`.
  package let draw: String
  /// The end of the runs' names: `-fold2-s0`.
  package let suffix: String
  /// For people: "fold 2".
  package let title: String

  /// The name of a run of these settings.
  package func run(_ candidate: String) -> String { candidate + draw + suffix }

  /// Of the folds of a data set, draw by draw; without folds the given split alone.
  /// `draws`: how often folds are drawn.
  package static func all(folds: [Int], draws: Int) -> [ComparisonPlace] {
    guard !folds.isEmpty else { return [ComparisonPlace("", "-s0", "the split")] }
    return (1...max(1, draws)).flatMap { draw in
      folds.map { fold in
        let again = draw == 1 ? "" : ", draw \(draw)"
        return ComparisonPlace(label(of: draw), "-fold\(fold)-s0", "fold \(fold)\(again)")
      }
    }
  }

  /// Behind the names of rows whose folds are drawn anew.
  static func label(of draw: Int) -> String { draw == 1 ? "" : "-draw\(draw)" }

  private init(_ draw: String, _ suffix: String, _ title: String) {
    (self.draw, self.suffix, self.title) = (draw, suffix, title)
  }
}

extension ComparisonPlace {
  /// Those of a session that somebody wrote, in its order, and the names of its rows: what is left
  /// of a run's name without fold and seed.
  static func all(of session: Session) -> (rows: [String], places: [ComparisonPlace]) {
    var rows: [String] = []
    var places: [ComparisonPlace] = []
    for run in session.runs {
      let (row, place) = parts(of: run)
      if !rows.contains(row) { rows.append(row) }
      if !places.contains(place) { places.append(place) }
    }
    return (rows, places)
  }

  /// The row of a run, and its place.
  static func parts(of run: Session.Run) -> (row: String, place: ComparisonPlace) {
    let seed = "-s\(run.recipe.seed)"
    var row = run.name
    if row.hasSuffix(seed) { row.removeLast(seed.count) }
    let fold = run.recipe["dataset.testFold"] ?? "0"
    let foldPart = "-fold\(fold)"
    guard fold != "0", row.hasSuffix(foldPart) else {
      return (row, ComparisonPlace("", seed, "seed \(run.recipe.seed)"))
    }
    row.removeLast(foldPart.count)
    let title = "fold \(fold)" + (run.recipe.seed == 0 ? "" : ", seed \(run.recipe.seed)")
    return (row, ComparisonPlace("", foldPart + seed, title))
  }
}
