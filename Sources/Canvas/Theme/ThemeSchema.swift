import Yams

/// The keys of a theme file and the form of their values. It is checked on the tree of nodes before
/// decoding, since decoding silently drops unknown keys and has no line numbers.
indirect enum ThemeSchema {
  case section([String: ThemeSchema])
  case style
  case styles(ClosedRange<Int>)
  case glyphs(ClosedRange<Int>)
  case integer(ClosedRange<Int>)
  /// A list, and what each of its numbers may be.
  case integers(ClosedRange<Int>, in: ClosedRange<Int>)
  case choice([String])
  case text

  static let labels = ["positive", "negative", "missing", "masked", "teacher", "human"]

  static let theme: ThemeSchema = .section([
    "meta": .section([
      "name": .text, "background": .choice(["dark", "light", "any"]), "based_on": .text,
    ]),
    "ui": .section(
      keys(
        [
          "fg", "bg", "title", "border", "border_focus", "selection", "muted", "good", "warn",
          "fault", "accent", "faint", "surface", "selection_idle", "track", "grid", "badge",
        ], .style)),
    "series": .section([
      "order": .styles(1...16), "student": .integer(0...15), "teacher": .integer(0...15),
      "markers": .section(["ascii": .glyphs(1...16), "unicode": .glyphs(1...16)]),
    ]),
    "map": .section(
      keys(["sequential", "diverging", "value", "cost", "positive", "negative"], ramp)),
    "label": .section(keys(labels, .glyphs(2...2))),
    "label_style": .section(keys(labels, .style)),
    "glyphs": .section([
      "tier": .choice(["auto", "unicode", "block", "ascii"]),
      "border": .choice(["single", "rounded", "ascii"]),
    ]),
  ])

  private static let ramp: ThemeSchema = .section([
    "stops": .styles(1...32), "levels": .integer(2...64), "zero": .style,
    "indexed": .integers(1...64, in: 16...255),
  ])

  private static func keys(_ names: [String], _ value: ThemeSchema) -> [String: ThemeSchema] {
    Dictionary(uniqueKeysWithValues: names.map { ($0, value) })
  }

  /// The expected form of a value, for messages.
  var expectation: String {
    switch self {
    case .section(let keys): "a section with " + keys.keys.sorted().joined(separator: ", ")
    case .style: "a colour or attribute, or a list of one to four"
    case .styles(let count): "a list of \(count.lowerBound) to \(count.upperBound) colours"
    case .glyphs(2...2): "two characters one column wide, the first for ASCII"
    case .glyphs: "a list of characters one column wide"
    case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .integers(let count, let range):
      "a list of \(count.lowerBound) to \(count.upperBound) whole numbers from "
        + "\(range.lowerBound) to \(range.upperBound)"
    case .choice(let names): names.joined(separator: " or ")
    case .text: "text"
    }
  }

  /// Whether a node that is not a section has the expected form.
  func accepts(_ node: Node) -> Bool {
    switch self {
    case .section: node.mapping != nil
    case .style: ThemeSchema.isStyle(node)
    case .styles(let count):
      node.sequence.map { count.contains($0.count) && $0.allSatisfy(ThemeSchema.isStyle) } ?? false
    case .glyphs(let count):
      node.sequence.map { list in
        count.contains(list.count)
          && list.allSatisfy { $0.scalar?.string.count == 1 && $0.scalar?.string.columns == 1 }
      } ?? false
    case .integer(let range): node.int.map(range.contains) ?? false
    case .integers(let count, let range):
      node.sequence.map { list in
        count.contains(list.count) && list.allSatisfy { $0.int.map(range.contains) ?? false }
      } ?? false
    case .choice(let names): node.scalar.map { names.contains($0.string) } ?? false
    case .text: node.scalar != nil
    }
  }

  private static func isStyle(_ node: Node) -> Bool {
    if let scalar = node.scalar { return StyleValue([scalar.string]) != nil }
    let texts = node.sequence?.compactMap(\.scalar?.string) ?? []
    return texts.count == node.sequence?.count && StyleValue(texts) != nil
  }
}
