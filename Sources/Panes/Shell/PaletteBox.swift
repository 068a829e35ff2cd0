import Canvas

/// The palette: every action by name, also those of other screens.
struct PaletteState: Sendable, Equatable {
  var words = ""
  var cursor = 0

  /// An action and the screen it is done on.
  struct Entry: Sendable, Equatable {
    var id: Action.ID
    var screen: Screen
    var text: String
    /// The key to remember.
    var key: String
  }
}

extension Workbench {
  /// The actions that hold all words, those of this screen first.
  func entries(_ palette: PaletteState) -> [PaletteState.Entry] {
    let words = palette.words.lowercased().split(separator: " ")
    let all = screens.actions.map { action -> PaletteState.Entry in
      let first = screens.ids.first { action.screens.contains($0) } ?? screen
      let place = action.screens.contains(screen) ? screen : first
      let name = place == screen ? "" : "\(place.title): "
      let key = keymap.keys(of: action, on: place).first?.label ?? ""
      return PaletteState.Entry(
        id: action.id, screen: place, text: "\(name)\(action.title) - \(action.help)", key: key)
    }
    let found = all.filter { entry in
      let text = "\(entry.text) \(entry.id.rawValue)".lowercased()
      return words.allSatisfy { text.contains($0) }
    }
    return found.filter { $0.screen == screen } + found.filter { $0.screen != screen }
  }

  mutating func perform(_ entry: PaletteState.Entry) -> [Effect] {
    let moved = entry.screen == screen ? [] : perform(entry.screen.action)
    return moved + perform(entry.id)
  }
}

/// The palette over the screen: what is typed, the actions that match, their keys.
struct PaletteBox {
  let bench: Workbench
  let palette: PaletteState
  let glyphs: GlyphSet

  func draw(over place: Rect, on grid: inout Grid) {
    let width = min(place.width - 4, 100)
    guard width > 20, place.height > 5 else { return }
    let entries = bench.entries(palette)
    let room = min(place.height - 4, 14)
    let window = ListWindow(cursor: palette.cursor, count: entries.count, rows: room)
    var lines = [StyledText("> \(palette.words)_", ink: .role(.title))]
    lines += window.range.map { line(entries[$0], isHere: $0 == palette.cursor, width - 2) }
    if entries.isEmpty {
      lines.append(StyledText("no action holds these words", ink: .role(.muted)))
    }
    while lines.count <= room { lines.append(StyledText("")) }
    let selection = window.selection.map { $0 + 1 }
    Box(
      title: "palette", note: "enter does it, esc closes",
      lines: lines.map { StyledText($0.text.padded(to: width - 4), ink: $0.ink) },
      selection: selection, glyphs: glyphs
    ).draw(over: place, on: &grid)
  }

  private func line(_ entry: PaletteState.Entry, isHere: Bool, _ width: Int) -> StyledText {
    let key = entry.key.padded(to: 7, .right)
    let text = entry.text.padded(to: width - 12, ellipsis: glyphs.ellipsis)
    return StyledText("\(isHere ? glyphs.pointer : " ") \(text) \(key)")
  }
}
