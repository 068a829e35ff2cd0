// Pre-trained networks that are never trained further here: sound in, embeddings out.
import Acoustics
import Foundation

/// A frozen network with the weights its authors published. Makes embeddings `[D, T]`: D values
/// in each of T segments.
public protocol Extractor: FeatureMaker {
  static var card: ExtractorCard { get }
  /// Reads the weights in `folder`, where the files of `card.files` lie. Throws one line: the file,
  /// what is wrong and what was expected. `layer`: one of `card.layers`; nil is the first.
  init(weights folder: URL, layer: String?) throws
  /// The folder of weights that come with the program; nil: none do. Throws `Problem` where
  /// they should be and are not.
  static func packaged() throws -> URL?
}

extension Extractor {
  public static func packaged() throws -> URL? { nil }
}

/// What the catalogue says of an extractor.
public struct ExtractorCard: Sendable, Equatable {
  public let id: String
  public let title: String
  /// One line: what it is and what it was trained on.
  public let summary: String
  public let paper: String
  /// D of each layer that can be asked for; the first is the embedding.
  public let layers: [Layer]
  /// Which file of which release belongs into the folder of its weights, one line each.
  public let files: [String]

  public struct Layer: Sendable, Equatable {
    public let name: String
    public let dimension: Int
  }

  public init(
    id: String, title: String, summary: String, paper: String, layers: [(String, Int)],
    files: [String]
  ) {
    self.id = id
    self.title = title
    self.summary = summary
    self.paper = paper
    self.layers = layers.map { Layer(name: $0.0, dimension: $0.1) }
    self.files = files
  }
}
