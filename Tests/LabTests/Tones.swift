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

  /// D of the features a clip has by any extractor.
  static let features = 4

  /// `positive`: share of clips that a class is in. `extractors`: what every batch has features
  /// of; `isJoined`: scored inputs have them as well.
  static func split(
    _ split: Split, clips count: Int, seed: Int = 1, missing: Double = 0.3,
    positive: Double = 0.4, extractors: [String] = [], isJoined: Bool = false
  ) -> ToneSplit {
    var generator = Generator(seed: seed, split.rawValue.count)
    var inputs: [[Float]] = []
    let clips = (0..<count).map { index in
      let truth = classes.map { _ in generator.uniform() < positive ? Float(1) : 0 }
      inputs.append(input(truth, &generator))
      let labels = truth.map { split != .test && generator.uniform() < missing ? nil : $0 }
      return Clip(
        id: "\(split)-\(index)", audio: nil, split: split, seconds: 1, labels: labels, truth: truth)
    }
    return data(clips, inputs, extractors: extractors, isJoined: isJoined)
  }

  private static func input(_ truth: [Float], _ generator: inout Generator) -> [Float] {
    var values = (0..<bands * frames).map { _ in Float(generator.normal(std: 0.7)) }
    for (index, isPresent) in truth.enumerated() where isPresent == 1 {
      for frame in 0..<frames { values[(2 + 5 * index) * frames + frame] += 1.5 }
    }
    return values
  }

  static func data(
    _ clips: [Clip], _ inputs: [[Float]], extractors: [String] = [], isJoined: Bool = false
  ) -> ToneSplit {
    ToneSplit(clips: clips, inputs: inputs, extractors: extractors, isJoined: isJoined)
  }

  /// [B, 4]: what is in a clip, mixed by its own table for each extractor.
  static func features(_ clips: [Clip], _ extractor: String) -> Tensor {
    var generator = Generator(seed: extractor.utf8.reduce(0) { $0 + Int($1) }, 31)
    let table = (0..<features * classes.count).map { _ in Float(generator.normal()) }
    let values = clips.flatMap { clip in
      (0..<features).map { row in
        (clip.truth ?? []).enumerated().reduce(Float(-0.4)) { sum, entry in
          sum + entry.element * table[row * classes.count + entry.offset]
        }
      }
    }
    return Tensor(values, [clips.count, features])
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
    _ folder: URL, _ changes: [String: String] = [:], train: (any SplitData)? = nil,
    makeMethod: TrainingPlan.MakeMethod? = nil
  ) throws -> TrainingPlan {
    let recipe = try recipe(changes)
    let (type, settings) = (MethodCatalog.find(recipe.method), recipe.methodSettings)
    let extractors = type?.extractors(settings) ?? []
    let spectrogram = ModelInput.frontEnd(frontEnd)
    var input = type?.input(spectrogram, settings) ?? spectrogram
    // There are no features without sound: `transfer` learns from the spectrograms.
    if case .pooled = input { input = spectrogram }
    func part(_ which: Split, _ count: Int) -> ToneSplit {
      split(which, clips: count, extractors: extractors, isJoined: !input.companions.isEmpty)
    }
    let size = InputSize(bands: bands, frames: frames)
    let sizes = Dictionary(uniqueKeysWithValues: extractors.map { ($0, features) })
    let width = bands + input.companions.count * features
    return TrainingPlan(
      recipe: recipe, folder: RunFolder(folder), classes: classes, isSingleLabel: false,
      train: train ?? part(.train, 30), validation: part(.validation, 10), test: part(.test, 20),
      standardizer: (Array(repeating: 0, count: width), Array(repeating: 1, count: width)),
      input: input, size: size, embeddings: sizes, seconds: 1, dataDigest: "tones",
      stages: type?.stages(settings) ?? [],
      makeMethod: try makeMethod ?? extractor(recipe, size, sizes))
  }

  /// What would make such spectrograms of sounds of one second.
  static let frontEnd: FrontEnd = {
    var logMel = LogMel.band
    logMel.melBands = bands
    return FrontEnd(id: "tones", logMel: logMel, seconds: 1)
  }()

  private static func extractor(
    _ recipe: Recipe, _ size: InputSize, _ embeddings: [String: Int]
  ) throws -> TrainingPlan.MakeMethod {
    guard let method = MethodCatalog.find(recipe.method) else { throw LabError("no method") }
    return { random, steps in
      try method.init(
        MethodSetup(
          makeModel: {
            try CNN.make(
              classes: classes.count, input: size,
              settings: recipe.modelSettings, random: random)
          }, classes: classes.count, input: size.shape(isSequence: false), embeddings: embeddings,
          settings: recipe.methodSettings,
          augmentation: Augmentation(bands: 3, frames: 2), plannedSteps: steps, random: random,
          makePart: { try Preprocessors.make($0, random: random) }))
    }
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

/// Clips of `Tones` with their inputs, some of which a test may replace.
struct ToneSplit: SplitData {
  var clips: [Clip]
  /// [16, 16] of each clip.
  var inputs: [[Float]]
  var extractors: [String] = []
  var isJoined = false

  func order(epoch: Int, seed: Int) -> [Int] {
    var generator = Generator(seed: seed, 77, epoch)
    return clips.indices.shuffled(using: &generator)
  }

  func batch(_ indices: [Int]) -> Batch {
    let labels = indices.flatMap { clips[$0].labels }
    let shape = [indices.count, Tones.classes.count]
    return Batch(
      clips: indices.map { clips[$0].id },
      input: Tensor(
        indices.flatMap { inputs[$0] }, [indices.count, 1, Tones.bands, Tones.frames]),
      targets: Tensor(labels.map { $0 ?? 0 }, shape),
      observed: Tensor(labels.map { $0 == nil ? 0 : 1 }, shape),
      embeddings: Dictionary(
        uniqueKeysWithValues: extractors.map { id in
          (id, Tones.features(indices.map { clips[$0] }, id))
        }))
  }

  func view(_ indices: [Int], segment: Int) -> Tensor {
    let batch = batch(indices)
    guard isJoined else { return batch.input }
    let own = batch.input.reshape([indices.count, Tones.bands * Tones.frames])
    return Tensor.concat([own] + extractors.compactMap { batch.embeddings[$0] }, axis: 1)
  }
}
