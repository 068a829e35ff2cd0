/// The meaning of a mark. The theme maps it to a colour when the grid is drawn.
public enum Role: UInt8, Sendable, CaseIterable, Hashable {
  case text, muted, title, border, borderFocus, selection, good, warn, fault
  case positive, negative, missing, masked, student, teacher, human
  case series0, series1, series2, series3, series4, series5, series6, series7
  /// Headers, units, what is not yet; and where the user is: the focused title, tab and key.
  case faint, accent
  /// Backgrounds: the page, what lies on it, a selected row of a pane without focus.
  case page, surface, selectionIdle
  /// The unfilled part of a bar, and the lines of a plot.
  case track, grid
  /// The text on a coloured badge.
  case badge
}

/// An ordered scale of colours for values.
public enum ColorRamp: UInt8, Sendable, CaseIterable, Hashable {
  /// Sound, probabilities over time, distances.
  case sequential
  /// Differences.
  case diverging
  /// Scores and progress, by the place along a bar.
  case value
  /// Time, processor and memory.
  case cost
  /// The share of observed positive and negative labels.
  case positive, negative

  /// The highest level; 0 is the lowest.
  public static let top: UInt8 = 63

  /// The level of a share of the ramp, 0…1.
  public static func level(_ share: Double) -> UInt8 {
    UInt8((min(1, max(0, share.isFinite ? share : 0)) * Double(top)).rounded())
  }
}

/// The meaning of a foreground or background.
public enum Ink: Sendable, Hashable {
  /// The terminal's default colour.
  case plain
  case role(Role)
  /// Level 0...63 of a ramp; level 0 of `sequential` is the background.
  case ramp(ColorRamp, UInt8)
  /// A colour between two others, 0 (the first) to 64 (the second); the nearer one if the terminal
  /// has no direct colour.
  case blend(Tint, Tint, UInt8)
}

/// One end of a blend.
public enum Tint: Sendable, Hashable {
  case role(Role)
  case ramp(ColorRamp, UInt8)
}

extension Ink {
  /// The share of `other` in this ink, 0…1. Only roles and levels of ramps blend.
  public func mixed(with other: Ink, _ share: Double) -> Ink {
    guard let first = tint, let second = other.tint else { return share < 0.5 ? self : other }
    return .blend(first, second, UInt8((min(1, max(0, share)) * 64).rounded()))
  }

  private var tint: Tint? {
    switch self {
    case .plain: .role(.text)
    case .role(let role): .role(role)
    case .ramp(let ramp, let level): .ramp(ramp, level)
    case .blend: nil
    }
  }
}

/// A character cell. `width` is 1 or 2; the cell to the right of a wide one has width 0 and no
/// glyph.
public struct Cell: Sendable, Hashable {
  public var glyph: Character
  public var ink: Ink
  public var paper: Ink
  public var width: UInt8

  public init(_ glyph: Character = " ", ink: Ink = .plain, paper: Ink = .plain, width: UInt8 = 1) {
    self.glyph = glyph
    self.ink = ink
    self.paper = paper
    self.width = width
  }
}

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

/// The origin of a label, for drawing. The raw values follow the order of Lab's `LabelState`, which
/// this half of the program does not import.
public enum LabelMark: UInt8, Sendable, CaseIterable, Hashable {
  case missing, positive, negative, masked, teacher, human

  public var role: Role {
    switch self {
    case .missing: .missing
    case .positive: .positive
    case .negative: .negative
    case .masked: .masked
    case .teacher: .teacher
    case .human: .human
    }
  }
}
