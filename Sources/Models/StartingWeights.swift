// Weights of one's own as the start of a training.
import Autograd
import Formats
import Foundation
import Layers

/// The setting `model.weights` of models that start from a file.
enum StartingWeights {
  /// The value for random weights.
  static let random = "random"

  /// Whether a value is the path of a file.
  static func isFile(_ value: String) -> Bool { value.hasSuffix(SettingRange.weightFile) }

  /// The weights of the file. `equal`: a setting of the model that shapes do not show, with its
  /// value. Throws `Problem` if the file cannot be read, or its recipe has another value.
  static func read(
    _ path: String, equal: (key: String, value: Int)? = nil
  ) throws -> WeightTable {
    let file = URL(fileURLWithPath: (path as NSString).expandingTildeInPath)
    let (tensors, metadata) = try Safetensors.read(file)
    let table = WeightTable(
      file: file.relativePath, tensors.mapValues { Tensor($0.values, $0.shape) })
    guard let equal, let recipe = metadata["recipe"] else { return table }
    let lines = recipe.split(separator: "\n").filter { $0.hasPrefix("  \(equal.key): ") }
    guard let line = lines.first, line != "  \(equal.key): \(equal.value)" else { return table }
    throw table.error(
      "made with\(line.dropFirst()); expected model.\(equal.key) \(equal.value), as the recipe says"
    )
  }
}

extension WeightTable {
  /// The origin of the weights.
  var origin: WeightOrigin { WeightOrigin(file: file, digest: digest) }

  /// Gives the body of a network the values of this file; the head keeps its own. The file may also
  /// be a run's checkpoint.
  ///
  /// - Parameters:
  ///   - network: The network, with the size that the recipe says.
  ///   - replaced: Values by name that stand for those of the file.
  /// - Throws: `Problem` if a name or a shape does not fit; then nothing changes.
  func start(_ network: some Backbone, replacing replaced: [String: Tensor] = [:]) throws {
    let head = type(of: network).head
    var own = tensors.filter { name, _ in
      !name.hasPrefix(head) && !Self.besides.contains { name.hasPrefix($0) }
    }
    own.merge(replaced) { $1 }
    for (name, parameter) in network.body {
      guard let value = own[name] else {
        throw error("there is no '\(name)'; expected the weights of the recipe's model")
      }
      guard value.shape == parameter.value.shape else {
        throw error(
          "'\(name)' has shape \(value.shape); expected \(parameter.value.shape), "
            + "as the recipe's model settings have it")
      }
    }
    let known = Set(network.body.map(\.name))
    if let other = Set(own.keys).subtracting(known).min() {
      throw error("'\(other)' belongs to no layer; expected the weights of the recipe's model")
    }
    for (name, parameter) in network.body { parameter.value = own[name] ?? parameter.value }
  }

  /// What a checkpoint holds beside the network.
  private static let besides = ["standardizer."]
}
