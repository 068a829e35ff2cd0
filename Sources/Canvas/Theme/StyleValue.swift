/// A style in a theme file: one scalar, or up to four for direct, 256, 16 and no colours.
public struct StyleValue: Codable, Sendable, Hashable {
  /// A colour as written, before the terminal is known.
  enum Paint: Sendable, Hashable {
    case terminal
    case rgb(RGB)
    case index(UInt8)
  }

  struct Entry: Sendable, Hashable {
    var paint: Paint?
    var attributes: Style.Attributes = []
    var source: String

    /// Words: at most one colour and any number of attributes. nil if a word is neither.
    init?(_ source: String) {
      self.source = source
      for word in source.lowercased().split(separator: " ").map(String.init) {
        if let attribute = Style.Attributes.names[word] {
          attributes.insert(attribute)
        } else if paint == nil, let paint = Entry.paint(word) {
          self.paint = paint
        } else {
          return nil
        }
      }
      if paint == nil, attributes.isEmpty { return nil }
    }

    private static func paint(_ word: String) -> Paint? {
      if word == "default" || word == "none" { return .terminal }
      if let rgb = RGB(hex: word) { return .rgb(rgb) }
      if let index = UInt8(word) { return .index(index) }
      return XtermPalette.names[word].map { .index($0) }
    }
  }

  private let entries: [Entry]

  /// nil if a text is not a style. Takes one to four texts.
  public init?(_ texts: [String]) {
    let entries = texts.compactMap(Entry.init)
    guard (1...4).contains(texts.count), entries.count == texts.count else { return nil }
    self.entries = entries
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let texts = (try? [container.decode(String.self)]) ?? (try? container.decode([String].self))
    guard let texts, let value = StyleValue(texts) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "expected a style or a list of one to four")
    }
    self = value
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(entries.map(\.source))
  }

  /// The colour and attributes for a terminal. Missing depths are computed.
  func resolved(_ tier: ColorTier) -> (color: Int?, attributes: Style.Attributes) {
    let position =
      switch tier {
      case .direct: 0
      case .indexed: 1
      case .sixteen: 2
      case .mono: 3
      }
    let entry = entries[min(position, entries.count - 1)]
    let isWritten = position < entries.count
    guard tier != .mono else {
      let attributes = isWritten ? entry.attributes : entries[0].attributes
      return (nil, attributes)
    }
    return (number((isWritten ? entry : entries[0]).paint, tier), entry.attributes)
  }

  /// The direct colour; nil for the terminal's default.
  var rgb: RGB? { entries[0].paint.flatMap(StyleValue.rgb) }

  /// The colour that looks the same on all terminals, in direct or 256 colours; nil for the default
  /// and for the first sixteen, which the user defines.
  func fixedRGB(_ tier: ColorTier) -> RGB? {
    if tier == .direct {
      guard case .index(let i)? = entries[0].paint, i < 16 else { return rgb }
      return nil
    }
    guard let color = resolved(.indexed).color, color >= 16 else { return nil }
    return XtermPalette.color(UInt8(color))
  }

  private func number(_ paint: Paint?, _ tier: ColorTier) -> Int? {
    switch (paint, tier) {
    case (nil, _), (.terminal, _), (_, .mono): nil
    case (.rgb(let rgb), .direct): StyleValue.direct(rgb)
    case (.rgb(let rgb), .indexed): Int(XtermPalette.nearest(to: rgb))
    case (.rgb(let rgb), .sixteen): Int(XtermPalette.nearestANSI(to: rgb))
    case (.index(let i), .direct): StyleValue.direct(XtermPalette.color(i))
    case (.index(let i), .indexed): Int(i)
    case (.index(let i), .sixteen):
      i < 16 ? Int(i) : Int(XtermPalette.nearestANSI(to: XtermPalette.color(i)))
    }
  }

  /// Numbers below 8 mean the user's first eight colours even on direct-colour terminals, so the
  /// darkest blues are raised to 8.
  static func direct(_ rgb: RGB) -> Int { rgb.packed == 0 ? 0 : max(8, rgb.packed) }

  private static func rgb(_ paint: Paint) -> RGB? {
    switch paint {
    case .terminal: nil
    case .rgb(let rgb): rgb
    case .index(let i): XtermPalette.color(i)
    }
  }
}
