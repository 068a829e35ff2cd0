/// A key press, mouse event or resize.
public enum Key: Sendable, Hashable {
  case character(Character)
  case ctrl(Character)
  /// Never inferred from Escape and a character, since fast typing looks the same.
  case alt(Character)
  case enter, escape, tab, backTab, backspace, delete, insert
  case up, down, left, right, pageUp, pageDown, home, end
  /// F1 is `f(1)`.
  case f(Int)
  case mouse(Mouse)
  /// The size of the screen has changed. It is handled together with keys.
  case resize
}

/// A mouse event; the origin is the upper-left cell.
public struct Mouse: Sendable, Hashable {
  public enum Button: Sendable, Hashable { case left, middle, right, wheelUp, wheelDown }
  public enum Action: Sendable, Hashable { case press, release }

  public var x, y: Int
  public var button: Button
  public var action: Action

  public init(x: Int, y: Int, button: Button, action: Action = .press) {
    self.x = x
    self.y = y
    self.button = button
    self.action = action
  }
}

/// Keys by name, as hints, help, key scripts and a person's `keys:` have them.
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

  private static let named: [Key] = [
    .character(" "), .enter, .escape, .tab, .backTab, .backspace, .delete, .insert, .up, .down,
    .left, .right, .pageUp, .pageDown, .home, .end,
  ]

  /// The key that `label` prints so.
  public init?(label: String) {
    if let key = Self.named.first(where: { $0.label == label }) {
      self = key
    } else if label.count == 1, let character = label.first {
      self = .character(character)
    } else if label.hasPrefix("C-"), label.count == 3, let character = label.last {
      self = .ctrl(character)
    } else if label.hasPrefix("F"), let number = Int(label.dropFirst()), (1...12).contains(number) {
      self = .f(number)
    } else {
      return nil
    }
  }
}
