// Where the transformer's pre-trained weights are found, and what their shapes say.
import Autograd
import Formats
import Foundation

/// Size of our own small transformer.
public enum BandAST {
  /// The name of the file of weights.
  public static let fileName = "band-ast.safetensors"
  /// The size of the network.
  public static let size = ASTModel.Size(width: 96, heads: 3, depth: 4)
}

package enum PublishedTransformer {
  /// Instead of a file's weights.
  static let random = "random"
  package static let ids = ["ast", "band-ast"]

  static let prefix = "audio_spectrogram_transformer."
  static let positions = "\(prefix)embeddings.position_embeddings"

  /// `ast`: the checkpoint of AudioSet in the first of `ExtractorCatalog.folders`. `band-ast`: such
  /// a folder's `band-ast.safetensors`, else the one that comes with the program. Throws
  /// `Problem`.
  package static func read(
    _ id: String, _ environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> WeightTable {
    let isOurs = id == "band-ast"
    let name = isOurs ? BandAST.fileName : ASTExtractor.weightsName
    let folders = ExtractorCatalog.folders(for: id, environment)
    let files = folders.map { $0.appendingPathComponent(name) }
    if let file = files.first(where: { FileManager.default.fileExists(atPath: $0.path) }) {
      return try WeightFolder.read(file)
    }
    if isOurs { return try WeightFolder.read(PackagedWeights.file(name)) }
    let places = folders.map(\.relativePath).joined(separator: " or ")
    throw Problem(
      folders[0].relativePath,
      "no weights for '\(id)'; expected in \(places): "
        + ASTExtractor.card.files.joined(separator: " and "))
  }

  /// Width, heads and depth as the tensors have them. Heads are 64 wide, as in every published one,
  /// but 32 below a width of 192. Throws `Problem`.
  package static func size(of weights: WeightTable) throws -> ASTModel.Size {
    let token = weights.tensors["\(prefix)embeddings.cls_token"]?.shape ?? []
    let depth = (0..<64).prefix {
      weights.tensors["\(prefix)encoder.layer.\($0).layernorm_before.weight"] != nil
    }.count
    guard let width = token.last, token.count == 3, width > 0, depth > 0,
      width % (width < 192 ? 32 : 64) == 0
    else {
      throw weights.noTransformer(expecting: "\(prefix)embeddings.cls_token")
    }
    return ASTModel.Size(width: width, heads: width / (width < 192 ? 32 : 64), depth: depth)
  }
}
