/// The style of a cell on a particular terminal: the result of ink, paper, theme and the terminal's
/// colours.
public struct Style: Sendable, Hashable {
  public struct Attributes: OptionSet, Sendable, Hashable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let reverse = Attributes(rawValue: 1)
    public static let bold = Attributes(rawValue: 2)
    public static let underline = Attributes(rawValue: 4)
    public static let dim = Attributes(rawValue: 8)

    static let names: [String: Attributes] = [
      "reverse": .reverse, "bold": .bold, "underline": .underline, "dim": .dim,
    ]
  }

  /// A palette index, 0xRRGGBB on a direct-colour terminal, or nil for the terminal's default.
  public var foreground, background: Int?
  public var attributes: Attributes

  public init(foreground: Int? = nil, background: Int? = nil, attributes: Attributes = []) {
    self.foreground = foreground
    self.background = background
    self.attributes = attributes
  }
}
