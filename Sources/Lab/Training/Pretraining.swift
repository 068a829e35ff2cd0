// Trains one of the included networks on single notes and writes its weights.
import Acoustics
import Autograd
import Datasets
import Formats
import Foundation
import Layers
import Methods

/// Renders notes, trains, scores on held-out notes, writes a safetensors file. The same seed and
/// thread count give the same file, bit for bit, on the same machine.
public struct Pretraining: Sendable {
  public let network: PretrainedNetwork
  public let seed: Int
  var settings: PretrainedNetwork.Settings

  /// Top-1 accuracy of program and key on held-out notes.
  public struct Score: Sendable, Equatable {
    public let program, key: Double
    public let notes: Int
    /// Trained values of the network.
    public let parameters: Int
  }

  /// Numbers that are not given are those of the included file.
  public init(
    _ network: PretrainedNetwork, seed: Int = 1, notes: Int? = nil, epochs: Int? = nil
  ) {
    self.network = network
    self.seed = seed
    settings = network.settings
    if let notes { (settings.notes, settings.heldOut) = (notes, max(1, notes / 8)) }
    if let epochs { settings.epochs = epochs }
  }

  /// Throws `CancellationError` if `progress` returns false, and one line if FluidSynth, the
  /// SoundFont or the file fail.
  public func callAsFunction(
    to file: URL, progress: @escaping @Sendable (String, Int, Int) -> Bool
  ) throws -> Score {
    let notes = try examples(.train, settings.notes, progress)
    let heldOut = try examples(.test, settings.heldOut, progress)
    let lesson = NoteLesson(train: notes, isStandardized: settings.isStandardized)
    let random = RandomSource(Generator(seed: seed, 0x7072_6574))
    let model = network.make(lesson.size, random)
    try train(model, on: lesson, random, progress)
    let (program, key) = lesson.accuracy(of: model, on: heldOut)
    let score = Score(
      program: program, key: key, notes: heldOut.count, parameters: model.trainableCount)
    try write(model, lesson.standardizer, score, to: file)
    return score
  }

  private func examples(
    _ split: Split, _ perProgram: Int, _ progress: @escaping @Sendable (String, Int, Int) -> Bool
  ) throws -> [NoteSource.Example] {
    try NoteSource(seed: seed, seconds: settings.seconds).examples(
      split, perProgram * NoteSource.programs, by: settings.frontEnd,
      threads: ProcessInfo.processInfo.activeProcessorCount,
      progress: { progress("rendering \(split == .train ? "" : "held-out ")\($0)", $1, $2) })
  }

  private func train(
    _ model: any Classifier, on lesson: NoteLesson, _ random: RandomSource,
    _ progress: @Sendable (String, Int, Int) -> Bool
  ) throws {
    let steps = lesson.stepsPerEpoch(settings.batch) * settings.epochs
    let schedule = Schedule.warmup(settings.warmup, then: .cosine)
    let adam = Adam(model.namedParameters, weightDecay: settings.weightDecay)
    let parameters = model.namedParameters.map(\.parameter)
    let mode = Mode.training(random)
    var step = 0
    for epoch in 0..<settings.epochs {
      for indices in lesson.batches(of: settings.batch, epoch: epoch, seed: seed) {
        let input = settings.augmentation.view(of: lesson.input(indices), mode)
        let loss = lesson.loss(model(input, mode), indices)
        guard loss.item.isFinite else {
          throw LabError("\(network.rawValue): the loss is \(loss.item) at step \(step + 1)")
        }
        let rate = settings.learningRate * schedule.factor(step: step, of: steps)
        let gradient = gradients(of: loss, forgetting: true)
        guard gradient.norm(of: parameters).isFinite else {
          throw LabError("\(network.rawValue): no finite gradient at step \(step + 1)")
        }
        adam.step(gradient, learningRate: rate)
        step += 1
        if !progress("training", step, steps) { throw CancellationError() }
      }
    }
  }

  private func write(
    _ model: any Classifier, _ standardizer: Standardizer?, _ score: Score, to file: URL
  ) throws {
    var tensors = model.state
    if let standardizer {
      let bands = standardizer.mean.count
      tensors["standardizer.mean"] = Tensor(standardizer.mean, [bands])
      tensors["standardizer.std"] = Tensor(standardizer.std, [bands])
    }
    let entries = tensors.mapValues { Safetensors.Entry(shape: $0.shape, values: $0.values) }
    try Safetensors.write(
      entries,
      metadata: [
        "format": "scant", "network": network.rawValue, "seed": "\(seed)",
        "notes": "\(settings.notes) of each of \(NoteSource.programs) programs",
        "epochs": "\(settings.epochs)", "source": "notes \(NoteSource.version)",
        "accuracy": "program \(score.program), key \(score.key) on \(score.notes) held-out notes",
      ], to: file)
  }
}
