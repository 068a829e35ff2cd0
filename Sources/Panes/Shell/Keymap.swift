import Canvas
import Lab

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
        for screen in binding.screens.sorted(by: { $0.name < $1.name }) {
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
    for screen in action?.screens ?? Set(table.keys) { table[screen]?[key] = action?.id }
    if let action { chosen[action.id, default: []].append(key) }
  }
}

/// Keys of a person's own: the lines of `keys:` in the configuration.
extension Keymap {
  /// The standard table with these lines worked in. A key means its new action wherever that
  /// action means something. Problems: unknown keys and actions, keys given twice, and actions
  /// that are left without a key. `file`: its name in messages.
  public static func remapped(
    _ bindings: [Preferences.Binding], file: String
  ) -> (keymap: Keymap, problems: [String]) {
    var keymap = Keymap.standard
    var problems: [String] = []
    var taken: [Key: Preferences.Binding] = [:]
    for binding in bindings {
      var problem: String?
      if let key = Key(label: binding.key) {
        problem =
          taken[key].map { "already set on line \($0.line); expected one line per key" }
          ?? keymap.take(key, binding.action)
        if problem == nil { taken[key] = binding }
      } else {
        problem = "no such key; expected a label such as Z, space, C-t or F5"
      }
      if let problem { problems.append(binding.says(problem, in: file)) }
    }
    return (keymap, problems + keymap.losses(taken, file))
  }

  /// Gives a key its new meaning; what keeps it from that, if anything.
  private mutating func take(_ key: Key, _ name: String) -> String? {
    let action = Action.ID(rawValue: name).flatMap(Action.named)
    guard action != nil || name == "none" else {
      return "no action '\(name)'; expected none or a name such as "
        + Action.nearest(to: name).joined(separator: ", ")
    }
    var changed = self
    changed.choose(key, action)
    guard let leave = Action.named(.leave),
      Screen.allCases.allSatisfy({ !changed.keys(of: leave, on: $0).isEmpty })
    else { return "leave would have no key; expected another key for leave first" }
    self = changed
    return nil
  }

  /// Actions that have lost their last key on a screen to another one, and to which line. What
  /// was given up for `none` does not count.
  private func losses(_ taken: [Key: Preferences.Binding], _ file: String) -> [String] {
    Action.all.flatMap { action in
      Screen.allCases.compactMap { screen -> (Preferences.Binding, Screen)? in
        guard action.screens.contains(screen), keys(of: action, on: screen).isEmpty else {
          return nil
        }
        let thieves = action.keys(on: screen).compactMap { taken[$0] }
        return thieves.first { $0.action != "none" }.map { ($0, screen) }
      }.prefix(1).map { thief, screen in
        thief.says(
          "removes the last key of \(action.id.rawValue) on \(screen.title); "
            + "expected another line for it", in: file)
      }
    }
  }
}

extension Preferences.Binding {
  fileprivate func says(_ message: String, in file: String) -> String {
    "\(file):\(line): keys.\(key): \(message)"
  }
}

extension Action {
  /// Names that begin like a word, or a few to show the form.
  fileprivate static func nearest(to word: String) -> [String] {
    let start = word.prefix(3).lowercased()
    let names = all.map(\.id.rawValue)
    let found = start.isEmpty ? [] : names.filter { $0.lowercased().hasPrefix(start) }
    return Array((found.isEmpty ? ["pause", "theme", "showTrain"] : found).prefix(4))
  }
}
