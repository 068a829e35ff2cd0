// The networks of a checkpoint, ready to score: what evaluation and prediction share.
import Acoustics
import Autograd
import Datasets
import Formats
import Foundation
import Layers
import Methods
import Models

/// Not Sendable: it belongs to its loader.
final class TrainedModel {
  let recipe: Recipe
  let classes: [String]
  let isSingleLabel: Bool
  let input: ModelInput
  /// Length of the clips it was trained on, s.
  let seconds: Double
  let size: InputSize
  let standardizer: Standardizer
  let origin: DataOrigin
  /// `student` and, if the method has one, `teacher`.
  let networks: [ScoredNetwork]

  /// From the run's best checkpoint, or its last one without a best.
  convenience init(_ folder: RunFolder) throws {
    let file = try [folder.best, folder.last].first { try StoredFile.exists($0) }
    guard let file else {
      try folder.storedRecipe()?.demandOwn()
      throw LabError(
        "\(folder.url.path): no best.safetensors; expected the folder of a run that has trained")
    }
    try self.init(Checkpoint(reading: file), file.path)
  }

  init(_ checkpoint: Checkpoint, _ path: String) throws {
    recipe = checkpoint.recipe
    classes = checkpoint.classes
    isSingleLabel = checkpoint.isSingleLabel
    input = checkpoint.input
    seconds = checkpoint.seconds
    origin = DataOrigin(checkpoint)
    size = checkpoint.size
    standardizer = Standardizer(mean: checkpoint.mean, std: checkpoint.std)
    let make = try TrainingPlan.methodMaker(
      checkpoint.recipe.reading(checkpoint.tensors), classes: classes.count, input: input,
      size: size, embeddings: checkpoint.embeddings)
    let method = try make(RandomSource(Generator(seed: 0)), 1)
    do {
      try method.model.restore(Learner.student(in: checkpoint.tensors))
      if let weights = Learner.teacher(in: checkpoint.tensors) {
        try method.teacher?.restore(weights)
      }
    } catch { throw LabError("\(path): \(error)") }
    networks = method.networks
  }

  /// The network that is the method's result.
  var result: NetworkName { MethodCatalog.find(recipe.method)?.result ?? .student }

  /// The network of this name; nil if the method has no such network.
  subscript(name: NetworkName) -> (any Classifier)? {
    networks.first { $0.name == name.rawValue }?.classifier
  }

  /// Batches of these clips as input of the networks.
  func loader(_ clips: [Clip], _ prepared: PreparedData) -> Loader {
    loader(clips, prepared.features, prepared.companions)
  }

  /// Sounds as input of the networks, in this order; nil if the features of one do not fit.
  func sounds(_ spectrograms: [Spectrogram], _ companions: [Spectrogram]) -> Loader? {
    let clips = spectrograms.indices.map { index in
      Clip(
        id: "\(index)", audio: nil, split: .test, seconds: seconds,
        labels: classes.map { _ in nil })
    }
    func features(_ values: [Spectrogram]) -> Features {
      Features(
        Dictionary(zip(clips.map(\.id), values), uniquingKeysWith: { first, _ in first }))
    }
    let loader = loader(
      clips, features(spectrograms), companions.isEmpty ? nil : features(companions))
    let isWhole = loader.count == spectrograms.count && spectrograms.allSatisfy { $0.frames > 0 }
    return isWhole ? loader : nil
  }

  private func loader(_ clips: [Clip], _ features: Features, _ companions: Features?) -> Loader {
    Loader(
      clips: clips, features: features, standardizer: standardizer, classes: classes,
      isSequence: input.isSequence, frames: size.frames,
      segmentation: recipe.segmentation(of: input),
      companions: companions, companionSize: standardizer.mean.count - size.bands)
  }
}
