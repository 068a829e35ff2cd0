import Canvas

/// The palette: every action by name, also those of other screens; what is typed, the actions that
/// match, their keys.
struct CommandPalette: Overlay {
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

  func answer(_ key: Key, _ bench: inout Workbench) -> [Effect] {
    var palette = self
    let found = entries(of: bench)
    switch key {
    case .escape:
      bench.overlay = nil
      return []
    case .enter:
      bench.overlay = nil
      guard let entry = found[at: cursor] else { return [] }
      let shown = entry.screen == bench.screen ? [] : bench.perform(entry.screen.action)
      return shown + bench.perform(entry.id)
    case .down, .tab, .ctrl("n"): palette.cursor = min(found.count - 1, cursor + 1)
    case .up, .backTab: palette.cursor -= 1
    default:
      palette.words = LineEditing.apply(key, to: words)
      palette.cursor = 0
    }
    palette.cursor = max(0, palette.cursor)
    bench.overlay = palette
    return []
  }

  func box(_ bench: Workbench, over place: Rect) -> Box? {
    let width = min(place.width - 4, 100)
    guard width > 20, place.height > 5 else { return nil }
    let entries = entries(of: bench)
    let room = min(place.height - 4, 14)
    let window = ListWindow(cursor: cursor, count: entries.count, rows: room)
    var lines = [StyledText("> \(words)_", .title)]
    lines += window.range.map { line(entries[$0], isHere: $0 == cursor, width - 2, bench.glyphs) }
    if entries.isEmpty {
      lines.append(StyledText("no matching action", .muted))
    }
    while lines.count <= room { lines.append(StyledText("")) }
    return Box(
      title: "palette", note: "enter does it, esc closes",
      lines: lines.map { StyledText($0.text.padded(to: width - 4), ink: $0.ink) },
      selection: window.selection.map { $0 + 1 })
  }

  private func line(
    _ entry: Entry, isHere: Bool, _ width: Int, _ glyphs: GlyphSet
  ) -> StyledText {
    let key = entry.key.padded(to: 7, .right)
    let text = entry.text.padded(to: width - 12)
    return StyledText("\(isHere ? glyphs.rowMark : " ") \(text) \(key)")
  }
}
