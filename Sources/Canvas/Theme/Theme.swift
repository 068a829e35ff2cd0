/// The colours, marks and glyphs of all roles, as a theme file defines them.
public struct Theme: Codable, Sendable, Hashable {
  public struct Meta: Codable, Sendable, Hashable {
    public enum Background: String, Codable, Sendable, CaseIterable { case dark, light, any }

    public var name: String
    /// The terminal's background, for contrast checks.
    public var background: Background
  }

  public struct SeriesStyle: Codable, Sendable, Hashable {
    public var order: [StyleValue]
    public var markers: Markers
    /// The entries of `order` that belong to student and teacher.
    public var student, teacher: Int
  }

  public struct Markers: Codable, Sendable, Hashable { public var ascii, unicode: [String] }

  public struct Map: Codable, Sendable, Hashable {
    public var sequential, diverging: RampStyle
  }

  public struct RampStyle: Codable, Sendable, Hashable {
    public var stops: [StyleValue]
    /// 2…16 distinct levels.
    public var levels: Int
    /// The style of level 0 of the sequential ramp.
    public var zero: StyleValue?
  }

  public struct Glyphs: Codable, Sendable, Hashable {
    /// "auto", or the name of a `GlyphTier`.
    public var tier: String
    public var border: BorderStyle
  }

  public var meta: Meta
  /// Styles by key: fg, bg, title, border, border_focus, selection, muted, good, warn, fault.
  public var ui: [String: StyleValue]
  public var series: SeriesStyle
  public var map: Map
  /// [ascii, unicode] by key: positive, negative, missing, masked, teacher, human.
  public var label: [String: [String]]
  /// Styles by the keys of `label`.
  public var label_style: [String: StyleValue]
  public var glyphs: Glyphs

  /// The style of a role; nil if the file does not define it.
  func style(of role: Role) -> StyleValue? {
    switch role {
    case .text: ui["fg"]
    case .borderFocus: ui["border_focus"]
    case .muted, .title, .border, .selection, .good, .warn, .fault: ui["\(role)"]
    case .positive, .negative, .missing, .masked, .human: label_style["\(role)"]
    case .student: styleOfSeries(series.student)
    case .teacher: styleOfSeries(series.teacher)
    case .series0: styleOfSeries(0)
    case .series1: styleOfSeries(1)
    case .series2: styleOfSeries(2)
    case .series3: styleOfSeries(3)
    case .series4: styleOfSeries(4)
    case .series5: styleOfSeries(5)
    }
  }

  private func styleOfSeries(_ i: Int) -> StyleValue? {
    series.order.isEmpty ? nil : series.order[abs(i) % series.order.count]
  }

  /// The glyphs of this theme on a terminal.
  public func glyphSet(tier: GlyphTier, color: ColorTier) -> GlyphSet {
    let isASCII = tier == .ascii
    let labels = LabelMark.allCases.map { mark -> Character? in
      let pair = label["\(mark)"] ?? []
      return (isASCII ? pair.first : pair.last)?.first
    }
    let markers = (isASCII ? series.markers.ascii : series.markers.unicode).compactMap(\.first)
    return GlyphSet(
      tier: tier, color: color, border: glyphs.border,
      labels: labels.contains(nil) ? nil : labels.compactMap(\.self),
      markers: markers.isEmpty ? nil : markers)
  }

  /// The tier that the theme requests; nil to let the terminal decide.
  public var preferredTier: GlyphTier? { GlyphTier(rawValue: glyphs.tier) }
}

/// A theme resolved for one terminal: all inks and papers looked up in advance.
public struct Palette: Sendable, Hashable {
  public let tier: ColorTier
  private let plain: Style
  private let roles: [Style]
  private let sequential, diverging: [Int?]

  public init(_ theme: Theme, _ tier: ColorTier) {
    self.tier = tier
    func style(_ value: StyleValue?) -> Style {
      let (color, attributes) = value?.resolved(tier) ?? (nil, [])
      return Style(foreground: color, attributes: attributes)
    }
    plain = Style(
      foreground: style(theme.ui["fg"]).foreground, background: style(theme.ui["bg"]).foreground)
    roles = Role.allCases.map { style(theme.style(of: $0)) }
    sequential = Palette.levels(theme.map.sequential, tier, hasZero: true)
    diverging = Palette.levels(theme.map.diverging, tier, hasZero: false)
  }

  /// Attributes of ink and paper are combined. A reversed selection keeps the ink's colour.
  public func style(ink: Ink, paper: Ink) -> Style {
    var style = plain
    switch ink {
    case .plain: break
    case .role(let role):
      let wanted = roles[Int(role.rawValue)]
      style.foreground = wanted.foreground ?? plain.foreground
      style.attributes = wanted.attributes
    case .ramp(let ramp, let level):
      style.foreground = color(ramp, level) ?? plain.foreground
    }
    switch paper {
    case .plain: break
    case .role(let role):
      let wanted = roles[Int(role.rawValue)]
      style.background = wanted.foreground ?? plain.background
      style.attributes.formUnion(wanted.attributes)
    case .ramp(let ramp, let level):
      style.background = color(ramp, level) ?? plain.background
    }
    return style
  }

  private func color(_ ramp: ColorRamp, _ level: UInt8) -> Int? {
    (ramp == .sequential ? sequential : diverging)[Int(min(15, level))]
  }

  /// Sixteen colours; all nil if the terminal has too few colours to distinguish levels.
  private static func levels(
    _ ramp: Theme.RampStyle, _ tier: ColorTier, hasZero: Bool
  ) -> [Int?] {
    guard tier == .indexed || tier == .direct else { return Array(repeating: nil, count: 16) }
    return (0..<16).map { level in
      if level == 0, hasZero, let zero = ramp.zero { return zero.resolved(tier).color }
      guard let rgb = ramp.color(level) else { return nil }
      return tier == .direct ? StyleValue.direct(rgb) : Int(XtermPalette.nearest(to: rgb))
    }
  }
}

extension Theme.RampStyle {
  /// The colour of level 0...15, interpolated between the stops in CIELAB; nil without stops.
  func color(_ level: Int) -> RGB? {
    let colors = stops.compactMap(\.rgb)
    guard let first = colors.first else { return nil }
    guard colors.count > 1 else { return first }
    let steps = Double(min(16, max(2, levels)) - 1)
    let share = (Double(level) / 15 * steps).rounded() / steps
    let position = share * Double(colors.count - 1)
    let i = min(colors.count - 2, Int(position))
    return colors[i].mixed(with: colors[i + 1], position - Double(i))
  }
}
