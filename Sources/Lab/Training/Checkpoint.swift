// A checkpoint: parameters under the names of the reference implementation, and the values needed
// to use them on a sound file or to resume training.
import Acoustics
import Autograd
import Formats
import Foundation

/// The progress of a run. With it, the weights, the moments and the generator, a resumed run is
/// continued bit for bit.
struct TrainingPosition: Codable, Equatable, Sendable {
  var step = 0
  /// Finished epochs of all stages, validation included.
  var epoch = 0
  /// The present stage, and the steps and finished epochs of it.
  var stage = 0
  var stageStep = 0
  var stageEpoch = 0
  /// Finished batches of the current epoch.
  var batch = 0
  var clipsSeen = 0
  var observedCellsSeen = 0
  var bestScore: Double?
  var bestStep: Int?
  /// Epochs since the best one.
  var stale = 0
  /// Seconds of training and evaluation so far.
  var wall = 0.0
  /// All epochs are finished, or `patience` has ended the training; only the test is left.
  var isTrained = false

  /// Whether both are after the same step and on the same side of an epoch's evaluation.
  func isPlace(of other: TrainingPosition) -> Bool {
    (step, epoch, stage) == (other.step, other.epoch, other.stage)
  }
}

package struct Checkpoint {
  static let standardizer = "standardizer."

  package var tensors: [String: Tensor]
  var recipe: Recipe
  var classes: [String]
  var input: ModelInput
  var size: InputSize
  /// D of the features its method was trained with, by extractor.
  var embeddings: [String: Int]
  /// Length of its clips, s.
  var seconds: Double
  var isSingleLabel: Bool
  var dataDigest: String
  /// Nil if the data set brings its features, and in checkpoints of earlier builds.
  var soundDigest: String?
  /// In `last` only.
  var position: TrainingPosition?
  var generator: Generator?

  var mean: [Float] { tensors[Self.standardizer + "mean"]?.values ?? [] }
  var std: [Float] { tensors[Self.standardizer + "std"]?.values ?? [] }

  /// Of a plan; adds the standardizer to `tensors`.
  init(_ plan: TrainingPlan, tensors: [String: Tensor]) {
    let (mean, std) = plan.standardizer
    self.tensors = tensors
    self.tensors[Self.standardizer + "mean"] = Tensor(mean, [mean.count])
    self.tensors[Self.standardizer + "std"] = Tensor(std, [std.count])
    recipe = plan.recipe
    classes = plan.classes
    input = plan.input
    size = plan.size
    embeddings = plan.embeddings
    seconds = plan.seconds
    isSingleLabel = plan.isSingleLabel
    dataDigest = plan.dataDigest
    soundDigest = plan.soundDigest
  }

  /// Replaces the file in one go; on any failure the old one stays.
  func write(to url: URL) throws {
    var metadata = [
      "format": "scant", "code": Build.version, "recipe": recipe.yaml(dataDigest: dataDigest),
      "classes": try Self.json(classes), "input": try Self.json(input),
      "size": try Self.json(size), "embeddings": try Self.json(embeddings),
      "seconds": try Self.json(seconds),
      "isSingleLabel": "\(isSingleLabel)", "dataDigest": dataDigest,
    ]
    if let soundDigest { metadata["soundDigest"] = soundDigest }
    if let position { metadata["position"] = try Self.json(position) }
    if let generator { metadata["generator"] = try Self.json(generator) }
    let entries = tensors.mapValues { Safetensors.Entry(shape: $0.shape, values: $0.values) }
    try Safetensors.write(entries, metadata: metadata, to: url)
  }

  package init(reading url: URL) throws {
    let (entries, metadata) = try Safetensors.read(url)
    tensors = entries.mapValues { Tensor($0.values, $0.shape) }
    func value<Value: Decodable>(_ key: String, as type: Value.Type) throws -> Value {
      guard let text = metadata[key],
        let value = try? JSONDecoder().decode(type, from: Data(text.utf8))
      else { throw LabError("\(url.path): no readable '\(key)'; expected a checkpoint of scant") }
      return value
    }
    guard let text = metadata["recipe"] else {
      throw LabError("\(url.path): no 'recipe'; expected a checkpoint of scant")
    }
    recipe = try Recipe(yaml: text, file: "\(url.path)(recipe)")
    classes = try value("classes", as: [String].self)
    input = try value("input", as: ModelInput.self)
    size = try value("size", as: InputSize.self)
    embeddings = try value("embeddings", as: [String: Int].self)
    seconds = try value("seconds", as: Double.self)
    isSingleLabel = metadata["isSingleLabel"] == "true"
    dataDigest = metadata["dataDigest"] ?? ""
    soundDigest = metadata["soundDigest"]
    position = metadata["position"] == nil ? nil : try value("position", as: TrainingPosition.self)
    generator = metadata["generator"] == nil ? nil : try value("generator", as: Generator.self)
    guard mean.count == std.count, !mean.isEmpty else {
      throw LabError("\(url.path): no standardizer; expected a checkpoint of scant")
    }
  }

  private static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  /// The checkpoint that a run resumes from; nil without one. Throws if it has other settings.
  static func toResume(_ recipe: Recipe, in folder: RunFolder) throws -> Checkpoint? {
    guard try StoredFile.exists(folder.last) else { return nil }
    let checkpoint = try Checkpoint(reading: folder.last)
    if let difference = recipe.difference(from: checkpoint.recipe) {
      throw LabError(
        "\(folder.last.path): made with other settings (\(difference)); expected the same, or a "
          + "fresh run")
    }
    return checkpoint
  }
}

extension Recipe {
  /// The recipe to go on with in a folder: former defaults stay those of the interrupted run.
  func resuming(in folder: RunFolder) throws -> Recipe {
    guard try StoredFile.exists(folder.last) else { return self }
    return try resuming(Checkpoint(reading: folder.last).recipe)
  }
}
