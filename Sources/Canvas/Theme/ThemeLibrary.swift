import Foundation
import PlainYAML
import Yams

/// Finds themes by name in a list of folders and resolves their base themes.
public struct ThemeLibrary: Sendable {
  public struct Loaded: Sendable {
    public let theme: Theme
    /// The problems of the files, in the order of reading. The theme is usable anyway.
    public let problems: [ThemeProblem]
  }

  /// Searched in order; the first folder with the file wins.
  public let folders: [URL]

  public init(folders: [URL]) { self.folders = folders }

  /// `./themes`, those that come with the program, and the user's own.
  public static func standard(shipped: URL?, own: URL) -> ThemeLibrary {
    let here = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
    let folders = [here.appendingPathComponent("themes"), shipped, own]
    return ThemeLibrary(folders: folders.compactMap(\.self))
  }

  /// The names of all themes found, sorted; `default` is always included.
  public var names: [String] {
    let files = folders.flatMap { folder in
      (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    }
    let themes = files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }
    return Set(themes + ["default"]).sorted()
  }

  /// The theme with this name, or in this file if `name` has a slash or ends in `.yaml`. Throws a
  /// `ThemeProblem` if there is no such file or it is not YAML.
  public func load(_ name: String) throws -> Loaded {
    var problems: [ThemeProblem] = []
    let tree = try tree(name, &problems, seen: [])
    let theme = try YAMLDecoder().decode(Theme.self, from: tree)
    return Loaded(theme: theme, problems: problems)
  }

  /// The built-in theme.
  public static let builtIn: Theme? = try? ThemeLibrary(folders: []).load("default").theme

  private func tree(
    _ name: String, _ problems: inout [ThemeProblem], seen: Set<String>
  ) throws -> Node {
    let (text, file) = try source(name)
    var reader = ThemeReader(file: file)
    let node = try reader.tree(text)
    problems += reader.problems
    let parent = node["meta"]?["based_on"]?.string ?? "default"
    if file == ThemeLibrary.builtInName { return node }
    if seen.contains(parent) || parent == name && name != "default" {
      problems.append(ThemeProblem(file, "based_on runs in a circle; expected an end at default"))
      return ThemeReader.merge(node, over: try defaultTree())
    }
    if name == "default" { return ThemeReader.merge(node, over: try defaultTree()) }
    let base = try tree(parent, &problems, seen: seen.union([name]))
    return ThemeReader.merge(node, over: base)
  }

  private func defaultTree() throws -> Node {
    var reader = ThemeReader(file: ThemeLibrary.builtInName)
    return try reader.tree(defaultThemeText)
  }

  private func source(_ name: String) throws -> (text: String, file: String) {
    if name.contains("/") || name.hasSuffix(".yaml") {
      return (try text(at: name), name)
    }
    for folder in folders {
      let file = folder.appendingPathComponent(name + ".yaml").path
      if FileManager.default.fileExists(atPath: file) { return (try text(at: file), file) }
    }
    guard name == "default" else {
      throw ThemeProblem(name, "no such theme; expected \(names.joined(separator: ", "))")
    }
    return (defaultThemeText, ThemeLibrary.builtInName)
  }

  private func text(at path: String) throws -> String {
    do { return try PlainYAML.text(at: path, expecting: "a theme file") } catch {
      throw ThemeProblem(path, error.message)
    }
  }

  static let builtInName = "built-in theme"
}

/// The theme that all others are based on, compiled into the program. A test compares it with
/// themes/default.yaml.
let defaultThemeText = """
  # The terminal's own colours, and marks that can be seen on black and on white.
  meta:
    name: Default
    background: any
  ui:
    fg: default
    bg: default
    title: "default bold"
    border: ["#767676", 243, default]
    border_focus: ["#af8700", 136, yellow, bold]
    selection: reverse
    muted: ["#767676", 243, default]
    good: ["#00875f", 29, green]
    warn: ["#af5f5f", 131, yellow, underline]
    fault: ["#af5f5f reverse", "131 reverse", "red reverse", reverse]
  series:
    order:
      - ["#005faf", 25, blue]
      - ["#875f00", 94, yellow]
      - ["#00875f", 29, green]
      - ["#ff5f00", 202, red]
      - ["#0087d7", 32, cyan]
      - ["#af5f87", 132, magenta]
    markers:
      ascii: ["o", "^", "#", "d", "O", "v"]
      unicode: ["●", "▲", "■", "◆", "○", "△"]
    student: 0
    teacher: 1
  map:
    sequential:
      stops: ["#00224e", "#575d6d", "#a59c74", "#fde737"]
      levels: 16
      zero: default
    diverging:
      stops: ["#0072b2", "#b0b0b0", "#e69f00"]
      levels: 16
  label:
    positive: ["P", "▓"]
    negative: ["n", "░"]
    missing: [".", "·"]
    masked: ["x", "x"]
    teacher: ["t", "◆"]
    human: ["h", "✓"]
  label_style:
    positive: ["#0072b2", 32, blue]
    negative: default
    missing: ["#767676", 243, default]
    masked: ["#d55e00", 166, red]
    human: ["#009e73", 29, green]
  glyphs:
    tier: auto
    border: single
  """
