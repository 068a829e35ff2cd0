import CNcurses
import Canvas
import Glibc

/// The glyphs and colours for a terminal, from flags, theme, environment and terminfo, in a fixed
/// order.
public enum Tiers {
  /// Whether the terminal can show a full screen. If not, the program runs without one.
  public static func isScreen(
    environment: [String: String], inputIsTTY: Bool, outputIsTTY: Bool
  ) -> Bool {
    let term = environment["TERM"] ?? ""
    return inputIsTTY && outputIsTTY && !term.isEmpty && term != "dumb"
  }

  /// The order is: flag, theme, NO_COLOR, FORCE_COLOR and CLICOLOR_FORCE, CLICOLOR=0, then direct
  /// colour if COLORTERM is truecolor or 24bit, then the number of colours in terminfo: none below
  /// 8, sixteen below 256, 256 up to 65536, otherwise direct.
  public static func color(
    flag: ColorTier?, theme: ColorTier? = nil, environment: [String: String], terminfoColors: Int
  ) -> ColorTier {
    if let asked = flag ?? theme { return asked }
    func isSet(_ name: String) -> Bool { environment[name].map { !$0.isEmpty } ?? false }
    let isForced = isSet("FORCE_COLOR") || isSet("CLICOLOR_FORCE")
    if isSet("NO_COLOR") || environment["CLICOLOR"] == "0" && !isForced { return .mono }
    let claimsDirect = ["truecolor", "24bit"].contains(environment["COLORTERM"] ?? "")
    let found: ColorTier =
      switch terminfoColors {
      case ..<8: .mono
      case ..<256: .sixteen
      case ...65536: claimsDirect ? .direct : .indexed
      default: .direct
      }
    return isForced && found == .mono ? .sixteen : found
  }

  /// The order is: flag, ASCII on unreliable terminals (the Linux console, old terminals, a locale
  /// without UTF-8), theme, then Unicode.
  public static func glyphs(
    flag: GlyphTier?, theme: GlyphTier? = nil, environment: [String: String], isUTF8: Bool
  ) -> GlyphTier {
    if let flag { return flag }
    let term = environment["TERM"] ?? ""
    if !isUTF8 || term == "linux" || term == "dumb" || term.hasPrefix("vt") { return .ascii }
    return theme ?? .unicode
  }

  /// The terminfo entries to try, in order, and their number of colours.
  package static func entries(term: String, color: ColorTier) -> [String] {
    guard color == .direct else { return [term] }
    if term.hasSuffix("-direct") { return [term] }
    let base = term.hasSuffix("-256color") ? String(term.dropLast(9)) : term
    return ["\(base)-direct", "xterm-direct", term]
  }
}

/// The character encoding of the terminal.
public enum CharacterSet {
  /// Uses the locale of the environment, or C.UTF-8 if that is not UTF-8. False if neither is. Only
  /// characters are localised: numbers keep their decimal point.
  public static func prepare() -> Bool {
    setlocale(LC_CTYPE, "")
    if isUTF8 { return true }
    setlocale(LC_CTYPE, "C.UTF-8")
    return isUTF8
  }

  private static var isUTF8: Bool { scant_codeset().map { String(cString: $0) } == "UTF-8" }
}

/// Returns freed memory to the system. The C library keeps it for reuse, but after a large task,
/// such as reading a long log, it may never be reused.
public enum FreedMemory {
  /// Takes a few milliseconds.
  public static func giveBack() { scant_give_back_memory() }
}
