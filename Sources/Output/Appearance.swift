/// Which theme and glyphs are in use, and what comes next when a key cycles them.
import Canvas
import Formats

package struct Appearance {
  /// With the themes in `$XDG_CONFIG_HOME/scant/themes`.
  package static let library = ThemeLibrary.standard(
    own: UserFolders().configuration.appendingPathComponent("themes"))

  package private(set) var theme: Theme { didSet { palette = nil } }
  /// The problem of the remembered theme.
  package private(set) var problem: String?
  /// Of the theme: thousands of colour distances, not to be worked out for each picture.
  private var palette: Palette?
  package private(set) var name: String
  /// nil: what the terminal allows.
  package private(set) var tier: GlyphTier?
  /// Nobody has chosen a theme, so that it follows the terminal.
  package let isAutomatic: Bool

  /// `theme`: a name or a file; without, what is remembered; without either, the default theme
  /// until `adapt` is called. Throws if there is no theme of the name that was asked for.
  package init(theme: String?, remembered: String? = nil) throws {
    name = theme ?? remembered ?? "default"
    isAutomatic = theme == nil && remembered == nil
    do {
      self.theme = try Self.library.load(name).theme
    } catch let problem as ThemeProblem {
      // A program away from its folder has the theme inside it, unless another was asked for.
      guard theme == nil, let builtIn = ThemeLibrary.builtIn else { throw problem }
      (self.theme, name) = (builtIn, "default")
      if remembered != nil { self.problem = "\(problem)" }
    }
  }

  /// Takes `light` on a light terminal and `dark` on any other, since both bring their own page;
  /// with 16 colours or less the page is the terminal's, so the default theme stays.
  package mutating func adapt(to background: Theme.Meta.Background?, _ color: ColorTier) {
    guard isAutomatic, color == .indexed || color == .direct else { return }
    let name = background == .light ? "light" : "dark"
    // A program away from its folder has the default theme alone.
    guard let loaded = try? Self.library.load(name) else { return }
    (theme, self.name) = (loaded.theme, name)
  }

  /// The glyphs for a terminal that can show `best` at most.
  package func glyphs(best: GlyphTier, color: ColorTier) -> GlyphSet {
    theme.glyphSet(tier: tier ?? best, color: color)
  }

  package mutating func palette(_ color: ColorTier) -> Palette {
    if let palette, palette.tier == color { return palette }
    let made = Palette(theme, color)
    palette = made
    return made
  }

  /// Takes the next theme that can be read; returns its name.
  package mutating func cycleTheme() -> String {
    let names = Self.library.names
    let start = names.firstIndex(of: name) ?? 0
    for offset in 1...max(1, names.count) {
      let next = names[(start + offset) % names.count]
      guard let loaded = try? Self.library.load(next) else { continue }
      (theme, name) = (loaded.theme, next)
      break
    }
    return name
  }

  /// Takes the next tier, of those the terminal can show; returns its name.
  package mutating func cycleGlyphs(best: GlyphTier) -> String {
    let possible = GlyphTier.allCases.drop { $0 != best }
    let now = possible.firstIndex(of: tier ?? best) ?? possible.startIndex
    let next = possible.index(after: now)
    tier = next < possible.endIndex ? possible[next] : best
    return (tier ?? best).rawValue
  }
}
