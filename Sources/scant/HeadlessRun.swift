/// One training without a screen, from its recipe to its last event.
import ArgumentParser
import Formats
import Foundation
import Lab

struct HeadlessRun {
  let recipe: Recipe
  let folder: RunFolder
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
      for: recipe, in: folder,
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

  /// What was trained with other settings is neither skipped as done nor continued.
  private func checkRecipe() throws {
    guard let stored = try folder.storedRecipe() else { return }
    guard let change = recipe.change(since: stored) else { return }
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
