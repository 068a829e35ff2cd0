// The layers of a Keras weight file, by kind and number.
import Autograd
import Formats

/// Keras writes weights as "conv2d_12/kernel:0", often below the layer's name a second time.
struct NumberedLayers {
  struct Layer {
    /// Such as "conv2d_12".
    let name: String
    fileprivate let table: WeightTable
    fileprivate let paths: [String: String]

    /// The weight `kind` ("kernel", "bias", "gamma", …). Throws `Problem`.
    func take(_ kind: String, _ shape: [Int]) throws -> Tensor {
      try table.take(paths[kind] ?? "\(name)/\(kind)", shape)
    }
  }

  private let layers: [Layer]

  init(_ table: WeightTable) {
    var paths: [String: [String: String]] = [:]
    for path in table.tensors.keys {
      let parts = path.split(separator: "/").map(String.init).filter { $0 != "model_weights" }
      guard let layer = parts.first, let last = parts.last, parts.count > 1 else { continue }
      let kind = last.split(separator: ":").first.map(String.init) ?? last
      paths[layer, default: [:]][kind] = path
    }
    layers = paths.map { Layer(name: $0, table: table, paths: $1) }
  }

  /// Layers of one kind, "conv2d", "conv2d_1", "conv2d_2", …, in the order of their numbers.
  func named(_ kind: String) -> [Layer] {
    layers.compactMap { layer -> (number: Int, layer: Layer)? in
      guard layer.name.hasPrefix(kind) else { return nil }
      let rest = layer.name.dropFirst(kind.count)
      if rest.isEmpty { return (0, layer) }
      guard rest.first == "_", let number = Int(rest.dropFirst()) else { return nil }
      return (number, layer)
    }.sorted { $0.number < $1.number }.map(\.layer)
  }
}
