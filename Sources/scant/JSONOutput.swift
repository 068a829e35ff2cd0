/// JSON on stdout: one document, keys sorted, non-finite numbers as "nan", "inf", "-inf".
import Foundation
import Output

extension Console {
  func print(json value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    try print(jsonText: String(decoding: try encoder.encode(value), as: UTF8.self))
  }
}
