/// The result of checking a theme.
public struct ThemeReport: Sendable {
  /// The lowest contrast of text and of marks.
  public struct Lowest: Sendable, Hashable {
    public let role: Role
    public let tier: ColorTier
    public let ratio: Double
  }

  public let name: String
  public let background: Theme.Meta.Background
  /// The problems of the file and of its base themes.
  public let problems: [ThemeProblem]
  public let weak: [Theme.Weak]
  public let lowestText, lowestMark: Lowest?
  public let series: [Theme.Likeness]

  public init(_ loaded: ThemeLibrary.Loaded) {
    let theme = loaded.theme
    name = theme.meta.name
    background = theme.meta.background
    problems = loaded.problems
    weak = theme.weakContrasts()
    lowestText = Self.lowest(theme, needing: 4.5)
    lowestMark = Self.lowest(theme, needing: 3)
    series = theme.seriesDistances()
  }

  /// The reasons why the theme fails, one line each.
  public var faults: [String] {
    problems.map(\.description) + weak.map(\.description)
      + series.filter(\.isTooClose).map(\.description)
  }

  private static func lowest(_ theme: Theme, needing ratio: Double) -> Lowest? {
    let roles = Role.allCases.filter { Theme.needed($0) == ratio }
    let all = [ColorTier.direct, .indexed].flatMap { tier in
      roles.compactMap { role in
        theme.contrast(of: role, tier).map { Lowest(role: role, tier: tier, ratio: $0) }
      }
    }
    return all.min { $0.ratio < $1.ratio }
  }
}
