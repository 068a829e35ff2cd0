import Canvas
import Lab

/// The mouse: clicks focus, select and press; the wheel scrolls what is under it.
extension Workbench {
  mutating func handle(_ mouse: Mouse) -> [Effect] {
    if overlay != nil { return answer(mouse) }
    guard !drag(mouse), !model.touch(mouse, &self), mouse.action == .press else { return [] }
    let tiles = arrangement
    if mouse.button == .left, let effects = pressEdge(mouse, tiles) { return effects }
    guard !isTyping,
      let hit = tiles.panes.first(where: { $0.rect.contains(x: mouse.x, y: mouse.y) })
    else { return [] }
    focus[screen] = hit.pane
    switch mouse.button {
    case .wheelUp, .wheelDown:
      let step = mouse.button == .wheelUp ? -1 : 1
      return screens[hit.pane]?.wheel?(&self, step) ?? moveCursor(by: step)
    case .left: return select(mouse, hit.pane, tiles.kind == .full ? hit.rect.inset() : hit.rect)
    case .middle, .right: return []
    }
  }

  /// The tabs on the first row and the hints on the last; nil where the press is on neither.
  private mutating func pressEdge(_ mouse: Mouse, _ tiles: Arrangement) -> [Effect]? {
    guard tiles.kind == .full else { return nil }
    if tiles.header.contains(x: mouse.x, y: mouse.y) {
      let header = Header(bench: self, glyphs: .unicode, width: size.width)
      return header.screen(at: mouse.x, in: tiles.header).map { perform($0.action) } ?? []
    }
    guard let footer = tiles.footer, footer.contains(x: mouse.x, y: mouse.y) else { return nil }
    switch act(at: mouse.x, in: footer) {
    case .action(let id):
      defer { count = nil }
      return perform(id)
    case .key(let key): return handle(key)
    case nil: return []
    }
  }

  /// Puts the cursor of a list on the line under the mouse.
  private mutating func select(_ mouse: Mouse, _ pane: Pane, _ rect: Rect) -> [Effect] {
    guard rect.contains(x: mouse.x, y: mouse.y),
      let line = view(of: pane, .unicode)?.line(at: mouse.y, in: rect)
    else { return [] }
    let press = screens[pane]?.press
    return moveCursor(by: line - cursor(pane)) + (press?(&self, mouse, rect) ?? [])
  }

  /// A menu's line is its choice; the wheel moves through menus, help and palette.
  private mutating func answer(_ mouse: Mouse) -> [Effect] {
    guard mouse.action == .press else { return [] }
    switch (mouse.button, overlay) {
    case (.wheelUp, _): return handle(.up)
    case (.wheelDown, _): return handle(.down)
    case (.left, .menu(let menu)?):
      let place = Rect(x: 0, y: 1, width: size.width, height: size.height - 1)
      let box = MenuBox(menu: menu, glyphs: .unicode).box
      guard let line = box.line(at: mouse.x, mouse.y, over: place),
        menu.choices.indices.contains(line)
      else { return [] }
      overlay = nil
      return menu.choices[line].effects
    default: return []
    }
  }
}
