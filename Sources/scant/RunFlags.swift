/// The recipe and the folder of a run that a command line describes.
import ArgumentParser
import Datasets
import Formats
import Foundation
import Lab

struct RunFlags {
  var dataset: String
  var model: String
  var method: String
  var seed: Int
  var epochs: Int?
  var labels: Double?
  var threads: Int?
  /// `key=value`, in this order.
  var set: [String]

  /// Throws `ValidationError` and `LabError`.
  func recipe() throws -> Recipe {
    try checkFolder()
    var recipe = try asUsage("--dataset") { try Recipe().choosing(dataset: dataset) }
    func apply(_ option: String, _ key: String, _ value: String) throws {
      recipe = try asUsage(option) { try recipe.setting(key, to: value) }
    }
    try apply("--model", "model.id", model)
    try apply("--method", "method.id", method)
    try apply("--seed", "seed", "\(seed)")
    if let epochs { try apply("--epochs", "training.epochs", "\(epochs)") }
    if let threads { try apply("--threads", "training.threads", "\(threads)") }
    if let labels {
      try apply("--labels", "dataset.observed", "\(labels)")
      if labels < 1, recipe["dataset.hiding"] == "none" {
        try apply("--labels", "dataset.hiding", "balanced")
      }
    }
    for text in set {
      let assignment = try Assignment(text, option: "--set")
      try apply("--set", assignment.key, assignment.value)
    }
    return recipe
  }

  /// A data set named by a path must be a folder with the tables of a data set.
  private func checkFolder() throws {
    if DatasetCatalog.find(dataset) != nil { return }
    let folder = URL(fileURLWithPath: dataset, isDirectory: true)
    let expected =
      "expected a data set's id, or a folder of sounds with labels.csv, label tracks "
      + "or a folder a class"
    if try !StoredFile.exists(folder) {
      guard dataset.contains("/") else { return }
      throw LabError("\(dataset): no such folder; \(expected)")
    }
    guard try DatasetCatalog.recognize(folder) != nil else {
      throw LabError("\(dataset): no sound file and no table of labels here; \(expected)")
    }
  }

  /// `path`, or a name of its own below `./runs` that no other recipe has taken.
  func folder(_ path: String?, for recipe: Recipe) throws -> RunFolder {
    if let path { return RunFolder(URL(fileURLWithPath: path, isDirectory: true)) }
    let data = URL(fileURLWithPath: dataset).standardizedFileURL.lastPathComponent
    let name = "\(data)-\(recipe.model)-\(recipe.method)-s\(recipe.seed)"
    let runs = URL(fileURLWithPath: "runs", isDirectory: true)
    let names = [name] + (2...1000).map { "\(name)-\($0)" }
    let folders = names.lazy.map { RunFolder(runs.appendingPathComponent($0)) }
    let free = try folders.first { folder in
      do {
        guard let stored = try folder.storedRecipe() else { return true }
        return recipe.change(since: stored) == nil
      } catch is RecipeError {
        // Of another build, as a rule: somebody's all the same.
        return false
      }
    }
    return free ?? RunFolder(runs.appendingPathComponent(name))
  }
}

extension RunEnded {
  /// Throws the exit status of a run that was not trained to its end.
  func demandDone() throws {
    switch reason {
    case .done: break
    case .failed: throw ExitCode.failure
    case .stopped, .interrupted: throw ExitCode.interrupted
    }
  }
}
