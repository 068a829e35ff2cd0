// The catalogues of data sets, models and methods by id.
import Datasets
import Formats
import Foundation
import Layers
import Methods
import Models

enum Catalogs {
  enum Kind: String { case dataset, model, method }

  static var datasets: [String] { DatasetCatalog.ids }
  static var models: [Card] { ModelCatalog.all.map { $0.card } }
  static var methods: [Card] { MethodCatalog.all.map { $0.card } }

  /// The kind of data set that a folder holds; `nil` without such a folder.
  static func recognize(_ folder: URL) throws -> String? {
    guard try StoredFile.isFolder(folder) else { return nil }
    guard let id = try DatasetCatalog.recognize(folder) else {
      throw LabError(
        "\(folder.relativePath): no sound file and no table of labels; expected sounds with "
          + "labels.csv, label tracks or a folder a class")
    }
    return id
  }

  /// Returns the id if the catalogue has it; else throws `RecipeError`.
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

/// Which version of the code made a run; written into its recipe and its first event.
public enum Build {
  public static let version = "0.2.0"
}

func reason(of error: any Error) -> String { SystemWords.sentence(error) }

/// An error of a run or a session: what is wrong and what was expected.
public struct LabError: Error, Sendable, Equatable, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}
