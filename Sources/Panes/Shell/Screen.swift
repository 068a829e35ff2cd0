import Canvas

/// A place of the workbench, by name. What it shows and does lies in its `ScreenModel`.
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

  /// What shows it.
  public var action: Action.ID { Action.ID("show\(title)") }

  public static var allCases: [Screen] { ScreenCatalog.standard.ids }
}

/// A region of a screen that can have the focus, by the name that stored layouts use.
public struct Pane: Sendable, Hashable {
  public let rawValue: String

  package init(_ name: String) { rawValue = name }
}

/// What a region of a screen shows, how its cursor moves and what opens under it.
package struct PaneModel: Sendable {
  package let id: Pane
  /// How many lines the cursor walks over.
  let lines: @Sendable (Workbench) -> Int
  /// The pane whose cursor this one shares; itself without one.
  let cursor: Pane
  /// The pane whose cursor moves while this one has the focus.
  let moves: Pane
  /// What `enter` does; without it the pane is shown alone.
  let open: (@Sendable (inout Workbench) -> [Effect])?
  /// What follows when the cursor has moved.
  let moved: (@Sendable (inout Workbench) -> [Effect])?
  /// What one notch of the wheel does, -1 up, in place of moving the cursor.
  let wheel: (@Sendable (inout Workbench, _ step: Int) -> [Effect])?
  /// What a press inside the border does beside putting the cursor on the line there.
  let press: (@Sendable (inout Workbench, Mouse, Rect) -> [Effect])?
  let view: @Sendable (Workbench, GlyphSet) -> any PaneView

  package init(
    _ id: Pane, lines: @escaping @Sendable (Workbench) -> Int = { _ in 0 }, cursor: Pane? = nil,
    moves: Pane? = nil, open: (@Sendable (inout Workbench) -> [Effect])? = nil,
    moved: (@Sendable (inout Workbench) -> [Effect])? = nil,
    wheel: (@Sendable (inout Workbench, _ step: Int) -> [Effect])? = nil,
    press: (@Sendable (inout Workbench, Mouse, Rect) -> [Effect])? = nil,
    view: @escaping @Sendable (Workbench, GlyphSet) -> any PaneView
  ) {
    self.id = id
    self.lines = lines
    self.cursor = cursor ?? id
    self.moves = moves ?? id
    self.open = open
    self.moved = moved
    self.wheel = wheel
    self.press = press
    self.view = view
  }
}

/// What is inside a pane's border, and what the border says.
package protocol PaneView: Widget {
  var title: String { get }
  /// At the right of the title.
  var note: String { get }
  /// The line of the pane's list that is drawn on row `y` of the screen; nil where there is none.
  func line(at y: Int, in rect: Rect) -> Int?
}

extension PaneView {
  package var note: String { "" }
  package func line(at y: Int, in rect: Rect) -> Int? { nil }
}

/// Lines of text in a pane: what is to be said, and what to do about it.
struct Notice: Widget {
  var lines: [StyledText]
  var glyphs: GlyphSet

  init(_ lines: [StyledText], glyphs: GlyphSet) {
    self.lines = lines
    self.glyphs = glyphs
  }

  func draw(in rect: Rect, on grid: inout Grid) {
    let shown = lines.flatMap { $0.folded(to: rect.width - 2) }
    for (row, line) in shown.prefix(rect.height).enumerated() {
      grid.text([line], x: rect.x + 1, y: rect.y + row, maxWidth: rect.width - 2)
    }
  }
}

extension StyledText {
  /// Itself where it fits, spaces and all; else broken at spaces.
  func folded(to width: Int) -> [StyledText] {
    guard text.columns > width else { return [self] }
    return text.wrapped(to: width).map { StyledText($0, ink: ink, paper: paper) }
  }
}
