// Where the transformer's pre-trained weights are found, and what their shapes say.
import Acoustics
import Autograd
import Formats
import Foundation
import Layers

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

enum KaldiInput {
  private static let normalize = Hyperparameter<Bool>(
    "normalize", "normalize",
    help: "bring values to AudioSet's mean and standard deviation, as AST does", initial: true)
  private static let frames = Hyperparameter<Int>(
    "frames", "frames", help: "hundredths of a second a clip is cut or, with zeros, filled up to",
    initial: 1024, range: 16...16_384)

  static let hyperparameters: [any ListedHyperparameter] = [normalize, frames]

  static func input(_ settings: Settings) -> ModelInput {
    .frontEnd(
      ASTModel.frontEnd(normalize: settings[normalize], frames: settings[frames]),
      standardized: false)
  }
}

/// Position embeddings [1, 2 + F·T, width] of F rows of patches, each with T places in time.
/// Paper: Gong, Chung & Glass 2021, arXiv:2104.01778, as in their code: fewer places are cut out of
/// the middle; more are interpolated linearly, as PyTorch does without aligned corners.
struct PositionGrid {
  private let values: [Float]
  private let rows, places, width: Int

  /// `bands` of the input; the file must have been trained on as many. Throws `Problem`.
  init(_ embeddings: Tensor, bands: Int, of weights: WeightTable) throws {
    let shape = embeddings.shape
    rows = Self.count(bands)
    guard shape.count == 3, shape[0] == 1, shape[1] > PatchEmbeddings.tokens,
      (shape[1] - PatchEmbeddings.tokens).isMultiple(of: rows)
    else {
      throw weights.error(
        "positions \(shape) are no grid of \(rows) rows; expected [1, 2 + \(rows)·T, width]")
    }
    places = (shape[1] - PatchEmbeddings.tokens) / rows
    width = shape[2]
    values = embeddings.values
  }

  private static func count(_ length: Int) -> Int {
    (length - PatchEmbeddings.size) / PatchEmbeddings.stride + 1
  }

  /// For an input of `frames` frames.
  func fitted(toFrames frames: Int) -> Tensor {
    let wanted = Self.count(frames)
    let kept = values[..<(PatchEmbeddings.tokens * width)]
    let grid = (0..<rows).flatMap { row in
      (0..<wanted).flatMap { place in
        wanted <= places
          ? embedding(row, place + places / 2 - wanted / 2) : stretched(row, place, to: wanted)
      }
    }
    return Tensor(kept + grid, [1, PatchEmbeddings.tokens + rows * wanted, width])
  }

  private func embedding(_ row: Int, _ place: Int) -> ArraySlice<Float> {
    let start = (PatchEmbeddings.tokens + row * places + place) * width
    return values[start..<start + width]
  }

  private func stretched(_ row: Int, _ place: Int, to wanted: Int) -> ArraySlice<Float> {
    let source = max(0, (Float(place) + 0.5) * Float(places) / Float(wanted) - 0.5)
    let left = min(Int(source), places - 1)
    let share = source - Float(left)
    let pair = zip(embedding(row, left), embedding(row, min(left + 1, places - 1)))
    return pair.map { $0 * (1 - share) + $1 * share }[...]
  }
}
