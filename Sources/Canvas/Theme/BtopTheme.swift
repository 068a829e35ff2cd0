import Foundation

/// A btop theme: lines `theme[key]="value"` with colours as `#RRGGBB`, `#BW` or `R G B`. The format
/// has one colour depth and no curve colours; these come from `default`.
public struct BtopTheme: Sendable {
  /// By key; nil for the terminal's default colour.
  let colors: [String: RGB?]
  /// The lines that are not settings, and the values that are not colours.
  public let problems: [ThemeProblem]

  /// The maximum size of a theme file.
  static let largestSize = 256 << 10

  /// Throws a `ThemeProblem` if the text has no setting.
  public init(_ text: String, file: String) throws {
    var (colors, problems) = ([String: RGB?](), [ThemeProblem]())
    let known = text.utf8.count <= Self.largestSize ? text : ""
    let lines = known.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (number, line) in lines.enumerated() {
      let line = line.trimmingCharacters(in: .whitespaces)
      if line.isEmpty || line.hasPrefix("#") { continue }
      switch Self.read(line) {
      case .success(let (key, color)): colors[key] = .some(color)
      case .failure(let wrong):
        problems.append(ThemeProblem(file, line: number + 1, wrong.message))
      }
    }
    guard !colors.isEmpty else {
      throw ThemeProblem(file, "no theme of btop; expected lines as theme[main_fg]=\"#cccccc\"")
    }
    (self.colors, self.problems) = (colors, problems)
  }

  private static func read(_ line: String) -> Result<(String, RGB?), ThemeProblem> {
    guard let (key, value) = setting(line) else {
      return .failure(ThemeProblem("", "no setting; expected theme[key]=\"value\""))
    }
    guard let color = color(value) else {
      return .failure(
        ThemeProblem("", "\(key) is not a colour; expected \"#RRGGBB\", \"#BW\" or \"R G B\""))
    }
    return .success((key, color))
  }

  private static func setting(_ line: String) -> (key: String, value: String)? {
    guard let match = line.wholeMatch(of: /theme\[([A-Za-z0-9_]+)\]\s*=\s*(.*)/) else { return nil }
    var value = String(match.2)
    for quote in ["\"", "'"] where value.hasPrefix(quote) {
      guard let end = value.dropFirst().range(of: quote) else { return nil }
      return (String(match.1), String(value[value.index(after: value.startIndex)..<end.lowerBound]))
    }
    if let comment = value.range(of: " #") { value = String(value[..<comment.lowerBound]) }
    return (String(match.1), value.trimmingCharacters(in: .whitespaces))
  }

  /// Empty for the terminal's default; nil for an invalid colour.
  private static func color(_ text: String) -> RGB?? {
    if text.isEmpty { return .some(nil) }
    if let rgb = RGB(hex: text) { return .some(rgb) }
    let parts = text.split(separator: " ").compactMap { UInt8($0) }
    guard parts.count == 3, text.split(separator: " ").count == 3 else { return nil }
    return .some(RGB(parts[0], parts[1], parts[2]))
  }

  // MARK: as a theme of ours

  /// YAML for a theme file. `name` is the displayed name.
  public func yaml(name: String) -> String {
    let shown = name.filter { $0.isLetter || $0.isNumber || " ._-".contains($0) }
    var lines = ["meta:", "  name: \"\(shown)\""]
    if let back = colors["main_bg"] ?? nil {
      lines.append("  background: \(back.luminance < 0.18 ? "dark" : "light")")
    }
    lines += ["  based_on: default", "ui:"]
    let pairs = [
      ("fg", "main_fg"), ("bg", "main_bg"), ("title", "title"), ("border", "div_line"),
      ("border_focus", "hi_fg"), ("muted", "inactive_fg"),
    ]
    for (ours, theirs) in pairs {
      guard let color = colors[theirs] else { continue }
      lines.append("  \(ours): \(Self.scalar(color, bold: ours == "title"))")
    }
    if let paper = selection { lines.append("  selection: \(Self.scalar(paper))") }
    return (lines + gradient).joined(separator: "\n") + "\n"
  }

  /// Text keeps its colour on a selection, so a selection background with too little contrast is
  /// dropped.
  private var selection: RGB? {
    guard let paper = colors["selected_bg"] ?? nil, let ink = colors["main_fg"] ?? nil else {
      return nil
    }
    return ink.contrast(with: paper) >= 4.5 ? paper : nil
  }

  /// The gradient of the CPU load; an empty middle or end repeats the previous colour.
  private var gradient: [String] {
    let stops = ["cpu_start", "cpu_mid", "cpu_end"].compactMap { colors[$0] ?? nil }
    guard !stops.isEmpty else { return [] }
    let list = stops.map { Self.scalar($0) }.joined(separator: ", ")
    return ["map:", "  sequential:", "    stops: [\(list)]"]
  }

  private static func scalar(_ color: RGB?, bold: Bool = false) -> String {
    let text = color?.hex ?? "default"
    return bold ? "\"\(text) bold\"" : "\"\(text)\""
  }
}

extension RGB {
  /// "#rrggbb".
  var hex: String {
    let digits = String(packed, radix: 16)
    return "#" + String(repeating: "0", count: 6 - digits.count) + digits
  }
}
