/// A theme resolved for one terminal: all inks and papers looked up in advance.
public struct Palette: Sendable, Hashable {
  public let tier: ColorTier
  private let plain: Style
  private let roles: [Style]
  /// By the raw value of `ColorRamp`.
  private let ramps: [[Int?]]

  public init(_ theme: Theme, _ tier: ColorTier) {
    self.tier = tier
    func style(_ value: StyleValue?) -> Style {
      let (color, attributes) = value?.resolved(tier) ?? (nil, [])
      return Style(foreground: color, attributes: attributes)
    }
    plain = Style(
      foreground: style(theme.ui["fg"]).foreground, background: style(theme.ui["bg"]).foreground)
    roles = Role.allCases.map { style(theme.style(of: $0)) }
    ramps = ColorRamp.allCases.map { theme.colors(of: $0, tier) }
  }

  /// Attributes of ink and paper are combined. A reversed paper drops the ink's colour, so that a
  /// row is one piece.
  public func style(ink: Ink, paper: Ink) -> Style {
    var style = plain
    switch ink {
    case .plain: break
    case .role(let role):
      let wanted = roles[Int(role.rawValue)]
      style.foreground = wanted.foreground ?? plain.foreground
      style.attributes = wanted.attributes
    case .ramp, .blend:
      style.foreground = color(ink) ?? plain.foreground
    }
    if case .role(let role) = paper {
      put(role, under: ink, &style)
    } else if paper != .plain {
      style.background = color(paper) ?? plain.background
    }
    return style
  }

  private func put(_ role: Role, under ink: Ink, _ style: inout Style) {
    let wanted = roles[Int(role.rawValue)]
    if ink == .role(.badge), style.foreground == plain.foreground || tier == .mono {
      // The terminal's own background is not known as a colour: the badge is reversed instead.
      style.foreground = wanted.foreground ?? plain.foreground
      style.attributes = [.reverse, .bold]
      return
    }
    style.background = wanted.foreground ?? plain.background
    if wanted.attributes.contains(.reverse), wanted.foreground == nil {
      style.foreground = plain.foreground
    }
    style.attributes.formUnion(wanted.attributes)
  }

  /// The colours of the levels 0…63 of a ramp, for pixels; nil where the terminal's own page shows.
  public func colors(of ramp: ColorRamp) -> [RGB?] {
    ramps[Int(ramp.rawValue)].map { number in
      (number ?? plain.background).map(rgb)
    }
  }

  /// Of an entry of the terminal's colours.
  func rgb(_ number: Int) -> RGB {
    guard tier == .direct else { return XtermPalette.color(UInt8(clamping: number)) }
    return RGB(UInt8(number >> 16 & 255), UInt8(number >> 8 & 255), UInt8(number & 255))
  }

  /// nil for the terminal's own colour.
  private func color(_ ink: Ink) -> Int? {
    switch ink {
    case .plain: return nil
    case .role(let role): return roles[Int(role.rawValue)].foreground
    case .ramp(let ramp, let level):
      return ramps[Int(ramp.rawValue)][Int(min(ColorRamp.top, level))]
    case .blend(let first, let second, let share):
      let (from, to) = (color(Ink(first)), color(Ink(second)))
      guard tier == .direct, let from, let to else { return share < 32 ? from : to }
      return Palette.blend(from, to, Int(min(64, share)))
    }
  }

  /// Channel by channel, `share` of 64.
  private static func blend(_ a: Int, _ b: Int, _ share: Int) -> Int {
    let mixed = [16, 8, 0].reduce(0) { sum, shift in
      let (from, to) = (a >> shift & 255, b >> shift & 255)
      return sum | ((from * (64 - share) + to * share + 32) / 64) << shift
    }
    return mixed == 0 ? 0 : max(8, mixed)
  }
}

extension Ink {
  fileprivate init(_ tint: Tint) {
    switch tint {
    case .role(let role): self = .role(role)
    case .ramp(let ramp, let level): self = .ramp(ramp, level)
    }
  }
}

extension Theme {
  /// The colours of the levels 0...63 of a ramp; all nil if the terminal has too few colours to
  /// distinguish them.
  func colors(of ramp: ColorRamp, _ tier: ColorTier) -> [Int?] {
    let levels = Int(ColorRamp.top) + 1
    guard tier == .indexed || tier == .direct else { return Array(repeating: nil, count: levels) }
    let style = rampStyle(ramp)
    return (0..<levels).map { level in
      if level == 0, ramp == .sequential, let zero = style.zero { return zero.resolved(tier).color }
      if tier == .indexed, let list = style.indexed, !list.isEmpty {
        return list[level * list.count / levels]
      }
      guard let rgb = style.color(level) else { return nil }
      return tier == .direct ? StyleValue.direct(rgb) : Int(XtermPalette.nearest(to: rgb))
    }
  }

  /// What the file says, or a ramp made of the theme's other colours.
  func rampStyle(_ ramp: ColorRamp) -> RampStyle {
    func stops(_ styles: StyleValue?...) -> RampStyle {
      RampStyle(stops: styles.compactMap(\.self))
    }
    func written(_ style: RampStyle?) -> RampStyle? { style?.stops.isEmpty == false ? style : nil }
    switch ramp {
    case .sequential: return map.sequential
    case .diverging: return map.diverging
    case .value: return written(map.value) ?? stops(style(of: .student))
    case .cost: return written(map.cost) ?? stops(ui["good"], ui["warn"], ui["fault"])
    case .positive: return written(map.positive) ?? stops(ground, style(of: .positive))
    case .negative: return written(map.negative) ?? stops(ground, style(of: .negative))
    }
  }

  /// The page, or a grey that is seen on any.
  private var ground: StyleValue? {
    if let page = ui["bg"], page.rgb != nil { return page }
    return StyleValue(["#808080"])
  }
}

extension Theme.RampStyle {
  /// The colour of level 0...63, interpolated between the stops in CIELAB; nil without stops.
  func color(_ level: Int) -> RGB? {
    let colors = stops.compactMap(\.rgb)
    guard let first = colors.first else { return nil }
    guard colors.count > 1 else { return first }
    let top = Double(ColorRamp.top)
    let steps = min(top, Double(max(2, levels)) - 1)
    let share = (Double(level) / top * steps).rounded() / steps
    let position = share * Double(colors.count - 1)
    let i = min(colors.count - 2, Int(position))
    return colors[i].mixed(with: colors[i + 1], position - Double(i))
  }
}
