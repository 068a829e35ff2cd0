// Numbers and names as the figures are written, in text and in JSON.
import Foundation

/// A fixed number of decimals, a point whatever the locale.
func rounded(_ value: Double, _ decimals: Int) -> String {
  String(format: "%.\(decimals)f", value)
}

/// Two digits and a power of ten: 1.2e-06.
func scientific(_ value: Double) -> String { String(format: "%.1e", value) }

/// A JSON string; quotes, backslashes and control characters are escaped.
func quoted(_ text: String) -> String {
  let escaped = text.unicodeScalars.map { scalar in
    switch scalar {
    case "\"", "\\": "\\\(scalar)"
    case _ where scalar.value < 32: String(format: "\\u%04x", scalar.value)
    default: String(scalar)
    }
  }
  return "\"\(escaped.joined())\""
}

/// A JSON number, or null: JSON has neither infinity nor NaN.
func number(_ value: Double) -> String { value.isFinite ? "\(value)" : "null" }

/// A JSON object in the order given; the values are JSON already.
func object(_ fields: [(key: String, json: String)]) -> String {
  "{\(fields.map { "\(quoted($0.key)):\($0.json)" }.joined(separator: ","))}"
}

/// A JSON array of what is JSON already.
func array(_ values: [String]) -> String { "[\(values.joined(separator: ","))]" }
