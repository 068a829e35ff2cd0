// The body of a trained network as a file, from which other trainings start.
import Autograd
import Formats
import Foundation
import Layers
import Methods

/// The weights of a run's network without its head, for `model.weights`.
public struct BackboneWeights {
  private let tensors: [String: Tensor]
  private let recipe: Recipe
  /// The number of values.
  public var count: Int { tensors.values.reduce(0) { $0 + $1.count } }

  /// Of a run's best checkpoint. Throws one line if the run has none, or its network no embedding.
  public init(of folder: RunFolder) throws {
    let model = try TrainedModel(folder)
    guard let network = model[.student] as? any Backbone else {
      throw LabError(
        "\(folder.best.path): the network has no body to start from; expected that of a run of "
          + "self-supervised with method.use none or fine-tune")
    }
    recipe = model.recipe
    tensors = Dictionary(
      uniqueKeysWithValues: network.body.map { ($0.name, $0.parameter.value) })
  }

  /// Writes a safetensors file whose metadata has the recipe. Throws `Problem`.
  public func write(to file: URL) throws {
    let entries = tensors.mapValues { Safetensors.Entry(shape: $0.shape, values: $0.values) }
    try Safetensors.write(
      entries, metadata: ["format": "scant", "model": recipe.model, "recipe": recipe.yaml()],
      to: file)
  }
}
