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
      checkpoint.recipe, classes: classes.count, input: input, size: size,
      embeddings: checkpoint.embeddings)
    let method = try make(RandomSource(Generator(seed: 0)), 1)
    do {
      try method.model.restore(Learner.student(in: checkpoint.tensors))
      if let weights = Learner.teacher(in: checkpoint.tensors) {
        try method.teacher?.restore(weights)
      }
    } catch { throw LabError("\(path): \(error)") }
    networks = method.networks
  }

  /// Batches of these clips as input of the networks.
  func loader(_ clips: [Clip], _ prepared: PreparedDataCache.Prepared) -> Loader {
    loader(clips, prepared.features, prepared.companions)
  }

  /// One sound as input of the networks; nil if its features do not fit.
  func sound(_ spectrogram: Spectrogram, _ companion: Spectrogram?) -> SplitData? {
    let clip = Clip(
      id: "", audio: nil, split: .test, seconds: seconds, labels: classes.map { _ in nil })
    let loader = loader(
      [clip], Features([clip.id: spectrogram]), companion.map { Features([clip.id: $0]) })
    return loader.count == 1 && spectrogram.frames > 0 ? SplitData(loader) : nil
  }

  private func loader(_ clips: [Clip], _ features: Features, _ companions: Features?) -> Loader {
    Loader(
      clips: clips, features: features, standardizer: standardizer, classes: classes,
      isSequence: input.isSequence, frames: size.frames,
      segmentation: recipe.segmentation(of: input),
      companions: companions, companionSize: standardizer.mean.count - size.bands)
  }
}

public final class Predictor {
  public struct Prediction: Sendable, Equatable {
    public var file: String
    /// One probability a class.
    public var student: [Float]
    public var teacher: [Float]?
  }

  private let model: TrainedModel
  private let features: (Waveform) throws -> Spectrogram
  /// Makes the vectors that are joined to the features, if any.
  private let companion: ((Waveform) throws -> Spectrogram)?

  /// From the run's best checkpoint. Throws one line if there is none or it does not fit.
  public init(_ folder: RunFolder) throws {
    model = try TrainedModel(folder)
    features = try model.input.extractor(seconds: model.seconds).makeWorker()
    companion = try model.input.companionMaker(seconds: model.seconds)?.makeWorker()
  }

  public var classes: [String] { model.classes }
  public var hasTeacher: Bool { model.networks.count > 1 }
  public var recipe: Recipe { model.recipe }

  /// Probabilities of one sound file, cut or padded to the length the run was trained on.
  public func predict(_ file: URL) throws -> Prediction {
    let sound = try AudioFile.read(file)
    guard let clip = model.sound(try features(sound), try companion?(sound)) else {
      throw LabError("\(file.path): no sound to score; expected at least one frame")
    }
    let answers = model.networks.map { clip.probabilities(of: $0.classifier, at: [0]) }
    return Prediction(
      file: file.relativePath, student: answers[0], teacher: answers.dropFirst().first)
  }
}
