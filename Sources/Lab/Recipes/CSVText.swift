/// Writing fields of comma-separated text (RFC 4180).
package enum CSVText {
  package static func quoted(_ field: String) -> String {
    guard field.contains(where: { ",\"\r\n".contains($0) || $0 == "\r\n" }) else { return field }
    return "\"" + field.replacing("\"", with: "\"\"") + "\""
  }
}
