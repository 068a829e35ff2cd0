import Canvas

/// A screen of the workbench, by name. Its `ScreenModel` says what it shows and does.
public struct Screen: Sendable, Hashable, CaseIterable, CustomStringConvertible {
  /// In the header, at 100 columns and more.
  public let title: String
  /// In the header below 100 columns.
  public let shortTitle: String

  package init(_ title: String, short: String? = nil) {
    self.title = title
    shortTitle = short ?? title
  }

  /// The screen of this name in `ScreenCatalog.standard`.
  public init?(name: String) {
    guard let screen = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = screen
  }

  /// In files and options.
  public var name: String { title.lowercased() }
  public var description: String { name }

  /// The action that shows it.
  public var action: Action.ID { Action.ID("show\(title)") }

  public static var allCases: [Screen] { ScreenCatalog.standard.ids }
}

/// A region of a screen that can have the focus, by the name that stored layouts use.
public struct Pane: Sendable, Hashable {
  public let rawValue: String

  package init(_ name: String) { rawValue = name }
}

/// A region of a screen: its view, its cursor, and the reactions to enter and the mouse.
package struct PaneModel: Sendable {
  package let id: Pane
  /// How many lines the cursor walks over.
  let lines: @Sendable (Workbench) -> Int
  /// The pane whose cursor this one shares; itself without one.
  let cursor: Pane
  /// The pane whose cursor moves while this one has the focus.
  let moves: Pane
  /// The reaction to `enter`; nil to show the pane alone.
  let open: (@Sendable (inout Workbench) -> [Effect])?
  /// The reaction to a move of the cursor.
  let moved: (@Sendable (inout Workbench) -> [Effect])?
  /// Orders of its list, the first one by default; empty for a pane whose list is not filtered.
  let orders: [ListOrder]
  /// The reaction to one notch of the wheel, -1 up; nil to move the cursor.
  let wheel: (@Sendable (inout Workbench, _ step: Int) -> [Effect])?
  /// The reaction to a press inside the border, after the cursor has moved to the line there.
  let press: (@Sendable (inout Workbench, Mouse, Rect) -> [Effect])?
  let view: @Sendable (Workbench) -> any PaneView

  package init(
    _ id: Pane, lines: @escaping @Sendable (Workbench) -> Int = { _ in 0 }, cursor: Pane? = nil,
    moves: Pane? = nil, open: (@Sendable (inout Workbench) -> [Effect])? = nil,
    moved: (@Sendable (inout Workbench) -> [Effect])? = nil,
    wheel: (@Sendable (inout Workbench, _ step: Int) -> [Effect])? = nil,
    press: (@Sendable (inout Workbench, Mouse, Rect) -> [Effect])? = nil,
    orders: [ListOrder] = [],
    view: @escaping @Sendable (Workbench) -> any PaneView
  ) {
    self.id = id
    self.lines = lines
    self.cursor = cursor ?? id
    self.moves = moves ?? id
    self.open = open
    self.moved = moved
    self.wheel = wheel
    self.press = press
    self.orders = orders
    self.view = view
  }
}
