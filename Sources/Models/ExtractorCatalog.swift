// Every pre-trained extractor by its id, and where its weights are looked for.
import Acoustics
import Downloads
import Formats
import Foundation

/// The catalogue of extractors.
public enum ExtractorCatalog: CatalogProtocol {
  public static let kind = "extractor"
  /// All extractors, in the order of lists. A new extractor is a line here.
  public static let all: [any Extractor.Type] = [
    VGGish.self, OpenL3.self, MusiCNN.self, EdgeL3.self, ASTExtractor.self, EfficientAT.self,
    YAMNet.self, AiSFX.self, KeywordTransformer.self, BandNet.self,
  ]

  public static func id(of entry: any Extractor.Type) -> String { entry.card.id }

  /// The extractor `id`, perhaps with a layer behind it (`ExtractorReference`), with the weights in
  /// `root`, else in the first of `folders(for:)` that is there, else those that come with the
  /// program. A folder that config.yaml names is demanded: it is an error where it is not there.
  /// `layer`: one of its card's; nil is the first.
  /// Throws `Problem`.
  public static func open(
    _ id: String, layer: String? = nil, root: URL? = nil,
    _ environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> any Extractor {
    let reference = ExtractorReference(id)
    let (id, layer) = (reference.id, layer ?? reference.layer)
    let type = try entry(id)
    _ = try type.card.layer(layer)
    if let root { return try make(type, in: root, layer) }
    return try make(type, in: weights(of: type, environment), layer)
  }

  /// The folder of an extractor's weights: the first of `folders(for:)` that is there, otherwise
  /// that of the weights that come with the program.
  ///
  /// - Throws: `Problem` if there is none.
  static func weights(
    of type: any Extractor.Type,
    _ environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> URL {
    let id = type.card.id
    if let folder = try folder(for: id, environment) ?? type.packaged() { return folder }
    let folders = folders(for: id, environment)
    let places = folders.map(\.relativePath).joined(separator: " or ")
    throw Problem(
      folders[0].relativePath,
      "no weights for '\(id)'; expected in \(places): "
        + type.card.files.joined(separator: " and ") + ReleaseTable.hint(id))
  }

  /// The first of `folders(for:)` that exists, or that config.yaml names; nil if there is none.
  ///
  /// - Throws: `Problem` if the system prevents looking.
  public static func folder(
    for id: String, _ environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> URL? {
    let configured = ConfiguredFolders.weights[id]
    return try folders(for: id, environment).first {
      try StoredFile.isFolder($0) || $0 == configured
    }
  }

  /// D of the layer that a reference names; throws where there is no such extractor or layer.
  public static func dimension(of reference: String) throws -> Int {
    let reference = ExtractorReference(reference)
    let card = try entry(reference.id).card
    let name = try card.layer(reference.layer)
    return card.layers.first { $0.name == name }?.dimension ?? 0
  }

  /// A file that is not there is explained by what the card says of files.
  private static func make(
    _ type: any Extractor.Type, in folder: URL, _ layer: String?
  ) throws -> any Extractor {
    do {
      return try type.init(weights: folder, layer: layer)
    } catch let error as Problem
      where error.place.contains("/") && !FileManager.default.fileExists(atPath: error.place)
    {
      throw Problem(
        error.place,
        "no such file; expected " + type.card.files.joined(separator: " and ")
          + ReleaseTable.hint(type.card.id))
    }
  }

  /// `$SCANT_WEIGHTS/<id>`, config.yaml's folder, then `$XDG_DATA_HOME/scant/weights/<id>`.
  public static func folders(
    for id: String, _ environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> [URL] {
    let user = UserFolders(environment)
    return [
      user.named(by: "SCANT_WEIGHTS")?.appendingPathComponent(id), ConfiguredFolders.weights[id],
      user.data.appendingPathComponent("weights/\(id)"),
    ].compactMap { $0 }
  }
}

extension ExtractorCard {
  /// `name`, or the first layer's. Throws where there is no such layer.
  func layer(_ name: String?) throws -> String {
    guard let name else { return layers[0].name }
    guard layers.contains(where: { $0.name == name }) else {
      let names = layers.map(\.name).joined(separator: ", ")
      throw Problem(id, "no layer '\(name)'; expected one of \(names)")
    }
    return name
  }
}

/// The catalogue of front ends.
public enum FrontEndCatalog: CatalogProtocol {
  public static let kind = "front end"
  /// All front ends, in the order of lists. A new front end is a name here.
  public static let all: [FrontEnd] = [
    .band, .ast, .astRaw, .harmonic, .musicnn, .vggish, .mfcc, .statistics,
  ]

  public static func id(of entry: FrontEnd) -> String { entry.id }
}
