import Canvas

/// From keys to actions, per screen.
public struct Keymap: Sendable {
  private var table: [Screen: [Key: Action.ID]] = [:]
  /// Keys that a person chose, by action; printed before the standard ones.
  private var chosen: [Action.ID: [Key]] = [:]
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

  /// The keys that mean an action on a screen, the one to print first.
  public func keys(of action: Action, on screen: Screen) -> [Key] {
    let all = (chosen[action.id] ?? []) + action.keys(on: screen)
    return all.reduce(into: []) { keys, key in
      if table[screen]?[key] == action.id, !keys.contains(key) { keys.append(key) }
    }
  }

  private mutating func bind(_ key: Key, to id: Action.ID, on screen: Screen) {
    if let taken = table[screen]?[key] {
      conflicts.append("\(key.label) on \(screen.title): \(taken.rawValue) and \(id.rawValue)")
    } else {
      table[screen, default: [:]][key] = id
    }
  }

  /// A person's choice: the key means `action`, where that means something, and nothing else
  /// there; without an action it means nothing anywhere.
  mutating func choose(_ key: Key, _ action: Action?) {
    for screen in action?.screens ?? Set(Screen.allCases) { table[screen]?[key] = action?.id }
    if let action { chosen[action.id, default: []].append(key) }
  }
}
