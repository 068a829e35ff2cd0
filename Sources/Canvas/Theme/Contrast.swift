/// The contrast check of a theme: 4.5 to 1 for text, 3 to 1 for marks (WCAG 2.2, 1.4.3 and 1.4.11).
extension Theme {
  /// A role with too little contrast on a background it may appear on.
  public struct Weak: Sendable, Hashable, CustomStringConvertible {
    public let role: Role
    public let tier: ColorTier
    public let ratio, needed: Double

    public var description: String {
      "\(role) has contrast \(ratio.fixed(2)) in \(tier.rawValue) colours; "
        + "expected \(needed.fixed(1))"
    }
  }

  /// All roles below their limit, for direct colour and 256 colours. Pane borders are decoration,
  /// and the selection is reversed or a background, so neither has a limit.
  public func weakContrasts() -> [Weak] {
    [ColorTier.direct, .indexed].flatMap { tier in
      Role.allCases.compactMap { weak($0, tier) }
    }
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
    case .text, .muted, .title, .good, .warn, .fault: 4.5
    case .border, .selection: nil
    default: 3
    }
  }
}
