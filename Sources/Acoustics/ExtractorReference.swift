/// A reference to a layer of a pre-trained extractor, written "openl3" for its first layer or
/// "openl3:mel256-env-512" for another one.
public struct ExtractorReference: Hashable, Sendable {
  /// The id of the extractor, such as "openl3".
  public let id: String
  /// The name of the layer; nil for the first layer.
  public let layer: String?

  /// The name of the first layer in a recipe.
  public static let firstLayer = "default"

  /// A reference to a layer. Both nil and "default" mean the first layer.
  public init(_ id: String, layer: String?) {
    self.id = id
    self.layer = layer == Self.firstLayer ? nil : layer
  }

  /// Parses "ID" or "ID:LAYER".
  public init(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    id = parts.first.map(String.init) ?? ""
    layer = parts.count > 1 ? String(parts[1]) : nil
  }

  /// "ID" or "ID:LAYER", as in inputs, batches and checkpoints.
  public var text: String { layer.map { "\(id):\($0)" } ?? id }
}
