// Trains the runs of a comparison within its budget: measures, plans, goes fold by fold, and plans
// again after each.
import Formats
import Foundation

/// What a comparison is doing.
package struct ComparisonProgress: Sendable, Equatable {
  /// "fold 2, transfer".
  package var what: String
  /// Of the time that all takes, 0–1.
  package var fraction: Double
  /// To the end, s; nil while unknown.
  package var left: Double?
  /// "epoch 3", or empty.
  package var note: String
}

/// One comparison. It is used by one caller; `stop` ends it from elsewhere.
package struct ComparisonRunner {
  package enum Ending: Sendable { case finished, interrupted }

  /// Called with what happens; from any thread.
  package struct Handlers: Sendable {
    package var progress: @Sendable (ComparisonProgress) -> Void
    /// A line worth a person's time.
    package var say: @Sendable (String) -> Void

    package init(
      progress: @escaping @Sendable (ComparisonProgress) -> Void,
      say: @escaping @Sendable (String) -> Void
    ) {
      (self.progress, self.say) = (progress, say)
    }
  }

  let setup: ComparisonSetup
  package let folder: URL
  let executor: RunExecutor
  let stop: TrainingStop
  let handlers: Handlers
  package internal(set) var record: ComparisonRecord
  var session: Session
  private let begin: ContinuousClock.Instant
  private let usedBefore: Double
  /// Expected seconds of the runs that are finished at this place.
  var spentHere = 0.0
  /// Two comparisons in one folder would spoil each other's plan.
  private let lock: RunLock

  /// `folder`: of the session; a comparison there goes on, unless `fresh`. `answers`: of a person,
  /// which a new comparison trains with. `begin`: when the command started: all since then counts.
  /// Throws where the data has changed.
  package init(
    _ setup: ComparisonSetup, in folder: URL, answers: LabelPatch? = nil, budget: TimeBudget,
    fresh: Bool, executor: RunExecutor, stop: TrainingStop, begin: ContinuousClock.Instant,
    handlers: Handlers
  ) throws {
    (self.setup, self.folder, self.executor, self.stop) = (setup, folder, executor, stop)
    (self.handlers, self.begin) = (handlers, begin)
    let place = RunFolder(folder)
    try place.make()
    lock = try RunLock(place)
    if fresh, setup.isGenerated { try Self.clear(folder) }
    var record =
      try (fresh ? nil : Self.known(setup, folder)) ?? Self.new(setup, folder, answers, budget)
    if budget.seconds > record.budget.seconds { record.isFinished = false }
    record.budget = budget
    usedBefore = record.used
    session = try setup.session(
      in: folder, record.plan, curve: record.curve, patch: Self.patch(record))
    self.record = record
    if let answers, setup.isGenerated, answers.digest != record.answers?.digest {
      handlers.say(
        "answers have been given since this comparison began; --fresh trains with them and says "
          + "what they bought")
    }
  }

  /// A comparison that begins; it keeps a copy of the answers.
  private static func new(
    _ setup: ComparisonSetup, _ folder: URL, _ answers: LabelPatch?, _ budget: TimeBudget
  ) throws -> ComparisonRecord {
    var record = ComparisonRecord(
      name: setup.data.name, digest: setup.data.digest, budget: budget, plan: setup.plan,
      places: setup.places, remarks: setup.remarks)
    guard setup.isGenerated else { return record }
    let count = answers.map(setup.data.answers) ?? 0
    try EarlierComparison.beginAnother(in: folder, labels: setup.data.observedLabels + count)
    guard let answers, count > 0 else { return record }
    try answers.write(to: folder.appendingPathComponent(ComparisonRecord.Answers.fileName))
    record.answers = ComparisonRecord.Answers(count: count, digest: answers.digest)
    return record
  }

  private static func patch(_ record: ComparisonRecord) -> String? {
    record.answers.map { _ in ComparisonRecord.Answers.fileName }
  }

  /// Writes the session of the plan, if it is generated.
  mutating func makeSession() throws {
    session = try setup.session(
      in: folder, record.plan, curve: record.curve, patch: Self.patch(record))
  }

  private static func known(
    _ setup: ComparisonSetup, _ folder: URL
  ) throws -> ComparisonRecord? {
    guard let known = try ComparisonRecord.read(folder) else { return nil }
    guard known.digest == setup.data.digest else {
      throw LabError(
        "\(folder.path): the data has changed since this comparison began; expected the same, or "
          + "--fresh")
    }
    let names = setup.plan.rows.map(\.name)
    guard !setup.isChosen || Set(names) == Set(known.methods) else {
      throw LabError(
        "\(folder.path): compares \(known.methods.joined(separator: ", ")); expected the same "
          + "--methods, or --fresh")
    }
    return known
  }

  /// Removes what an earlier comparison left. The folders of its runs stay, without their files.
  private static func clear(_ folder: URL) throws {
    let record = ComparisonRecord.file(in: folder)
    guard unlink(record.path) == 0 || errno == ENOENT else {
      throw Problem(
        record, "cannot be removed (\(SystemWords.of(errno))); expected a writable folder")
    }
    let runs = folder.appendingPathComponent("runs")
    for name in try StoredFile.names(in: runs) {
      let run = RunFolder(runs.appendingPathComponent(name))
      try withExtendedLifetime(RunLock(run)) { try run.clear() }
    }
  }

  // MARK: time

  /// Spent so far in all processes, s.
  var used: Double { usedBefore + begin.duration(to: .now).inSeconds }

  /// For training, s.
  var left: Double { record.budget.seconds * (1 - TimeBudget.reserve) - used }

  /// Before everything is stopped, s.
  var untilStop: Double { record.budget.seconds * TimeBudget.stop - used }

  // MARK: the whole

  /// Trains what the budget allows. Throws what keeps every row from being trained.
  package mutating func callAsFunction() throws -> Ending {
    if record.isFinished { return .finished }
    let alarm = stop.stopLate(after: untilStop)
    defer { alarm.cancel() }
    do {
      if !record.plan.isBegun { try measure() }
      try trainPlaces()
      try trainCurve()
    } catch is CancellationError {}
    record.isFinished = stop.reason != .asked
    try save()
    return stop.reason == .asked ? .interrupted : .finished
  }

  mutating func save() throws {
    record.used = used
    try record.write(folder)
  }

  /// Keeps the verdict with the comparison, so that a screen can show it, and what it rests on.
  package mutating func keep(_ verdict: Verdict, on comparison: Comparison) throws {
    record.verdict = verdict
    if setup.isGenerated { try EarlierComparison(comparison, verdict)?.write(folder) }
    try save()
  }

  /// Fits the plan into the time that is left, and says what that leaves out.
  mutating func plan(into seconds: Double) throws {
    let before = record.plan.dropped
    record.plan = record.plan.fitted(
      into: seconds, done: record.done.count, ranking: ranking)
    for line in record.plan.dropped where !before.contains(line) { handlers.say(line) }
    try makeSession()
    try save()
  }

  /// Rows from the best to the lowest by validation; those without a score behind the others.
  var ranking: [String] {
    let usual = ComparisonRows.usual
    let means = record.meanScores
    return record.plan.rows.map(\.name).sorted { a, b in
      let (x, y) = (means[a] ?? -.infinity, means[b] ?? -.infinity)
      guard x == y else { return x > y }
      return (usual.firstIndex(of: a) ?? usual.count) < (usual.firstIndex(of: b) ?? usual.count)
    }
  }

  /// To the end of everything.
  func report(_ what: String, part: Double = 0, of cost: Double = 0, note: String = "") {
    let ahead = record.plan.seconds(after: record.done.count) - spentHere - cost * part
    let isKnown = record.plan.isBegun
    let left = max(0, ahead)
    let whole = used + left
    handlers.progress(
      ComparisonProgress(
        what: what, fraction: isKnown && whole > 0 ? used / whole : 0,
        left: isKnown ? left : nil, note: note))
  }
}
