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

/// What the help overlay shows.
struct HelpState: Sendable, Equatable {
  /// The first line shown.
  var first = 0
  /// Lines without these words are left out.
  var words = ""
  /// Whether keys are letters of the words.
  var isTyping = false
}

extension Workbench {
  /// The actions that hold all words, those of this screen first.
  func entries(_ palette: PaletteState) -> [PaletteState.Entry] {
    let words = palette.words.lowercased().split(separator: " ")
    let all = Action.all.map { action -> PaletteState.Entry in
      let first = Screen.allCases.first { action.screens.contains($0) } ?? screen
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
