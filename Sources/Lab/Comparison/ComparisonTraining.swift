// The runs of a comparison: the measurement, the folds, the choice by validation, the curve.
import Foundation
import Metrics

extension ComparisonRunner {
  /// How one run ended.
  enum Outcome {
    case finished
    /// Why it cannot be trained, or was not.
    case failed(String)
  }

  /// Share of a budget that one row may take to be measured.
  private static let probeShare = 0.02

  // MARK: measuring

  /// Computes the features of every row and times an epoch; then plans. A row that cannot be
  /// trained is left out; if none can, its error is thrown.
  mutating func measure() throws {
    var first: (any Error)?
    for row in record.plan.rows where row.cost == nil {
      do { try measure(row) } catch let error as CancellationError { throw error } catch {
        first = first ?? error
        leaveOut(row, reason(of: error))
      }
      try throwIfStopped()
    }
    if record.plan.rows.isEmpty, let first { throw first }
    // The measurement saw little; a tenth more is kept for what it did not see.
    try plan(into: left / 1.1)
    record.plan.isBegun = true
    try save()
  }

  private mutating func measure(_ row: ComparisonRow) throws {
    guard let place = record.places.first,
      let run = run(row.candidates[0].name, place)
    else { return leaveOut(row, "no run of it at \(record.places.first?.title ?? "any fold")") }
    let what = "measuring \(row.title)"
    report(what)
    let probe = RunProbe(
      executor: executor, folder: RunFolder(folder.appendingPathComponent("measuring")),
      most: max(1, record.budget.seconds * Self.probeShare))
    let cost = try probe.cost(run.recipe, progress: preparation(what)) { stop.hold($0) }
    guard let index = record.plan.rows.firstIndex(where: { $0.name == row.name }) else { return }
    record.plan.rows[index].cost = cost
  }

  private mutating func leaveOut(_ row: ComparisonRow, _ why: String) {
    record.plan.rows.removeAll { $0.name == row.name }
    note("\(row.title): left out: \(why)")
  }

  /// Once a line.
  private mutating func note(_ line: String) {
    guard !record.problems.contains(line) else { return }
    record.problems.append(line)
    handlers.say(line)
  }

  func throwIfStopped() throws { if stop.reason != nil { throw CancellationError() } }

  // MARK: folds

  /// Fold by fold, so that stopping leaves whole folds.
  mutating func trainPlaces() throws {
    while true {
      if !record.done.isEmpty { try plan(into: left) }
      let next = record.plannedPlaces.first { !record.done.contains($0) }
      guard let place = next else { return }
      spentHere = 0
      try train(place)
      record.done.append(place)
      try save()
    }
  }

  private mutating func train(_ place: ComparisonPlace) throws {
    var failures: [(row: ComparisonRow, why: String)] = []
    for row in record.plan.rows where record.candidate(of: row, at: place) == nil {
      if let why = try train(row, at: place) { failures.append((row, why)) }
    }
    spentHere = 0
    guard let first = failures.first else { return }
    // What fails for every row is the fold's fault.
    if failures.count == record.plan.rows.count {
      return note("\(place.title): left out: \(first.why)")
    }
    for (row, why) in failures { leaveOut(row, "\(place.title): \(why)") }
  }

  /// Trains the candidates of a row and chooses one; why none could be trained, or nil.
  private mutating func train(_ row: ComparisonRow, at place: ComparisonPlace) throws -> String? {
    var finished: [(name: String, score: Double?)] = []
    var failure: String?
    for candidate in row.candidates.prefix(record.plan.candidates[row.name] ?? 1) {
      let cost = record.plan.seconds(of: row)
      // Another setting is a luxury; a first one may use what is kept for delays.
      if !finished.isEmpty, cost > left { break }
      if cost > untilStop { stop.stop(.late) }
      try throwIfStopped()
      switch try train(candidate.name, of: row, at: place) {
      case .failed(let why): failure = failure ?? why
      case .finished:
        let folder = runFolder(candidate.name, place)
        finished.append((candidate.name, try ValidationScore.of(folder, setup.data.headline)))
      }
      spentHere += cost
    }
    guard let best = ValidationScore.best(of: finished) else { return failure ?? "no run" }
    let key = ComparisonRecord.key(row, place)
    (record.chosen[key], record.scores[key]) = (best.name, best.score)
    try save()
    return nil
  }

  // MARK: one run

  /// The run of these settings at a place; nil where the session has none.
  func run(_ candidate: String, _ place: ComparisonPlace) -> Session.Run? {
    let name = place.run(candidate)
    return session.runs.first { $0.name == name }
  }

  /// Where it is kept, also once the plan has dropped it.
  func runFolder(_ candidate: String, _ place: ComparisonPlace) -> RunFolder {
    let runs = folder.appendingPathComponent("runs")
    return RunFolder(runs.appendingPathComponent(place.run(candidate)))
  }

  /// Trains a run, or goes on with it. Throws `CancellationError` once it is stopped.
  mutating func train(
    _ candidate: String, of row: ComparisonRow, at place: ComparisonPlace
  ) throws -> Outcome {
    guard let run = run(candidate, place) else {
      return .failed("session.yaml has no \(candidate)")
    }
    let folder = session.runFolder(run)
    let (state, _) = try folder.ending()
    switch state {
    case .done: return try checked(run, folder)
    case .failed: return failed(folder)
    case .absent, .interrupted, .unreadable: break
    }
    let start = used
    let what = "\(place.title), \(candidate)"
    do {
      let ended = try trained(run, folder, what, cost: record.plan.seconds(of: row))
      if ended.reason == .failed { return failed(folder) }
    } catch let error as CancellationError { throw error } catch {
      return .failed(reason(of: error))
    }
    if state == .absent { correct(row, by: used - start) }
    return .finished
  }

  private func failed(_ folder: RunFolder) -> Outcome {
    .failed("its training failed; see \(folder.url.path)")
  }

  /// A finished run counts if it was made with the recipe of the session.
  private func checked(_ run: Session.Run, _ folder: RunFolder) throws -> Outcome {
    guard let stored = try folder.storedRecipe(), let change = run.recipe.difference(from: stored)
    else { return .finished }
    throw LabError(
      "\(folder.recipe.path): \(change); expected the same settings, or --fresh to train again")
  }

  private mutating func correct(_ row: ComparisonRow, by seconds: Double) {
    guard let index = record.plan.rows.firstIndex(where: { $0.name == row.name }) else { return }
    let epochs = record.plan.epochs(of: row)
    record.plan.rows[index].cost = row.cost?.corrected(by: seconds, epochs: epochs)
  }

  /// Its end; throws `CancellationError` if it was stopped before, here or by another process.
  private func trained(
    _ run: Session.Run, _ folder: RunFolder, _ what: String, cost: Double
  ) throws -> RunEnded {
    let view = RunView(what: what, cost: cost, report: reporter)
    report(what)
    let trainer = try executor.trainer(
      for: run.recipe, in: folder, progress: preparation(what), sink: { view.receive($0) })
    stop.hold(trainer)
    defer { stop.hold(nil) }
    trainer.start()
    let ended = trainer.wait()
    guard ended.reason == .interrupted || ended.reason == .stopped else { return ended }
    stop.stop(.asked)
    throw CancellationError()
  }

  /// Reports from the trainer's queue, with the state of now.
  private var reporter: @Sendable (String, Double, Double, String) -> Void {
    let (handlers, begin) = (handlers, used)
    let (clock, ahead) = (
      ContinuousClock.now, record.plan.seconds(after: record.done.count) - spentHere
    )
    return { what, part, cost, note in
      let left = max(0, ahead - cost * part)
      let used = begin + clock.duration(to: .now).inSeconds
      handlers.progress(
        ComparisonProgress(what: what, fraction: used / (used + left), left: left, note: note))
    }
  }

  /// Shows how far features are, and ends them once it is stopped.
  func preparation(_ what: String) -> PreparationHandler {
    let (handlers, stop) = (handlers, stop)
    return { preparation in
      let share = Double(preparation.done) / Double(max(1, preparation.total))
      handlers.progress(
        ComparisonProgress(
          what: "\(what), \(preparation.what)", fraction: 0, left: nil,
          note: "\(Int(share * 100)) %"))
      return stop.reason == nil
    }
  }
}

/// What is shown of the events of a run.
private struct RunView: Sendable {
  let what: String
  let cost: Double
  let report: @Sendable (String, Double, Double, String) -> Void

  func receive(_ event: Event) {
    guard let progress = event.body as? Progress else { return }
    let part = Double(event.step) / Double(max(1, progress.plannedSteps))
    report(what, part, cost, "epoch \(event.epoch)")
  }
}
