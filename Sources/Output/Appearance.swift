/// Which theme and glyphs are in use, and what comes next when a key cycles them.
import Canvas
import Formats

package struct Appearance {
  /// With the themes in `$XDG_CONFIG_HOME/scant/themes`.
  package static let library = ThemeLibrary.standard(
    shipped: ProgramFiles.own?.themes,
    own: UserFolders().configuration.appendingPathComponent("themes"))

  package private(set) var theme: Theme { didSet { palette = nil } }
  /// Why the theme at the start is another one than wanted, or what is wrong in its file.
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
      let loaded = try Self.library.load(name)
      self.theme = loaded.theme
      problem = loaded.problems.first.map { "\($0)" }
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
    guard Self.library.names.contains(name) else { return }
    problem = show(name)
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

  /// Takes the theme of this name. Returns why that is not possible.
  package mutating func show(_ name: String) -> String? {
    do {
      theme = try Self.library.load(name).theme
      self.name = name
      return nil
    } catch { return "\(error)" }
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
