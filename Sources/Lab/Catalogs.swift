/// What there is to choose from, by id.
import Foundation
import Layers
import Methods
import Models

enum Catalogs {
  enum Kind: String { case dataset, model, method }

  static let datasets = ["band", "folder", "esc50"]
  static var models: [Card] { ModelCatalog.all.map { $0.card } }
  static var methods: [Card] { MethodCatalog.all.map { $0.card } }

  static func model(_ id: String) -> Card? { ModelCatalog.find(id)?.card }
  static func method(_ id: String) -> Card? { MethodCatalog.find(id)?.card }
  static func recognize(_ folder: URL) throws -> String? { nil }

  /// The id itself, if the catalogue has it.
  static func check(_ id: String, as kind: Kind) throws -> String {
    let known =
      switch kind {
      case .dataset: datasets
      case .model: models.map(\.id)
      case .method: methods.map(\.id)
      }
    guard known.contains(id) else {
      throw RecipeError(
        key: "\(kind).id",
        message: "'\(id)': " + RecipeError.unknown("\(kind)", id, among: known))
    }
    return id
  }
}
