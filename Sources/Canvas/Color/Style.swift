/// How one terminal shows a cell: what remains of an ink and a paper once theme and colours of
/// the terminal are known.
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

  /// An index into the palette, 0xRRGGBB where the terminal takes direct colour, nil for the
  /// terminal's own.
  public var foreground, background: Int?
  public var attributes: Attributes

  public init(foreground: Int? = nil, background: Int? = nil, attributes: Attributes = []) {
    self.foreground = foreground
    self.background = background
    self.attributes = attributes
  }
}
