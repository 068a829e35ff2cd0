// A tiny data set without sound: "spectrograms" with a bright band for each class present, a
// third of the labels missing. And runs on it, in folders of their own.
import Acoustics
import Autograd
import Datasets
import Foundation
import Lab
import Layers
import Methods
import Models

enum Tones {
  static let classes = ["low", "middle", "high"]
  static let (bands, frames) = (16, 16)

  static func split(_ split: Split, clips count: Int, seed: Int = 1, missing: Double = 0.3)
    -> SplitData
  {
    var generator = Generator(seed: seed, split.rawValue.count)
    var inputs: [[Float]] = []
    let clips = (0..<count).map { index in
      let truth = classes.map { _ in generator.uniform() < 0.4 ? Float(1) : 0 }
      inputs.append(input(truth, &generator))
      let labels = truth.map { split != .test && generator.uniform() < missing ? nil : $0 }
      return Clip(
        id: "\(split)-\(index)", audio: nil, split: split, seconds: 1, labels: labels, truth: truth)
    }
    return data(clips, inputs)
  }

  private static func input(_ truth: [Float], _ generator: inout Generator) -> [Float] {
    var values = (0..<bands * frames).map { _ in Float(generator.normal(deviation: 0.7)) }
    for (index, isPresent) in truth.enumerated() where isPresent == 1 {
      for frame in 0..<frames { values[(2 + 5 * index) * frames + frame] += 1.5 }
    }
    return values
  }

  static func data(_ clips: [Clip], _ inputs: [[Float]]) -> SplitData {
    SplitData(
      clips: clips,
      order: { epoch, seed in
        var generator = Generator(seed: seed, 77, epoch)
        return clips.indices.shuffled(using: &generator)
      },
      batch: { indices in
        let labels = indices.flatMap { clips[$0].labels }
        return Batch(
          clips: indices.map { clips[$0].id },
          input: Tensor(indices.flatMap { inputs[$0] }, [indices.count, 1, bands, frames]),
          targets: Tensor(labels.map { $0 ?? 0 }, [indices.count, classes.count]),
          observed: Tensor(labels.map { $0 == nil ? 0 : 1 }, [indices.count, classes.count]))
      })
  }

  static func recipe(_ changes: [String: String] = [:]) throws -> Recipe {
    var recipe = Recipe(method: changes["method.id"] ?? "b1", seed: 5)
    let tiny = [
      "model.width": "4", "training.epochs": "3", "training.batch": "8",
      "training.learningRate": "0.01",
    ]
    for (key, value) in tiny.merging(changes, uniquingKeysWith: { $1 }) {
      recipe = try recipe.setting(key, to: value)
    }
    return recipe
  }

  /// 30 training clips make 4 steps an epoch.
  static func plan(
    _ folder: URL, _ changes: [String: String] = [:], train: SplitData? = nil,
    makeMethod: TrainingPlan.MakeMethod? = nil
  ) throws -> TrainingPlan {
    let recipe = try recipe(changes)
    return TrainingPlan(
      recipe: recipe, folder: RunFolder(folder), classes: classes, isSingleLabel: false,
      train: train ?? split(.train, clips: 30), validation: split(.validation, clips: 10),
      test: split(.test, clips: 20),
      standardizer: (Array(repeating: 0, count: bands), Array(repeating: 1, count: bands)),
      input: .frontEnd(.band),
      size: InputSize(bands: bands, frames: frames), seconds: 1, dataDigest: "tones",
      stages: try stages(recipe)
    ) { random, steps in
      if let makeMethod { return try makeMethod(random, steps) }
      let model = {
        try CNN.make(
          classes: classes.count, input: InputSize(bands: bands, frames: frames),
          hyperparameters: recipe.hyperparameters(of: "model"),
          random: random)
      }
      guard let method = MethodCatalog.find(recipe.method) else { throw LabError("no method") }
      return try method.init(
        MethodSetup(
          makeModel: model, classes: classes.count,
          hyperparameters: recipe.hyperparameters(of: "method"),
          augmentation: Augmentation(bands: 3, frames: 2), plannedSteps: steps,
          random: random, makePart: { try Preprocessors.make($0, random: random) }))
    }
  }

  private static func stages(_ recipe: Recipe) throws -> [String] {
    MethodCatalog.find(recipe.method)?.stages(recipe.hyperparameters(of: "method")) ?? []
  }

  /// A run from the start or from its last checkpoint.
  static func trainer(_ plan: TrainingPlan, _ recorder: Recorder = Recorder()) throws -> Trainer {
    let isThere = FileManager.default.fileExists(atPath: plan.folder.last.path)
    return try Trainer(
      plan, resuming: isThere ? Checkpoint(reading: plan.folder.last) : nil
    ) { recorder.add($0) }
  }

  /// The final weights of a run, to compare bit for bit.
  static func weights(_ folder: URL) throws -> [String: [Float]] {
    try Checkpoint(reading: RunFolder(folder).best).tensors.mapValues(\.values)
  }
}
