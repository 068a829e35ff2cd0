// The file of initial weights that `model.weights` may name.
import Autograd
import Foundation
import Layers

extension Recipe {
  /// The recipe to make the networks of a checkpoint with: its tensors replace those of a file of
  /// initial weights, which may be gone. A frozen network has a mark instead of its weights, and
  /// needs the file.
  func reading(_ tensors: [String: Tensor]) throws -> Recipe {
    guard startsFromFile, tensors["backbone.digest"] == nil else { return self }
    return try setting(Self.weights, to: "random")
  }

  /// Whether `model.weights` names a file.
  var startsFromFile: Bool { self[Self.weights]?.hasSuffix(SettingRange.weightFile) ?? false }

  /// A copy in which a relative path of initial weights counts from `folder`, that of a session.
  func placingWeights(in folder: URL) throws -> Recipe {
    guard startsFromFile, let path = self[Self.weights] else { return self }
    let expanded = (path as NSString).expandingTildeInPath
    let url = folder.appendingPathComponent(expanded).standardizedFileURL
    var placed = try setting(Self.weights, to: expanded.hasPrefix("/") ? expanded : url.path)
    placed.rootOrigin = rootOrigin
    return placed
  }

  private static let weights = "model.weights"
}
