import Canvas
import Lab

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
          taken[key].map { "given on line \($0.line) already; expected one line a key" }
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
    else { return "nothing would be left to quit with; expected another key for leave before" }
    self = changed
    return nil
  }

  /// Actions that have lost their last key on a screen to another one, and to which line. What
  /// was given up for `none` is no loss.
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
          "takes the last key of \(action.id.rawValue) on \(screen.title); "
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
    let names = ID.allCases.map(\.rawValue)
    let found = start.isEmpty ? [] : names.filter { $0.lowercased().hasPrefix(start) }
    return Array((found.isEmpty ? ["pause", "theme", "showTrain"] : found).prefix(4))
  }
}
