import Canvas
import Lab

/// From a key to what happens: overlays and text fields first, then the action table.
extension Workbench {
  public mutating func handle(_ key: Key) -> [Effect] {
    take(key) + model.settle(&self)
  }

  private mutating func take(_ key: Key) -> [Effect] {
    switch key {
    case .resize: return []
    case .mouse(let mouse): return handle(mouse)
    default: break
    }
    note(key)
    if let overlay { return overlay.answer(key, &self) }
    if filtering != nil { return typeFilter(key) }
    if isTyping { return model.type(key, &self) }
    if let effects = Tour.take(key, &self) { return effects }
    if let digit = digit(key) { return handle(digit: digit, key) }
    let action = keymap.action(for: key, on: screen) ?? counted(key)
    defer { count = nil }
    if let action { return perform(action) }
    return said("\(key.label) has no action here; press ? for help")
  }

  /// Keys, the footer and key scripts all come through here.
  public mutating func perform(_ id: Action.ID) -> [Effect] {
    screens.action(id)?.perform(&self) ?? []
  }

  /// The action of a key after a count, on the screen where the count was begun.
  private func counted(_ key: Key) -> Action.ID? {
    guard let origin = pendingCount?.origin,
      let action = keymap.action(for: key, on: origin),
      [.step, .stepBack, .phase, .epoch, .goTo].contains(action)
    else { return nil }
    return action
  }

  private func digit(_ key: Key) -> Int? {
    guard case .character(let character) = key, character.isASCII else { return nil }
    return character.wholeNumberValue
  }

  /// A digit opens a screen at once; should `.`, `>` or `P` follow, it was a count after all.
  private mutating func handle(digit: Int, _ key: Key) -> [Effect] {
    let before = pendingCount
    let value = min(9999, (before?.value ?? 0) * 10 + digit)
    count = (value, before?.origin ?? screen, now)
    if let action = keymap.action(for: key, on: screen) { return perform(action) }
    return said("\(value): press . > or P to train that many")
  }

  /// The digits typed within the last two seconds.
  var pendingCount: (value: Int, origin: Screen, time: Double)? {
    count.flatMap { now - $0.time <= 2 ? $0 : nil }
  }
}

/// Editing one line of text at its end, which is all that filters and fields need.
enum LineEditing {
  static func apply(_ key: Key, to text: String, most: Int = 1000) -> String {
    switch key {
    case .character(let character): return text.count < most ? text + String(character) : text
    case .backspace, .delete: return String(text.dropLast())
    case .ctrl("u"): return ""
    case .ctrl("w"):
      let kept = text.reversed().drop { $0 == " " }.drop { $0 != " " }
      return String(kept.reversed())
    default: return text
    }
  }
}

/// The mouse: clicks focus, select and press; the wheel scrolls what is under it.
extension Workbench {
  mutating func handle(_ mouse: Mouse) -> [Effect] {
    if let overlay { return answer(mouse, overlay) }
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

  /// A press on the tabs of the first row or the hints of the last; nil for other places.
  private mutating func pressEdge(_ mouse: Mouse, _ tiles: Arrangement) -> [Effect]? {
    guard tiles.kind == .full else { return nil }
    if tiles.header.contains(x: mouse.x, y: mouse.y) {
      let header = HeaderRow(bench: self, width: size.width)
      return header.screen(at: mouse.x, in: tiles.header).map { perform($0.action) } ?? []
    }
    guard let footer = tiles.footer, footer.contains(x: mouse.x, y: mouse.y) else { return nil }
    switch HintRow(bench: self).act(at: mouse.x, in: footer) {
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
      let line = view(of: pane)?.line(at: mouse.x, mouse.y, in: rect)
    else { return [] }
    let press = screens[pane]?.press
    return moveCursor(by: line - cursor(pane)) + (press?(&self, mouse, rect) ?? [])
  }

  /// The wheel moves through menus, help and palette; a press chooses a line.
  private mutating func answer(_ mouse: Mouse, _ overlay: any Overlay) -> [Effect] {
    guard mouse.action == .press else { return [] }
    switch mouse.button {
    case .wheelUp: return handle(.up)
    case .wheelDown: return handle(.down)
    case .left:
      let place = Rect(x: 0, y: 1, width: size.width, height: size.height - 1)
      let line = overlay.line(at: mouse.x, mouse.y, self, over: place)
      return line.map { overlay.choose($0, &self) } ?? []
    case .middle, .right: return []
    }
  }
}

/// Keys that are recorded once and pressed again.
struct MacroState: Sendable, Equatable {
  var keys: [Key] = []
  /// The keys of the recording, while one is made.
  var recording: [Key]?
  var isPlaying = false

  static let mostKeys = 500
  static let mostRounds = 99
}

extension Workbench {
  /// Adds a key to the recording, but not the one that ends it.
  mutating func note(_ key: Key) {
    guard macro.recording != nil, !macro.isPlaying else { return }
    if overlay == nil, let id = keymap.action(for: key, on: screen),
      id == .record || id == .playMacro
    {
      return
    }
    macro.recording?.append(key)
    if macro.recording?.count == MacroState.mostKeys { _ = endRecording() }
  }

  mutating func recordKeys() -> [Effect] {
    guard macro.recording != nil else {
      macro.recording = []
      return said("recording keys; press the same key to stop")
    }
    return endRecording()
  }

  private mutating func endRecording() -> [Effect] {
    let keys = macro.recording ?? []
    macro.recording = nil
    guard !keys.isEmpty else { return said("no keys recorded; the earlier recording is kept") }
    macro.keys = keys
    return said("\(keys.count) keys recorded; press @ to replay them")
  }

  mutating func playKeys() -> [Effect] {
    guard macro.recording == nil, !macro.isPlaying else {
      return said("stop recording before you replay keys")
    }
    guard !macro.keys.isEmpty else { return said("no keys recorded; press C-r to record") }
    let count = pendingCount
    if let count { screen = count.origin }
    macro.isPlaying = true
    defer { macro.isPlaying = false }
    let rounds = min(MacroState.mostRounds, max(1, count?.value ?? 1))
    self.count = nil
    let keys = macro.keys
    return (0..<rounds).flatMap { _ in keys.flatMap { handle($0) } }
  }
}
