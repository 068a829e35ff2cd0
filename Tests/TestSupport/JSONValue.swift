import Foundation

extension Decodable {
  /// A value from its JSON keys, for types that the engine alone makes. Stops the test where a key
  /// is missing or has another type.
  public init(json fields: [String: any Encodable]) {
    let (encoder, decoder) = (JSONEncoder(), JSONDecoder())
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    do { self = try decoder.decode(Self.self, from: encoder.encode(Fields(fields: fields))) } catch
    {
      fatalError("\(Self.self) from \(fields): \(error)")
    }
  }
}

private struct Fields: Encodable {
  let fields: [String: any Encodable]

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    for (name, value) in fields { try container.encode(value, forKey: Key(stringValue: name)) }
  }
}
