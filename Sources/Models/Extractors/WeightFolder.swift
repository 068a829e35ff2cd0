// The folder that an extractor's weights lie in, and reading the files in it.
import Autograd
import Formats
import Foundation
import WeightImport

/// Finds files by their published names and reads them by what they hold.
package struct WeightFolder {
  private let folder: URL
  private let card: ExtractorCard

  package init(_ folder: URL, _ card: ExtractorCard) {
    self.folder = folder
    self.card = card
  }

  /// The first of `names` that exists. Throws `Problem` where there is none, or on a file that
  /// is damaged.
  package func read(_ names: [String]) throws -> WeightTable {
    let found = names.map { folder.appendingPathComponent($0) }.first {
      FileManager.default.fileExists(atPath: $0.path)
    }
    guard let found else {
      throw Problem(
        folder.appendingPathComponent(names[0]).relativePath,
        "no such file; expected " + card.files.joined(separator: " and "))
    }
    return try Self.read(found)
  }

  /// All tensors of a safetensors file, a PyTorch archive or a Keras file.
  package static func read(_ url: URL) throws -> WeightTable {
    let file = try WeightFile(url)
    let tensors = try file.tensors.map { ($0.name, Tensor(try $0.values(), $0.shape)) }
    return WeightTable(file: file.file, Dictionary(tensors) { first, _ in first })
  }
}
