import Canvas

/// From keys to actions, per screen.
public struct Keymap: Sendable {
  private var table: [Screen: [Key: Action.ID]] = [:]
  /// Keys that two actions want on one screen, in words; empty for a sound table.
  public private(set) var conflicts: [String] = []

  public init(_ actions: [Action] = Action.all) {
    for action in actions {
      for binding in action.bindings {
        for screen in binding.screens.sorted(by: { $0.rawValue < $1.rawValue }) {
          for key in binding.keys { bind(key, to: action.id, on: screen) }
        }
      }
    }
  }

  public static let standard = Keymap()

  public func action(for key: Key, on screen: Screen) -> Action.ID? { table[screen]?[key] }

  private mutating func bind(_ key: Key, to id: Action.ID, on screen: Screen) {
    if let taken = table[screen]?[key] {
      conflicts.append("\(key.label) on \(screen.title): \(taken.rawValue) and \(id.rawValue)")
    } else {
      table[screen, default: [:]][key] = id
    }
  }
}

extension Key {
  /// How the key is printed in hints and help.
  public var label: String {
    switch self {
    case .character(" "): "space"
    case .character(let character): String(character)
    case .ctrl(let character): "C-\(character)"
    case .alt(let character): "M-\(character)"
    case .enter: "enter"
    case .escape: "esc"
    case .tab: "tab"
    case .backTab: "S-tab"
    case .backspace: "backspace"
    case .delete: "del"
    case .insert: "ins"
    case .up: "up"
    case .down: "down"
    case .left: "left"
    case .right: "right"
    case .pageUp: "PgUp"
    case .pageDown: "PgDn"
    case .home: "home"
    case .end: "end"
    case .f(let number): "F\(number)"
    case .mouse: "mouse"
    case .resize: "resize"
    }
  }
}
