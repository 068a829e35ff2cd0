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
