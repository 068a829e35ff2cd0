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

  private func color(_ ramp: Ramp, _ level: UInt8) -> Int? {
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
