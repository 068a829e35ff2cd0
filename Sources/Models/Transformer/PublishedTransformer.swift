// The files and the sizes of pre-trained transformers.
import Acoustics
import Autograd
import Formats
import Foundation
import Layers

/// The small transformer that comes with the program.
public enum BandAST {
  /// The name of the file of weights.
  public static let fileName = "band-ast.safetensors"
  /// The size of the network.
  public static let size = ASTModel.Size(width: 96, heads: 3, depth: 4)
}

package enum PublishedTransformer {
  /// The id for random weights.
  static let random = "random"
  package static let ids = ["ast", "band-ast"]

  static let prefix = "audio_spectrogram_transformer."
  static let positions = "\(prefix)embeddings.position_embeddings"

  /// The weights `ast` (the checkpoint of AudioSet) or `band-ast` from the first of
  /// `ExtractorCatalog.folders` that has the file; `band-ast` also comes with the program.
  ///
  /// - Throws: `Problem` if there is no such file or it cannot be read.
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

  /// The size by the shapes of the tensors. Heads are 64 wide, as in all published networks, or 32
  /// if the width is below 192.
  ///
  /// - Throws: `Problem` if the tensors are not those of a transformer.
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

/// The input of models on Kaldi filter banks, and its settings.
enum KaldiInput {
  private static let normalize = Hyperparameter<Bool>(
    "normalize", "normalize",
    help: "bring values to AudioSet's mean and standard deviation, as AST does", initial: true)
  private static let frames = Hyperparameter<Int>(
    "frames", "frames",
    help: "clip length in hundredths of a second; longer is cut, shorter zero-padded",
    initial: 1024, range: 16...16_384)

  static let hyperparameters: [any ListedHyperparameter] = [normalize, frames]

  static func input(_ settings: Settings) -> ModelInput {
    .frontEnd(
      ASTModel.frontEnd(normalize: settings[normalize], frames: settings[frames]),
      standardized: false)
  }
}

/// Position embeddings [1, 2 + F·T, width] of F rows of patches with T positions in time.
/// Paper: Gong, Chung & Glass 2021, arXiv:2104.01778. As in their code, fewer positions are cut out
/// of the middle, and more are interpolated linearly, as in PyTorch without aligned corners.
struct PositionGrid {
  private let values: [Float]
  private let rows, places, width: Int

  /// The embeddings of a file that was trained on `bands` bands.
  ///
  /// - Throws: `Problem` if the shape does not fit.
  init(_ embeddings: Tensor, bands: Int, of weights: WeightTable) throws {
    let shape = embeddings.shape
    rows = Self.count(bands)
    guard shape.count == 3, shape[0] == 1, shape[1] > PatchEmbeddings.tokens,
      (shape[1] - PatchEmbeddings.tokens).isMultiple(of: rows)
    else {
      throw weights.error(
        "positions \(shape) are not a grid of \(rows) rows; expected [1, 2 + \(rows)·T, width]")
    }
    places = (shape[1] - PatchEmbeddings.tokens) / rows
    width = shape[2]
    values = embeddings.values
  }

  private static func count(_ length: Int) -> Int {
    (length - PatchEmbeddings.size) / PatchEmbeddings.stride + 1
  }

  /// The embeddings for an input of `frames` frames.
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
