// The JSON at the head of a safetensors file: tensors by name beside one `__metadata__`.

struct Header: Codable {
  /// Property names are the format's own keys.
  struct Tensor: Codable {
    var dtype: String
    var shape: [Int]
    var data_offsets: [Int]
  }

  var tensors: [String: Tensor] = [:]
  var metadata: [String: String]

  private static let metadataKey = Key(stringValue: "__metadata__")

  /// Any string is a key: names of tensors are not known beforehand.
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(metadata: [String: String]) { self.metadata = metadata }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    metadata = try container.decodeIfPresent([String: String].self, forKey: Self.metadataKey) ?? [:]
    for key in container.allKeys where key.stringValue != Self.metadataKey.stringValue {
      tensors[key.stringValue] = try container.decode(Tensor.self, forKey: key)
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    if !metadata.isEmpty { try container.encode(metadata, forKey: Self.metadataKey) }
    for (name, tensor) in tensors {
      try container.encode(tensor, forKey: Key(stringValue: name))
    }
  }
}
