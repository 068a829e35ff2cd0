/// The contrast check of a theme: 4.5 to 1 for text, 3 to 1 for marks (WCAG 2.2, 1.4.3 and 1.4.11).
extension Theme {
  /// A role with too little contrast on a background it may appear on.
  public struct Weak: Sendable, Hashable, CustomStringConvertible {
    public let role: Role
    /// The coloured background it stands on; nil for the page.
    public var paper: Role?
    public let tier: ColorTier
    public let ratio, needed: Double

    public var description: String {
      "\(role)\(paper.map { " on \($0)" } ?? "") has contrast \(ratio.fixed(2)) "
        + "in \(tier.rawValue) colours; expected \(needed.fixed(1))"
    }
  }

  /// All roles below their limit, for direct colour and 256 colours. Pane borders and grids are
  /// decoration, and papers lie behind text, so neither has a limit.
  public func weakContrasts() -> [Weak] {
    [ColorTier.direct, .indexed].flatMap { tier in
      Role.allCases.compactMap { weak($0, tier) } + weakOnPapers(tier) + weakBadges(tier)
    }
  }

  /// Text keeps its limit on a selected row and on a surface; marks stand beside text there, and
  /// need 2.5.
  private func weakOnPapers(_ tier: ColorTier) -> [Weak] {
    [Role.selection, .selectionIdle, .surface].flatMap { paper -> [Weak] in
      guard let ground = style(of: paper)?.fixedRGB(tier), !isReversed(paper, tier) else {
        return []
      }
      return Role.allCases.compactMap { role in
        guard Theme.needed(role) != nil, role != .faint,
          let ink = style(of: role)?.fixedRGB(tier) ?? ui["fg"]?.fixedRGB(tier)
        else { return nil }
        let needed = [.text, .title, .muted].contains(role) ? 4.5 : 2.5
        let ratio = ink.contrast(with: ground)
        return ratio < needed
          ? Weak(role: role, paper: paper, tier: tier, ratio: ratio, needed: needed) : nil
      }
    }
  }

  /// The text of a badge on each colour that a badge may have.
  private func weakBadges(_ tier: ColorTier) -> [Weak] {
    guard let ink = style(of: .badge)?.fixedRGB(tier) else { return [] }
    return [Role.good, .warn, .fault, .accent, .positive, .muted].compactMap { paper in
      guard let ground = style(of: paper)?.fixedRGB(tier) else { return nil }
      let ratio = ink.contrast(with: ground)
      return ratio < 4.5
        ? Weak(role: .badge, paper: paper, tier: tier, ratio: ratio, needed: 4.5) : nil
    }
  }

  private func isReversed(_ role: Role, _ tier: ColorTier) -> Bool {
    style(of: role)?.resolved(tier).attributes.contains(.reverse) ?? false
  }

  /// The lowest contrast of a role over its possible backgrounds; nil if its colour is the
  /// terminal's default.
  func contrast(of role: Role, _ tier: ColorTier) -> Double? {
    guard let ink = style(of: role)?.fixedRGB(tier) ?? ui["fg"]?.fixedRGB(tier) else {
      return nil
    }
    return backgrounds(tier).map { ink.contrast(with: $0) }.min()
  }

  private func weak(_ role: Role, _ tier: ColorTier) -> Weak? {
    guard let needed = Theme.needed(role), let ratio = contrast(of: role, tier) else { return nil }
    return ratio < needed ? Weak(role: role, tier: tier, ratio: ratio, needed: needed) : nil
  }

  /// The theme's own background, or those that its `meta.background` allows.
  private func backgrounds(_ tier: ColorTier) -> [RGB] {
    if let own = ui["bg"]?.fixedRGB(tier) { return [own] }
    let black = RGB(0, 0, 0), white = RGB(255, 255, 255)
    return switch meta.background {
    case .dark: [black]
    case .light: [white]
    case .any: [black, white]
    }
  }

  /// 4.5 for text, 3 for marks, nil for decoration.
  static func needed(_ role: Role) -> Double? {
    switch role {
    case .text, .muted, .title, .good, .warn, .fault, .faint: 4.5
    case .border, .selection, .page, .surface, .selectionIdle, .track, .grid, .badge: nil
    default: 3
    }
  }
}

/// Whether curves can be distinguished by colour, also with a colour vision deficiency.
extension Theme {
  /// The two most similar curves for one kind of colour vision.
  public struct Likeness: Sendable, Hashable, CustomStringConvertible {
    public let vision: ColorVision
    public let tier: ColorTier
    /// Their indices in `series.order`.
    public let first, second: Int
    /// ΔE of CIELAB (CIE 1976) between them; about 2 is just visible.
    public let distance: Double
    /// The distance between student and teacher; nil if a colour is the terminal's default.
    public let models: Double?

    public var isTooClose: Bool {
      distance < Theme.leastDistance || (models ?? .infinity) < Theme.leastModelDistance
    }

    public var description: String {
      let pair = "series \(first) and \(second) are \(distance.fixed(1)) apart"
      let roles = models.map { ", student and teacher \($0.fixed(1))" } ?? ""
      return "\(pair)\(roles) in \(tier.rawValue) colours, \(vision.rawValue) vision; "
        + "expected \(Theme.leastDistance.fixed(0)) and \(Theme.leastModelDistance.fixed(0))"
    }
  }

  /// Of any two curves, and of student and teacher, which often overlap.
  public static let leastDistance = 10.0, leastModelDistance = 20.0

  /// For every vision, in direct and 256 colours; empty if the colours are the terminal's defaults.
  public func seriesDistances() -> [Likeness] {
    [ColorTier.direct, .indexed].flatMap { tier in
      ColorVision.allCases.compactMap { likeness($0, tier) }
    }
  }

  private func likeness(_ vision: ColorVision, _ tier: ColorTier) -> Likeness? {
    let seen = series.order.map { $0.fixedRGB(tier).map(vision.sees) }
    let known = seen.indices.filter { seen[$0] != nil }
    var best: (distance: Double, first: Int, second: Int)?
    for (n, i) in known.enumerated() {
      for j in known.dropFirst(n + 1) {
        guard let distance = Self.distance(seen[i], seen[j]) else { continue }
        if distance < best?.distance ?? .infinity { best = (distance, i, j) }
      }
    }
    guard let best else { return nil }
    func look(_ index: Int) -> RGB? { seen.isEmpty ? nil : seen[index % seen.count] }
    return Likeness(
      vision: vision, tier: tier, first: best.first, second: best.second, distance: best.distance,
      models: Self.distance(look(series.student), look(series.teacher)))
  }

  private static func distance(_ a: RGB?, _ b: RGB?) -> Double? {
    guard let a, let b else { return nil }
    return a.distance(to: b)
  }
}

/// Whether a ramp can be read without hues: its lightness only rises or only falls.
extension Theme {
  /// A ramp whose lightness turns, for one kind of colour vision.
  public struct Turn: Sendable, Hashable, CustomStringConvertible {
    public let ramp: ColorRamp
    public let vision: ColorVision
    public let tier: ColorTier
    /// How far L* of CIELAB goes back, 0…100.
    public let depth: Double

    public var description: String {
      "ramp \(ramp) turns back by \(depth.fixed(1)) in lightness in \(tier.rawValue) colours, "
        + "\(vision.rawValue) vision; expected at most \(Theme.mostTurn.fixed(0))"
    }
  }

  /// Steps between the entries of 256 colours are coarse, and differences of 3 do not stand out.
  public static let mostTurn = 3.0

  /// Of the ramps that a theme's file defines for order. `cost` is read by its hues and by the
  /// number beside it, and `diverging` turns by design.
  public func turningRamps() -> [Turn] {
    let written = [
      (ColorRamp.value, map.value), (.positive, map.positive), (.negative, map.negative),
    ]
    let checked = [.sequential] + written.filter { $0.1 != nil }.map(\.0)
    return [ColorTier.direct, .indexed].flatMap { tier in
      ColorVision.allCases.flatMap { vision in checked.compactMap { turn($0, vision, tier) } }
    }
  }

  private func turn(_ ramp: ColorRamp, _ vision: ColorVision, _ tier: ColorTier) -> Turn? {
    let lightness = colors(of: ramp, tier).compactMap(\.self).map { color in
      let rgb =
        tier == .direct
        ? RGB(UInt8(color >> 16 & 255), UInt8(color >> 8 & 255), UInt8(color & 255))
        : XtermPalette.color(UInt8(color))
      return vision.sees(rgb).lab.x
    }
    guard let first = lightness.first, let last = lightness.last else { return nil }
    let sign = last < first ? -1.0 : 1
    var highest = -Double.infinity, depth = 0.0
    for value in lightness {
      highest = max(highest, sign * value)
      depth = max(depth, highest - sign * value)
    }
    return depth > Theme.mostTurn ? Turn(ramp: ramp, vision: vision, tier: tier, depth: depth) : nil
  }
}
