// Which label patch a run learns from. A run keeps a copy, so that answers given later do not
// change what it is.
import Datasets
import Formats
import Foundation

extension RunFolder {
  /// The answers the run was trained with, where it was.
  public var patch: URL { url.appendingPathComponent(LabelPatch.fileName) }
}

extension Recipe {
  /// The file of answers that training learns from besides; nil where there is none.
  var patchFile: URL? {
    let path = data[DatasetOptions.patch]
    return path.isEmpty ? nil : URL(fileURLWithPath: path)
  }
}

extension PreparedData {
  /// The clips of the recipe, those of training with the answers. Throws `Problem`.
  func clips(_ recipe: Recipe, patchedBy patch: LabelPatch) throws -> PatchedClips {
    try PatchedClips(
      patch, clips: clips(recipe), of: Set(dataset.clips.map(\.id)), classes: dataset.classes)
  }
}

extension RunFolder {
  /// The answers of a run: of its own copy when it goes on, else read from the recipe's file and
  /// copied. Throws `Problem`.
  func patch(of recipe: Recipe, isResuming: Bool) throws -> LabelPatch? {
    guard let file = recipe.patchFile else { return nil }
    if isResuming, try StoredFile.exists(patch) {
      return try LabelPatch(reading: patch)
    }
    let found = try LabelPatch(reading: file)
    try found.write(to: patch)
    return found
  }
}
