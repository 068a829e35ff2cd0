// How long a run will take: one short epoch of it, timed.
import Foundation
import Synchronization

/// Trains one epoch in a folder of its own, at most for a while, and takes the times.
struct RunProbe {
  let executor: RunExecutor
  /// Is made and removed.
  let folder: RunFolder
  /// Steps are taken for this long at most, s.
  let most: Double

  /// What was seen of the epoch.
  private struct Notes {
    var steps: [Double] = []
    var planned = 0
    var validation = 0.0
    var test = 0.0
    var saving = 0.0
    var trainer: Trainer?
  }

  /// Throws what keeps the recipe from being trained, and `CancellationError`.
  /// `started`: gets the trainer, so that it can be stopped.
  func cost(
    _ recipe: Recipe, progress: @escaping PreparationHandler, started: (Trainer?) -> Void
  ) throws -> RunCost {
    let notes = Box(Notes())
    // A temporary folder that cannot be removed costs a little disk, and not the comparison.
    defer { try? FileManager.default.removeItem(at: folder.url) }
    let trainer = try executor.trainer(
      for: try recipe.setting("training.epochs", to: "1"), in: folder, progress: progress,
      stepped: { notes.count($0, most: most)?.perform(.stop(.now)) },
      sink: { event in notes.value.withLock { Self.note(event, &$0) } })
    notes.value.withLock { $0.trainer = trainer }
    started(trainer)
    defer { started(nil) }
    let begin = ContinuousClock.now
    trainer.start()
    let ended = trainer.wait()
    guard ended.reason != .failed else { throw LabError("\(recipe.method): its training failed") }
    let took = begin.duration(to: .now).inSeconds
    return notes.value.withLock {
      $0.trainer = nil
      return Self.cost($0, took: took, batch: recipe.training[TrainingSettings.batch])
    }
  }

  private final class Box: Sendable {
    let value: Mutex<Notes>
    init(_ notes: sending Notes) { value = Mutex(notes) }

    /// The trainer, once its steps have taken longer than `most` seconds.
    func count(_ seconds: Double, most: Double) -> Trainer? {
      value.withLock { notes in
        notes.steps.append(seconds)
        return notes.steps.reduce(0, +) > most ? notes.trainer : nil
      }
    }
  }

  private static func note(_ event: Event, _ notes: inout Notes) {
    switch event.body {
    case let started as RunStarted: notes.planned = started.plannedSteps
    case let end as EvalEnd where end.split == "test": notes.test += end.seconds
    case let end as EvalEnd: notes.validation += end.seconds
    case let saved as CheckpointSaved: notes.saving += saved.ms / 1000
    default: break
    }
  }

  /// The middle step stands for all, since the first ones also pay for memory. Without an
  /// evaluation, because the time was up, one is taken to last a third of the epoch.
  private static func cost(_ notes: Notes, took: Double, batch: Int) -> RunCost {
    let sorted = notes.steps.sorted()
    let step = sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    let training = step * Double(max(notes.planned, notes.steps.count))
    let isWhole = notes.steps.count >= notes.planned
    let validation = isWhole ? notes.validation : training / 3
    let epoch = training + validation + notes.saving
    let rest = took - notes.steps.reduce(0, +) - notes.validation - notes.saving
    return RunCost(fixed: opening + max(isWhole ? rest : training / 3, 0), epoch: epoch)
  }

  /// Reading a data set and its features again, s.
  private static let opening = 0.3
}

extension Duration {
  /// Seconds.
  var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
