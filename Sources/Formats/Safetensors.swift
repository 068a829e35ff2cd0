// The safetensors format: an 8-byte length, a JSON header, and little-endian numbers.
import Foundation

/// Reads and writes Hugging Face's safetensors format. Every size is checked against the file
/// before memory is allocated for it, so that hostile files do no harm.
public enum Safetensors {
  /// One tensor, row-major.
  public struct Entry: Sendable, Equatable {
    public var shape: [Int]
    public var values: [Float]

    public init(shape: [Int], values: [Float]) {
      precondition(
        elementCount(shape) == values.count, "\(values.count) values do not fill \(shape)")
      self.shape = shape
      self.values = values
    }
  }

  /// The tensors by name, converted to `Float`, and the text under `__metadata__`. Throws
  /// `Problem`.
  public static func read(
    _ url: URL
  ) throws -> (tensors: [String: Entry], metadata: [String: String]) {
    let file = try OpenFile(url)
    let layout = try layout(file)
    try layout.expectAll(file)
    var tensors: [String: Entry] = [:]
    for span in layout.spans {
      let values = try span.type.floats(
        of: file, at: span.start, count: span.count, of: "tensor \(span.name)")
      tensors[span.name] = Entry(shape: span.shape, values: values)
    }
    return (tensors, layout.metadata)
  }

  /// Replaces `url` atomically. Tensors are written as F32 and sorted by name, so that equal
  /// content gives equal bytes. Throws `Problem`; then the old file stays.
  public static func write(
    _ tensors: [String: Entry], metadata: [String: String] = [:], to url: URL
  ) throws {
    let names = tensors.keys.sorted()
    var header = SafetensorsHeader(metadata: metadata)
    var body: [UInt8] = []
    for name in names {
      guard let entry = tensors[name] else { continue }
      let start = body.count
      for value in entry.values { body.append(littleEndian: value.bitPattern) }
      header.tensors[name] = SafetensorsHeader.Tensor(
        dtype: ElementType.f32.rawValue, shape: entry.shape, data_offsets: [start, body.count])
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard var json = try? encoder.encode(header) else {
      throw Problem(url, "cannot encode the header; expected names in Unicode")
    }
    json.append(contentsOf: repeatElement(0x20, count: (8 - json.count % 8) % 8))
    var length: [UInt8] = []
    length.append(littleEndian: UInt64(json.count))
    try AtomicFile.write(Data(length) + json + Data(body), to: url)
  }
}

/// The JSON header of a file.
struct SafetensorsHeader: Codable {
  /// The properties have the names of the format's keys.
  struct Tensor: Codable {
    var dtype: String
    var shape: [Int]
    var data_offsets: [Int]
  }

  var tensors: [String: Tensor] = [:]
  var metadata: [String: String]

  private static let metadataKey = Key(stringValue: "__metadata__")

  /// Any string is a key, since tensors have any names.
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

extension Safetensors {
  /// The place of a tensor in a file.
  public struct Place: Sendable, Equatable {
    public let file: URL
    public let shape: [Int]
    private let start, count: Int
    private let type: ElementType

    fileprivate init(_ span: Span, in file: URL) {
      self.file = file
      shape = span.shape
      start = span.start
      count = span.count
      type = span.type
    }

    /// The current values, row-major. Throws `Problem` if the file is gone or too short.
    public func read() throws -> [Float] {
      try type.floats(
        of: OpenFile(file), at: start, count: count, of: "a tensor of \(shape)")
    }
  }

  /// The place of every tensor by name. Only the header is read and checked. Throws `Problem`.
  public static func places(_ url: URL) throws -> [String: Place] {
    let file = try OpenFile(url)
    let layout = try layout(file)
    try layout.expectAll(file)
    return Dictionary(uniqueKeysWithValues: layout.spans.map { ($0.name, Place($0, in: url)) })
  }
}
