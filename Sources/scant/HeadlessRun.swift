import ArgumentParser
import Formats
import Foundation
import Lab
import Output
import Synchronization

/// One training without a screen, from its recipe to its last event.
struct HeadlessRun {
  let recipe: Recipe
  let folder: RunFolder
  /// The metrics that the run's session names.
  var columns: [String] = []
  var fresh = false
  /// Shared by the runs of a session, so that data is read once.
  let executor: RunExecutor
  let reporter: RunReporter
  let interruption: Interruption

  enum Outcome: Equatable {
    case trained(RunEnded)
    /// Finished earlier with the same recipe; nothing was done.
    case alreadyDone(RunEnded)
  }

  /// Trains or resumes. Throws what keeps the run from starting, `CancellationError` when
  /// interrupted before it could.
  func callAsFunction() throws -> Outcome {
    if fresh { try forget() } else { try checkRecipe() }
    if case (.done, let ended?) = try folder.ending() {
      try reporter.repeatLast(of: folder)
      return .alreadyDone(ended)
    }
    let (reporter, interruption) = (reporter, interruption)
    let trainer = try executor.trainer(
      for: recipe, in: folder, columns: columns,
      progress: { preparation in
        reporter.prepared(preparation)
        return !interruption.isRaised
      },
      sink: { reporter.receive($0) })
    interruption.whenRaised { trainer.perform(.stop(.now)) }
    trainer.start()
    return .trained(trainer.wait())
  }

  /// Not under the hands of another process.
  private func forget() throws {
    guard try StoredFile.exists(folder.url) else { return }
    try withExtendedLifetime(RunLock(folder)) { try folder.clear() }
  }

  /// A run with other settings is neither skipped as done nor resumed.
  private func checkRecipe() throws {
    guard let stored = try folder.storedRecipe() else { return }
    guard let change = try recipe.resuming(stored).change(since: stored) else { return }
    throw RecipeError(
      file: folder.recipe.path,
      message: "\(change); expected the same recipe, or --fresh to train again")
  }
}

extension Recipe {
  /// "training.epochs was 16 and is 3 now"; `nil` where the result cannot differ.
  func change(since stored: Recipe) -> String? {
    let keys = ["dataset.id", "model.id", "method.id", "seed"] + fields.map(\.key)
    let harmless: Set = ["dataset.root", "training.threads"]
    for key in keys where !harmless.contains(key) && self[key] != stored[key] {
      return "\(key) was \(stored[key] ?? "absent") and is \(self[key] ?? "absent") now"
    }
    return nil
  }
}

/// Reports on a run that trains without a screen: its events as JSON lines on stdout if
/// wanted, a meter and a line at the end on stderr.
final class RunReporter: Sendable {
  private let name: String
  private let writesEvents: Bool
  private let console: Console
  private let meter: Meter
  /// Codes of remarks worth a line before a long training.
  private static let told: Set<String> = ["eta", "frozen"]
  private let plan = Mutex<(epochs: Int, loss: Float?)>((0, nil))

  /// `meter`: shared by the runs of a session, so that lines keep their distance.
  init(
    _ name: String, writesEvents: Bool, console: Console = .shared, meter: Meter = Meter()
  ) {
    self.name = name
    self.writesEvents = writesEvents
    self.console = console
    self.meter = meter
  }

  func prepared(_ preparation: Preparation) {
    meter.show(
      Meter.Reading(
        what: preparation.what, done: preparation.done, total: preparation.total,
        left: preparation.eta))
  }

  func receive(_ event: Event) {
    if writesEvents { write(event) }
    switch event.body {
    case let started as RunStarted:
      plan.withLock { $0.epochs = started.plannedEpochs }
    case let scalars as Scalars:
      let latest = scalars.series["loss/total"]?.compactMap { $0 }.last
      if let latest { plan.withLock { $0.loss = latest } }
    case let progress as Lab.Progress: show(progress, event)
    case let line as LogLine where line.level != .info: console.complain("\(name): \(line.text)")
    case let line as LogLine where Self.told.contains(line.code):
      console.say("\(name): \(line.text)")
    case let fault as Fault: console.complain("\(name): \(fault.message)")
    default: break
    }
  }

  /// The last event of a run that was finished before.
  func repeatLast(of folder: RunFolder) throws {
    guard writesEvents, let event = try EventLog.last(in: folder.events) else { return }
    write(event)
  }

  func ended(_ ended: RunEnded) {
    let lost = ended.lostClips.map { count in
      count == 1
        ? ["without 1 clip whose file is missing or no sound"]
        : ["without \(count) clips whose files are missing or no sound"]
    }
    let words = [name, ended.reason.rawValue, ended.wall.duration] + (lost ?? [])
    console.say(words.joined(separator: "  "))
  }

  private func write(_ event: Event) {
    // A full disk behind stdout is no reason to lose the training: the log on disk goes on.
    guard let line = try? event.line() else { return }
    try? console.print(jsonText: String(decoding: line, as: UTF8.self))
  }

  private func show(_ progress: Lab.Progress, _ event: Event) {
    let (epochs, loss) = plan.withLock { $0 }
    var note = "epoch \(event.epoch)/\(epochs)"
    if let loss { note += ", loss \(Double(loss).fixed(4))" }
    meter.show(
      Meter.Reading(
        what: name, done: event.step, total: progress.plannedSteps, rate: progress.stepsPerSec,
        left: progress.eta, note: note))
  }
}
