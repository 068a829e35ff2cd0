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
