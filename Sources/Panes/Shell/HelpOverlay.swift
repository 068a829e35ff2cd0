import Canvas

/// The keys of this screen, the keys of every screen, and what the glyphs mean: all of it read
/// from the action table.
struct HelpOverlay: Overlay {
  /// The first line shown.
  var first = 0
  /// Lines without these words are left out.
  var words = ""
  /// Whether keys are letters of the words.
  var isTyping = false

  func answer(_ key: Key, _ bench: inout Workbench) -> [Effect] {
    var help = self
    if isTyping {
      switch key {
      case .enter: help.isTyping = false
      case .escape: help = HelpOverlay()
      default: help.words = LineEditing.apply(key, to: words)
      }
      help.first = 0
    } else if key == .character("/") {
      help.isTyping = true
    } else if let step = key.scrolledLines {
      let last = lines(bench).count - max(1, bench.size.height - 3)
      help.first = min(max(0, last), max(0, first + step))
    } else {
      bench.overlay = nil
      return []
    }
    bench.overlay = help
    return []
  }

  func box(_ bench: Workbench, over place: Rect) -> Box? {
    let all = lines(bench)
    let room = max(1, place.height - 2)
    let start = min(first, max(0, all.count - room))
    let shown = all.padded(to: 40).dropFirst(start).prefix(room)
    let more = all.count > room ? "j k scroll · / search · esc closes" : "/ search · esc closes"
    let search = isTyping || !words.isEmpty ? "  /\(words)\(isTyping ? "_" : "")" : ""
    return Box(title: "help · \(bench.screen.title)\(search)", note: more, lines: Array(shown))
  }

  private func lines(_ bench: Workbench) -> [StyledText] {
    let all = all(bench)
    let words = words.lowercased().split(separator: " ")
    guard !words.isEmpty else { return all }
    let found = all.filter { line in
      words.allSatisfy { line.text.lowercased().contains($0) }
    }
    return found.isEmpty ? [StyledText(" no match", .muted)] : found
  }

  private func all(_ bench: Workbench) -> [StyledText] {
    let here = bench.screens.actions.filter { $0.screens.contains(bench.screen) }
    func isEverywhere(_ action: Action) -> Bool {
      action.screens.isSuperset(of: bench.screens.ids)
    }
    func line(_ action: Action) -> StyledText {
      let keys = bench.keymap.keys(of: action, on: bench.screen).map(\.label)
        .joined(separator: " ")
      return StyledText(" \(keys.padded(to: 13)) \(action.help)")
    }
    return [StyledText("on this screen", .title)]
      + here.filter { !isEverywhere($0) }.map(line)
      + [StyledText("", ink: .plain), StyledText("everywhere", .title)]
      + here.filter(isEverywhere).map(line)
      + [StyledText("", ink: .plain), StyledText("legend", .title)] + legend(bench.glyphs)
  }

  private func legend(_ glyphs: GlyphSet) -> [StyledText] {
    let labels = LabelMark.allCases.map { "\(glyphs.label($0)) \($0)" }.joined(separator: "  ")
    let status = Status.allCases.map { "\($0.glyph(glyphs)) \($0.word)" }
    return [
      StyledText(" labels  \(labels)"),
      StyledText(" states  \(status.prefix(8).joined(separator: "  "))"),
      StyledText("         \(status.dropFirst(8).joined(separator: "  "))"),
      StyledText(" glyphs  \(glyphs.pick("⣀⡠⠔⠊ ░▒▓█ ▀▄ ─│┌┘ ═║╔╝", ". ' : - = # % @ + |"))"),
      StyledText(" digits before . > or P are a count: 5. trains five batches and pauses"),
    ]
  }
}
