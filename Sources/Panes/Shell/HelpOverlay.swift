import Canvas

/// The keys of this screen, the keys of every screen, and what the glyphs mean: all of it read
/// from the action table.
struct HelpOverlay {
  let bench: Workbench
  let glyphs: GlyphSet
  let help: HelpState

  /// The highest first line that still fills the box on a screen of this height.
  func lastFirst(height: Int) -> Int { max(0, lines.count - max(1, height - 3)) }

  func draw(over place: Rect, on grid: inout Grid) {
    let all = lines
    let room = max(1, place.height - 2)
    let start = min(help.first, max(0, all.count - room))
    let shown = Array(all.dropFirst(start).prefix(room))
    let more = all.count > room ? "j k scroll · / search · esc closes" : "/ search · esc closes"
    let typed = help.isTyping || !help.words.isEmpty
    let search = typed ? "  /\(help.words)\(help.isTyping ? "_" : "")" : ""
    Box(
      title: "help · \(bench.screen.title)\(search)", note: more, lines: pad(shown, all),
      glyphs: glyphs
    ).draw(over: place, on: &grid)
  }

  /// All lines as wide as the widest, so that scrolling does not change the box.
  private func pad(_ shown: [StyledText], _ all: [StyledText]) -> [StyledText] {
    let width = max(40, all.map(\.text.columns).max() ?? 0)
    return shown.map {
      StyledText($0.text.padded(to: width, ellipsis: glyphs.ellipsis), ink: $0.ink)
    }
  }

  private var lines: [StyledText] {
    let words = help.words.lowercased().split(separator: " ")
    guard !words.isEmpty else { return all }
    let found = all.filter { line in
      words.allSatisfy { line.text.lowercased().contains($0) }
    }
    return found.isEmpty ? [StyledText(" nothing holds these words", ink: .role(.muted))] : found
  }

  private var all: [StyledText] {
    let here = bench.screens.actions.filter { $0.screens.contains(bench.screen) }
    func isEverywhere(_ action: Action) -> Bool {
      action.screens.isSuperset(of: bench.screens.ids)
    }
    return [StyledText("on this screen", ink: .role(.title))]
      + here.filter { !isEverywhere($0) }.map(line)
      + [StyledText("", ink: .plain), StyledText("everywhere", ink: .role(.title))]
      + here.filter(isEverywhere).map(line)
      + [StyledText("", ink: .plain), StyledText("legend", ink: .role(.title))] + legend
  }

  private func line(_ action: Action) -> StyledText {
    let keys = bench.keymap.keys(of: action, on: bench.screen).map(\.label)
      .joined(separator: " ")
    return StyledText(" \(keys.padded(to: 13)) \(action.help)")
  }

  private var legend: [StyledText] {
    let labels = LabelMark.allCases.map { "\(glyphs.label($0)) \($0)" }.joined(separator: "  ")
    let status = Status.allCases.map { "\($0.glyph(glyphs)) \($0.word)" }
    return [
      StyledText(" labels  \(labels)"),
      StyledText(" states  \(status.prefix(6).joined(separator: "  "))"),
      StyledText("         \(status.dropFirst(6).joined(separator: "  "))"),
      StyledText(" glyphs  \(glyphs.pick("⣀⡠⠔⠊ ░▒▓█ ▀▄ ─│┌┘ ═║╔╝", ". ' : - = # % @ + |"))"),
      StyledText(" digits before . > or P are a count: 5. trains five batches and holds"),
    ]
  }
}

/// What the help overlay shows.
struct HelpState: Sendable, Equatable {
  /// The first line shown.
  var first = 0
  /// Lines without these words are left out.
  var words = ""
  /// Whether keys are letters of the words.
  var isTyping = false
}
