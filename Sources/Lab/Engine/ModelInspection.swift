// What the engine reports about a model: its number of values, and its activations over a clip.
import Acoustics
import Autograd
import Datasets
import Foundation
import Layers
import Methods
import Models

/// The number of values of a recipe's network, or why there is no network.
public struct ParameterCount: Sendable, Equatable {
  public enum Result: Sendable, Equatable {
    case counted(trained: Int, all: Int)
    case problem(String)
  }

  /// `Recipe.network` of the recipe that was counted.
  public var network: String
  public var result: Result

  public init(network: String, _ result: Result) {
    self.network = network
    self.result = result
  }
}

extension PreparedDataCache {
  /// Builds the network for clips of an open data set and counts; computes no features. Throws one
  /// line where the network cannot be had, such as for want of weights.
  func count(_ recipe: Recipe, _ dataset: any Dataset) throws -> ParameterCount.Result {
    try recipe.checkLayers()
    let input = try input(recipe, dataset)
    let dimensions = try recipe.extractors.map { ($0, try ExtractorCatalog.dimension(of: $0)) }
    let make = try TrainingPlan.methodMaker(
      recipe, classes: dataset.classes.count, input: input, size: try size(recipe, input, dataset),
      embeddings: Dictionary(dimensions, uniquingKeysWith: { first, _ in first }))
    let model = try make(RandomSource(Generator(seed: 0)), 1).model
    return .counted(trained: model.trainableCount, all: model.parameterCount)
  }

  /// What a clip of the data set's length will be.
  private func size(
    _ recipe: Recipe, _ input: ModelInput, _ dataset: any Dataset
  ) throws -> InputSize {
    switch input.base {
    case .frontEnd(let frontEnd, _):
      let seconds = recipe.segmentation(of: input)?.seconds ?? dataset.seconds
      let rate = frontEnd.transform.sampleRate
      let silence = [Float](repeating: 0, count: Int((seconds * Double(rate)).rounded()))
      let spectrogram = try frontEnd.transform(Waveform(samples: silence, sampleRate: rate))
      return InputSize(bands: spectrogram.bands, frames: spectrogram.frames)
    case .embeddings(let id, _):
      return InputSize(bands: try ExtractorCatalog.dimension(of: id), frames: 1)
    case .pooled(let ids), .joined(_, let ids):
      return InputSize(bands: try ids.map(ExtractorCatalog.dimension).reduce(0, +), frames: 1)
    }
  }
}

/// Classes by time for one clip.
public struct ClipActivations: Codable, Sendable, Equatable {
  public enum Kind: String, Codable, Sendable {
    /// What each frame adds to the clip's probability; they sum up to it.
    case contributions
    /// The probability within each piece of the clip; their mean is the clip's.
    case pieces
  }

  public var clip: String
  /// `student` or `teacher`.
  public var model: String
  public var kind: Kind
  /// T.
  public var frames: Int
  /// [C, T], row-major; empty where the model gives one answer a clip only.
  public var values: [Float]
}

extension ClipActivations {
  /// Of a clip of `data`; nil if it is not there.
  init?(of clip: Clip.ID, in data: any SplitData, by classifier: any Classifier) {
    guard let index = data.clips.firstIndex(where: { $0.id == clip }) else { return nil }
    let rows: [[Float]]
    let kind: Kind
    if data.segments > 1 {
      kind = .pieces
      rows = (0..<data.segments).map {
        classifier(data.view([index], segment: $0), .evaluation()).probabilities.values
      }
    } else if let timed = classifier as? any TimedClassifier {
      kind = .contributions
      let answer = timed.contributions(data.view([index], segment: 0))  // [1, T, C]
      let (values, width) = (answer.values, answer.shape[2])
      rows = stride(from: 0, to: values.count, by: width).map { Array(values[$0..<$0 + width]) }
    } else {
      (kind, rows) = (.pieces, [])
    }
    let classes = rows.first?.count ?? 0
    self.init(
      clip: clip, model: "student", kind: kind, frames: rows.count,
      values: (0..<classes).flatMap { c in rows.map { $0[c] } })
  }
}
