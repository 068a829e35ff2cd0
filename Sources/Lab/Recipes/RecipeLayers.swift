// Which layer of a pre-trained network a recipe reads: choices for the form, and a check.
import Acoustics
import Layers
import Models

extension Recipe {
  /// Keys of layers, and the keys that say whose.
  private static let layerKeys = [
    "model.layer": "model.input", "method.layer": "method.extractor",
    "method.secondLayer": "method.second",
  ]

  /// Layers of the extractor that the recipe names, for the key of a layer; else nil.
  func layers(for key: String) -> [String]? {
    guard let owner = Self.layerKeys[key], case .choice(let id)? = resolved(owner) else {
      return nil
    }
    let names = ExtractorCatalog.find(id)?.card.layers.map(\.name) ?? []
    return [ExtractorReference.firstLayer] + names
  }

  /// Throws one sentence where a layer is named that the extractor has not.
  func checkLayers() throws {
    for (key, owner) in Self.layerKeys.sorted(by: { $0.key < $1.key }) {
      guard let known = layers(for: key), case .choice(let name)? = resolved(key),
        !known.contains(name)
      else { continue }
      throw LabError(
        "\(key): \(text(owner)) has no layer '\(name)'; expected \(known.joined(separator: ", "))")
    }
  }
}
