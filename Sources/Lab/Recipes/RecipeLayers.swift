// Which layer of a pre-trained network a recipe reads: choices for the form, and a check.
import Acoustics
import Layers
import Models

extension Recipe {
  /// Layers of the extractor that the recipe names, for the setting of a layer; else nil.
  func layers(for setting: AnyHyperparameter) -> [String]? {
    guard let owner = setting.layerOf, case .choice(let id)? = resolved(owner) else { return nil }
    let names = ExtractorCatalog.find(id)?.card.layers.map(\.name) ?? []
    return [ExtractorReference.firstLayer] + names
  }

  /// Throws one sentence where a layer is named that the extractor has not.
  func checkLayers() throws {
    for setting in settings {
      guard let known = layers(for: setting), let name = self[setting.key], !known.contains(name)
      else { continue }
      let id = setting.layerOf.flatMap { self[$0] } ?? ""
      throw LabError(
        "\(setting.key): \(id) has no layer '\(name)'; expected "
          + known.joined(separator: ", "))
    }
  }
}
