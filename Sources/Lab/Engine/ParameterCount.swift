// How much of a recipe's network is trained, told before anything is.
import Acoustics
import Autograd
import Datasets
import Foundation
import Methods
import Models

/// The values of a recipe's network, or why there can be none.
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

extension Recipe {
  /// Everything that decides on the network: recipes that agree in it have equally many values.
  public var network: String {
    let own = fields.filter { field in
      ["model.", "method.", "dataset."].contains { field.key.hasPrefix($0) }
    }
    let settings = own.map { "\($0.key)=\($0.value)" }
    return ([dataset, model, method] + settings).joined(separator: " ")
  }
}

extension PreparedDataCache {
  /// Builds the network for clips of an open data set and counts; computes no features. Throws one
  /// line where the network cannot be had, such as for want of weights.
  func count(_ recipe: Recipe, _ dataset: any Dataset) throws -> ParameterCount.Result {
    try recipe.checkLayers()
    let input = try input(recipe, dataset)
    let dimensions = try recipe.extractors.map { ($0, try ExtractorCatalog.dimension(of: $0)) }
    let make = try recipe.methodMaker(
      classes: dataset.classes.count, input: input, size: try size(recipe, input, dataset),
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

extension LabEngine {
  /// Of the newest request alone: whoever walks through choices need not wait for all of them.
  func count(_ recipe: Recipe) {
    state.withLock { $0.toCount = recipe.network }
    lookups.async { [self] in
      let isWanted = state.withLock { $0.toCount == recipe.network && $0.opened != nil }
      guard isWanted else { return }
      mailbox.send(.parameters(ParameterCount(network: recipe.network, result(recipe))))
    }
  }

  /// A data set that is not open is not opened for this.
  private func result(_ recipe: Recipe) -> ParameterCount.Result {
    let opened = state.withLock { $0.opened }
    guard let opened, opened.dataset == recipe.dataset else {
      return .problem("\(recipe.dataset) is not open; 1 Data opens it")
    }
    do {
      return try executor.data.count(recipe, executor.data.open(opened, progress: nil))
    } catch {
      return .problem(reason(of: error))
    }
  }
}
