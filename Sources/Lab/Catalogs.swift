/// What there is to choose from, by id.
import Foundation
import Layers

enum Catalogs {
  enum Kind: String { case dataset, model, method }

  static let datasets = ["band", "folder", "esc50"]
  static let models = [Card(id: "cnn", title: "CNN", summary: "", hyperparameters: [Hyperparameter("dropout", "dropout", help: "h", initial: .real(0.2), range: .real(0...0.9))])]
  static let methods = [Card(id: "b0", title: "B0", summary: ""), Card(id: "b1", title: "B1", summary: "")]

  static func model(_ id: String) -> Card? { models.first { $0.id == id } }
  static func method(_ id: String) -> Card? { methods.first { $0.id == id } }
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
