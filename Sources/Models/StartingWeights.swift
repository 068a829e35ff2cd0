// Weights of one's own as the start of a training.
import Autograd
import Foundation
import Layers

/// The setting `model.weights` of models that start from a file.
enum StartingWeights {
  /// The value for random weights.
  static let random = "random"

  /// Whether a value is the path of a file.
  static func isFile(_ value: String) -> Bool { value.hasSuffix(SettingRange.weightFile) }

  /// The weights of the file. Throws `Problem` if it cannot be read.
  static func read(_ path: String) throws -> WeightTable {
    try WeightFolder.read(URL(fileURLWithPath: (path as NSString).expandingTildeInPath))
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
