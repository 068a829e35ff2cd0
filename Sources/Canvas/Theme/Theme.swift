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
    /// nil: made of the theme's other colours.
    public var value, cost, positive, negative: RampStyle?
  }

  public struct RampStyle: Codable, Sendable, Hashable {
    public var stops: [StyleValue]
    /// 2…64 distinct levels.
    public var levels: Int
    /// The entries of 256 colours, from the lowest level to the highest; nil for the nearest ones.
    public var indexed: [Int]?
    /// The style of level 0 of the sequential ramp.
    public var zero: StyleValue?

    init(stops: [StyleValue], levels: Int = 16) { (self.stops, self.levels) = (stops, levels) }

    /// A file may leave out what is not sure to be in the theme below it.
    public init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      stops = try values.decodeIfPresent([StyleValue].self, forKey: .stops) ?? []
      levels = try values.decodeIfPresent(Int.self, forKey: .levels) ?? 16
      indexed = try values.decodeIfPresent([Int].self, forKey: .indexed)
      zero = try values.decodeIfPresent(StyleValue.self, forKey: .zero)
    }
  }

  public struct Glyphs: Codable, Sendable, Hashable {
    /// "auto", or the name of a `GlyphTier`.
    public var tier: String
    public var border: BorderStyle
  }

  public var meta: Meta
  /// Styles by key: fg, bg, title, border, border_focus, selection, muted, good, warn, fault; and,
  /// each with a stand-in, accent, faint, surface, selection_idle, track, grid, badge.
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
    case .series6: styleOfSeries(6)
    case .series7: styleOfSeries(7)
    case .page: ui["bg"]
    case .faint: ui["faint"] ?? ui["muted"]
    case .accent: ui["accent"] ?? ui["border_focus"]
    case .surface: ui["surface"] ?? ui["bg"]
    case .selectionIdle: ui["selection_idle"] ?? ui["selection"]
    case .track, .grid: ui["\(role)"] ?? ui["border"]
    case .badge: ui["badge"]
    }
  }

  /// Whether a selection, a bar's track and a plot's grid are colours of their own here.
  func hasPapers(_ color: ColorTier) -> Bool {
    guard color == .indexed || color == .direct else { return false }
    return ["selection", "track", "grid"].allSatisfy { ui[$0]?.resolved(color).color != nil }
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
      tier: tier, color: color, hasPapers: hasPapers(color), border: glyphs.border,
      labels: labels.contains(nil) ? nil : labels.compactMap(\.self),
      markers: markers.isEmpty ? nil : markers)
  }

  /// The tier that the theme requests; nil to let the terminal decide.
  public var preferredTier: GlyphTier? { GlyphTier(rawValue: glyphs.tier) }
}
