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

  /// The actions that hold all words, those of the screen shown first.
  func entries(of bench: Workbench) -> [Entry] {
    let wanted = words.lowercased().split(separator: " ")
    let all = bench.screens.actions.map { action -> Entry in
      let first = bench.screens.ids.first { action.screens.contains($0) } ?? bench.screen
      let place = action.screens.contains(bench.screen) ? bench.screen : first
      let name = place == bench.screen ? "" : "\(place.title): "
      let key = bench.keymap.keys(of: action, on: place).first?.label ?? ""
      return Entry(
        id: action.id, screen: place, text: "\(name)\(action.title) - \(action.help)", key: key)
    }
    let found = all.filter { entry in
      let text = "\(entry.text) \(entry.id.rawValue)".lowercased()
      return wanted.allSatisfy { text.contains($0) }
    }
    return found.filter { $0.screen == bench.screen } + found.filter { $0.screen != bench.screen }
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
    let entries = palette.entries(of: bench)
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
