// An extractor and the layer of it that is read, in one text.

/// "openl3" is the first layer of an extractor, "openl3:mel256-env-512" another one. Inputs,
/// batches and checkpoints carry the text.
public struct ExtractorReference: Hashable, Sendable {
  public let id: String
  /// Nil: the extractor's first.
  public let layer: String?

  /// What a recipe says where the first layer is meant.
  public static let firstLayer = "default"

  public init(_ id: String, layer: String?) {
    self.id = id
    self.layer = layer == Self.firstLayer ? nil : layer
  }

  public init(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    id = parts.first.map(String.init) ?? ""
    layer = parts.count > 1 ? String(parts[1]) : nil
  }

  public var text: String { layer.map { "\(id):\($0)" } ?? id }
}
