/// One thing a person did at the terminal.
public enum Key: Sendable, Hashable {
  case character(Character)
  case ctrl(Character)
  /// Never guessed from Escape and a character, which fast typing looks like as well.
  case alt(Character)
  case enter, escape, tab, backTab, backspace, delete, insert
  case up, down, left, right, pageUp, pageDown, home, end
  /// F1 is `f(1)`.
  case f(Int)
  case mouse(Mouse)
  /// The screen has another size: not typed, but handled where keys are.
  case resize
}

/// A mouse event in cells, origin at the upper left.
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
