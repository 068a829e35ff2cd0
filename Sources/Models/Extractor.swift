// Pre-trained feature extractors, which are never trained further.
import Acoustics
import Foundation

/// A frozen network with published weights: sound → embeddings `[D, T]`, D values in each of T
/// segments.
public protocol Extractor: FeatureExtractor {
  /// Id, layers, paper and files.
  static var card: ExtractorCard { get }
  /// Reads the weights.
  ///
  /// - Parameters:
  ///   - folder: The folder with the files of `card.files`.
  ///   - layer: One of `card.layers`; nil for the first.
  /// - Throws: An error of one line: the file, what is wrong, and what was expected.
  init(weights folder: URL, layer: String?) throws
  /// The folder of the weights that come with the program; nil if there are none.
  ///
  /// - Throws: `Problem` if they should exist and do not.
  static func packaged() throws -> URL?
}

extension Extractor {
  public static func packaged() throws -> URL? { nil }
}

/// The catalogue entry of an extractor.
public struct ExtractorCard: Sendable, Equatable {
  /// The id in recipes and commands.
  public let id: String
  /// The displayed name.
  public let title: String
  /// One line: what it is and what it was trained on.
  public let summary: String
  /// Authors, year and identifier.
  public let paper: String
  /// The licence of the weights.
  public let licence: String
  /// The layers that can be read; the first is the embedding.
  public let layers: [Layer]
  /// The files of the release that belong into the folder of its weights, one line each.
  public let files: [String]

  /// A layer that can be read.
  public struct Layer: Sendable, Equatable {
    /// The name in recipes.
    public let name: String
    /// The size D of its output.
    public let dimension: Int
  }

  /// A card with these entries.
  public init(
    id: String, title: String, summary: String, paper: String, licence: String,
    layers: [(String, Int)], files: [String]
  ) {
    self.id = id
    self.title = title
    self.summary = summary
    self.paper = paper
    self.licence = licence
    self.layers = layers.map { Layer(name: $0.0, dimension: $0.1) }
    self.files = files
  }
}
