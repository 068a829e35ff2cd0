// A piece of HTML or SVG. Text from outside enters through `text` and attributes alone, which
// escape it.
import Formats

/// A node, or several in a row, already written out.
package struct Markup: Sendable, Equatable {
  package let html: String

  private init(html: String) { self.html = html }

  package static let empty = Markup(html: "")

  /// Characters that would be markup are escaped; control characters and those that turn the
  /// direction of writing become U+FFFD.
  package static func text(_ text: String) -> Markup { Markup(html: escaped(text)) }

  /// - Parameters:
  ///   - attributes: In the order of writing; nil values are left out.
  package static func tag(
    _ name: String, _ attributes: KeyValuePairs<String, String?> = [:], _ children: [Markup]
  ) -> Markup {
    let list = attributes.compactMap { key, value in value.map { " \(key)=\"\(escaped($0))\"" } }
    let inside = children.map(\.html).joined()
    return Markup(html: "<\(name)\(list.joined())>\(inside)</\(name)>")
  }

  package static func tag(
    _ name: String, _ attributes: KeyValuePairs<String, String?> = [:], _ text: String
  ) -> Markup {
    tag(name, attributes, [.text(text)])
  }

  package static func tag(_ name: String, _ text: String) -> Markup {
    tag(name, [:], [.text(text)])
  }

  /// An element without content: `<line …/>`.
  package static func leaf(_ name: String, _ attributes: KeyValuePairs<String, String?>) -> Markup {
    let list = attributes.compactMap { key, value in value.map { " \(key)=\"\(escaped($0))\"" } }
    return Markup(html: "<\(name)\(list.joined())/>")
  }

  /// Style sheets and other text of Scant's own.
  package static func verbatim(_ html: StaticString) -> Markup { Markup(html: "\(html)") }

  package static func joined(_ parts: [Markup]) -> Markup {
    Markup(html: parts.map(\.html).joined(separator: "\n"))
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\n", "\t": result.unicodeScalars.append(scalar)
      default: result.unicodeScalars.append(isHidden(scalar) ? "\u{FFFD}" : scalar)
      }
    }
    return result
  }

  /// Control characters, and the marks, embeddings and isolates of bidirectional text.
  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
