// From the finished runs of a comparison to the input of the verdict.
import Datasets
import Formats
import Foundation
import Metrics

extension ComparisonRunner {
  // MARK: the learning curve

  /// Trains the best row by validation again, with fewer labels, on as many folds as time allows.
  mutating func trainCurve() throws {
    guard record.plan.wantsCurve, let row = referenceRow, let candidate = reference(row) else {
      return
    }
    record.curve = candidate
    try makeSession()
    let cost = record.plan.seconds(of: row) * Double(ComparisonPlan.curveShares.count)
    for place in curvePlaces(candidate) {
      try throwIfStopped()
      guard cost <= left else { return }
      for share in ComparisonPlan.curveShares {
        if case .failed(let why) = try train(
          ComparisonDraft.name(candidate, share), of: row, at: place)
        {
          return handlers.say("learning curve: ends before \(place.title): \(why)")
        }
      }
      record.curveDone.append(place)
      try save()
    }
  }

  private var referenceRow: ComparisonRow? {
    guard let name = ranking.first else { return nil }
    return record.plan.rows.first { $0.name == name && !wholePlaces.isEmpty }
  }

  /// The settings that were chosen most often; the first of equal ones.
  private func reference(_ row: ComparisonRow) -> ComparisonRow.Candidate? {
    if let curve = record.curve { return curve }
    let chosen = wholePlaces.compactMap { record.candidate(of: row, at: $0) }
    let counts = Dictionary(chosen.map { ($0, 1) }, uniquingKeysWith: +)
    let most = counts.values.max() ?? 0
    return row.candidates.first { counts[$0.name] == most }
  }

  /// Folds of the first draw where these settings were trained with all labels.
  private func curvePlaces(_ candidate: ComparisonRow.Candidate) -> [ComparisonPlace] {
    wholePlaces.filter { place in
      place.draw.isEmpty && !record.curveDone.contains(place) && isDone(candidate.name, place)
    }
  }

  private func isDone(_ candidate: String, _ place: ComparisonPlace) -> Bool {
    runFolder(candidate, place).state == .done
  }

  // MARK: the input of the verdict

  /// Places where every row of the plan has a run.
  var wholePlaces: [ComparisonPlace] {
    record.done.filter { place in
      record.plan.rows.allSatisfy { record.candidate(of: $0, at: place) != nil }
    }
  }

  /// What the finished runs predicted, over whole folds; without one, over the rows that were
  /// finished of the first. Throws `LabError` where nothing was.
  package func comparison() throws -> Comparison {
    var (rows, places) = (record.plan.rows, wholePlaces)
    if places.isEmpty, let place = record.plannedPlaces.first(where: isPartlyDone) {
      rows = rows.filter { record.candidate(of: $0, at: place) != nil }
      places = [place]
    }
    guard !rows.isEmpty, !places.isEmpty else {
      let why = record.problems.first.map { " (\($0))" } ?? ""
      throw LabError(
        "\(folder.path): no run was finished in \(record.budget.text)\(why); expected a larger "
          + "--budget, which goes on from here")
    }
    let sources = rows.map { row in
      places.compactMap { place in
        record.candidate(of: row, at: place).map { runFolder($0, place) }
      }
    }
    let seconds = try rows.map { try self.seconds(of: $0) }
    let pooled = try pool.rows(rows.map { ($0.name, $0.title) }, sources, seconds: seconds)
    return Comparison(
      classes: setup.data.classes, rows: pooled, curve: try curve(),
      curveFolds: record.curveDone.count,
      earlier: try EarlierComparison.before(in: folder),
      facts: setup.data.facts(
        tested: places.count,
        of: max(places.count, record.plan.allFolds * (1 + record.plan.repeats)),
        answers: record.answers?.count ?? 0, problems: record.problems,
        folder: setup.folder?.fromHere,
        runs: runs(of: rows, at: places)))
  }

  /// The run of each row that was finished last.
  private func runs(of rows: [ComparisonRow], at places: [ComparisonPlace]) -> [String: String] {
    rows.reduce(into: [:]) { runs, row in
      for place in places.reversed() where runs[row.name] == nil {
        let found = record.candidate(of: row, at: place).flatMap { run($0, place) }
        runs[row.name] = found.map { session.runFolder($0).url.fromHere }
      }
    }
  }

  private func isPartlyDone(_ place: ComparisonPlace) -> Bool {
    record.plan.rows.contains { record.candidate(of: $0, at: place) != nil }
  }

  private var pool: PooledPredictions {
    PooledPredictions(
      classes: setup.data.classes.count, isSingleLabel: setup.data.isSingleLabel,
      clips: setup.data.clipsByID)
  }

  /// Training of all runs of a row, whichever was chosen, s.
  private func seconds(of row: ComparisonRow) throws -> Double {
    try record.places.reduce(0) { sum, place in
      try row.candidates.reduce(sum) { sum, candidate in
        sum + (try runFolder(candidate.name, place).ending().ended?.wall ?? 0)
      }
    }
  }

  /// Fewer labels first, all of them last; empty without a curve.
  private func curve() throws -> [LearningCurvePoint] {
    guard let candidate = record.curve, !record.curveDone.isEmpty,
      let row = record.plan.rows.first(where: { $0.candidates.contains(candidate) })
    else { return [] }
    let names =
      ComparisonPlan.curveShares.map { ComparisonDraft.name(candidate, $0) } + [candidate.name]
    return try names.map { try point($0, row) }
  }

  private func point(_ name: String, _ row: ComparisonRow) throws -> LearningCurvePoint {
    let folders = record.curveDone.map { runFolder(name, $0) }
    let seconds = try folders.reduce(0) { $0 + (try $1.ending().ended?.wall ?? 0) }
    let pooled = try pool.rows([(row.name, row.title)], [folders], seconds: [seconds])
    let known = try folders.map { try labels(of: $0.readRecipe()) }
    let count = Double(max(1, known.count))
    let positives = setup.data.classes.indices.map { k in
      Double(known.reduce(0) { $0 + $1.positives[k] }) / count
    }
    guard let predictions = pooled.first else { throw LabError("\(name): no predictions") }
    return LearningCurvePoint(
      labels: Int((Double(known.reduce(0) { $0 + $1.observed }) / count).rounded()),
      positives: positives, predictions: predictions)
  }

  /// Labels that the run was trained on, and positives of them by class.
  private func labels(of recipe: Recipe) throws -> (observed: Int, positives: [Int]) {
    let dataset = try executor.data.open(recipe, progress: nil)
    let clips = recipe.hiding(dataset.clips).filter { $0.split == .train }
    let observed = clips.reduce(0) { $0 + $1.labels.count { $0 != nil } }
    let positives = dataset.classes.indices.map { k in
      clips.count { ($0.labels[k] ?? 0) >= 0.5 }
    }
    return (observed, positives)
  }
}
