// The networks of a checkpoint, ready to score: what evaluation and prediction share.
import Acoustics
import Autograd
import Datasets
import Foundation
import Layers
import Methods
import Models

/// Not Sendable: it belongs to whoever loaded it.
final class TrainedModel {
  let recipe: Recipe
  let classes: [String]
  let isSingleLabel: Bool
  let frontEnd: FrontEnd
  let standardizer: Standardizer
  let student: any Classifier
  let teacher: (any Classifier)?

  /// From the run's best checkpoint, or its last where there is no best yet.
  convenience init(_ folder: RunFolder) throws {
    let file = [folder.best, folder.last].first { FileManager.default.fileExists(atPath: $0.path) }
    guard let file else {
      throw LabError(
        "\(folder.url.path): no best.safetensors; expected the folder of a run that has trained")
    }
    try self.init(Checkpoint(reading: file), file.path)
  }

  init(_ checkpoint: Checkpoint, _ path: String) throws {
    recipe = checkpoint.recipe
    classes = checkpoint.classes
    isSingleLabel = checkpoint.isSingleLabel
    frontEnd = checkpoint.frontEnd
    standardizer = Standardizer(mean: checkpoint.mean, deviation: checkpoint.deviation)
    guard let blueprint = ModelCatalog.find(checkpoint.recipe.model) else {
      throw LabError("\(path): model '\(checkpoint.recipe.model)' is unknown; expected a known id")
    }
    let make = { (weights: [String: Tensor]) throws -> any Classifier in
      let model = try blueprint.make(
        classes: checkpoint.classes.count,
        hyperparameters: checkpoint.recipe.hyperparameters(of: "model"),
        random: RandomSource(Generator(seed: 0)))
      do { try model.restore(weights) } catch { throw LabError("\(path): \(error)") }
      return model
    }
    student = try make(Learner.student(in: checkpoint.tensors))
    teacher = try Learner.teacher(in: checkpoint.tensors).map(make)
  }

  var candidates: [ScoredNetwork] {
    [ScoredNetwork("student", student)]
      + (teacher.map { [ScoredNetwork("teacher", $0)] } ?? [])
  }
}
