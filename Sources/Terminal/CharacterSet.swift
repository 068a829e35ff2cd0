import CNcurses
import Glibc

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
