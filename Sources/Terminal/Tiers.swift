import Canvas

/// What a terminal can show, chosen from flags, theme, environment and terminfo in a fixed order.
public enum Tiers {
  /// Whether a full screen can be drawn at all; if not, the program runs without one.
  public static func isScreen(
    environment: [String: String], inputIsTTY: Bool, outputIsTTY: Bool
  ) -> Bool {
    let term = environment["TERM"] ?? ""
    return inputIsTTY && outputIsTTY && !term.isEmpty && term != "dumb"
  }

  /// Flag, then theme, then NO_COLOR, then FORCE_COLOR and CLICOLOR_FORCE, then the number of
  /// colours in terminfo: below 8 none, below 256 sixteen, else 256. Direct colour is only ever
  /// asked for.
  public static func color(
    flag: ColorTier?, theme: ColorTier? = nil, environment: [String: String], terminfoColors: Int
  ) -> ColorTier {
    if let asked = flag ?? theme { return asked }
    func isSet(_ name: String) -> Bool { environment[name].map { !$0.isEmpty } ?? false }
    if isSet("NO_COLOR") { return .mono }
    let found: ColorTier =
      terminfoColors < 8 ? .mono : terminfoColors < 256 ? .sixteen : .indexed
    let isForced = isSet("FORCE_COLOR") || isSet("CLICOLOR_FORCE")
    return isForced && found == .mono ? .sixteen : found
  }

  /// Flag, then ASCII where nothing else can be trusted (the Linux console, old terminals, a
  /// locale without UTF-8), then theme, then everything.
  public static func glyphs(
    flag: GlyphTier?, theme: GlyphTier? = nil, environment: [String: String], isUTF8: Bool
  ) -> GlyphTier {
    if let flag { return flag }
    let term = environment["TERM"] ?? ""
    if !isUTF8 || term == "linux" || term == "dumb" || term.hasPrefix("vt") { return .ascii }
    return theme ?? .unicode
  }

  /// The terminfo entries to try, in turn, and the colours they stand for.
  package static func entries(term: String, color: ColorTier) -> [String] {
    guard color == .direct else { return [term] }
    if term.hasSuffix("-direct") { return [term] }
    let base = term.hasSuffix("-256color") ? String(term.dropLast(9)) : term
    return ["\(base)-direct", "xterm-direct", term]
  }
}
