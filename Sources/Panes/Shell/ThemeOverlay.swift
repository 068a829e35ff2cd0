import Canvas

/// The themes that there are, and the one that is shown; the shell knows them.
public struct ThemeChoice: Sendable, Equatable {
  public var names: [String]
  public var current: String
  /// Why the theme that was asked for last cannot be shown; nil if it is.
  public var problem: String?

  public init(names: [String] = [], current: String = "default", problem: String? = nil) {
    (self.names, self.current, self.problem) = (names, current, problem)
  }
}

/// `T`: themes by name. The cursor shows the theme at once, `enter` keeps it, `esc` goes back.
struct ThemeOverlay: Overlay {
  /// The theme before.
  let before: String
  var cursor: Int

  static func open(_ bench: inout Workbench) -> [Effect] {
    let themes = bench.themes
    guard !themes.names.isEmpty else { return bench.said("no themes found; expected themes/") }
    bench.themes.problem = nil
    bench.overlay = ThemeOverlay(
      before: themes.current, cursor: themes.names.firstIndex(of: themes.current) ?? 0)
    return []
  }

  func answer(_ key: Key, _ bench: inout Workbench) -> [Effect] {
    let names = bench.themes.names
    switch key {
    case .down, .character("j"), .character("T"): return show(cursor + 1, &bench)
    case .up, .character("k"): return show(cursor - 1, &bench)
    case .character("g"), .home: return show(0, &bench)
    case .character("G"), .end: return show(names.count - 1, &bench)
    case .enter:
      guard bench.themes.problem == nil else { return [] }
      bench.overlay = nil
      return names[at: cursor].map { [.keepTheme($0)] } ?? []
    case .escape, .character("q"):
      bench.overlay = nil
      return bench.themes.current == before ? [] : [.showTheme(before)]
    default: return []
    }
  }

  func choose(_ line: Int, _ bench: inout Workbench) -> [Effect] {
    show(window(bench).range.lowerBound + line, &bench)
  }

  private func show(_ place: Int, _ bench: inout Workbench) -> [Effect] {
    var overlay = self
    overlay.cursor = min(max(0, place), max(0, bench.themes.names.count - 1))
    bench.overlay = overlay
    return bench.themes.names[at: overlay.cursor].map { [.showTheme($0)] } ?? []
  }

  private func window(_ bench: Workbench) -> ListWindow {
    ListWindow(
      cursor: cursor, count: bench.themes.names.count, rows: max(1, bench.size.height - 8))
  }

  func box(_ bench: Workbench, over place: Rect) -> Box? {
    let window = window(bench)
    let lines = window.range.map { line in
      let mark = line == cursor ? bench.glyphs.rowMark : " "
      let name = bench.themes.names[line]
      return StyledText("\(mark) \(name)\(name == before ? "  (before)" : "")")
    }
    let problem = bench.themes.problem.map {
      StyledText($0.visible, .fault).folded(to: min(60, place.width - 6))
    }
    var box = Box(
      title: "theme", note: "enter keeps, esc goes back",
      lines: lines.padded(to: 38) + (problem ?? []), selection: window.selection)
    box.fades = false
    return box
  }
}
