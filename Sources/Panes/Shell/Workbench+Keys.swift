import Canvas
import Lab

/// From a key to what happens: overlays and text fields first, then the action table.
extension Workbench {
  public mutating func handle(_ key: Key) -> [Effect] {
    take(key) + countParameters()
  }

  private mutating func take(_ key: Key) -> [Effect] {
    switch key {
    case .resize: return []
    case .mouse(let mouse): return handle(mouse)
    default: break
    }
    note(key)
    if overlay != nil { return answer(key) }
    if isTyping { return model.type(key, &self) }
    if let digit = digit(key) { return handle(digit: digit, key) }
    let action = keymap.action(for: key, on: screen) ?? counted(key)
    defer { count = nil }
    if let action { return perform(action) }
    say("\(key.label) does nothing here; ? lists the keys")
    return []
  }

  /// What the key means behind a count, on the screen where the count was begun.
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
    say("\(value): now . > or P trains that many")
    return []
  }

  /// The digits typed within the last two seconds.
  var pendingCount: (value: Int, origin: Screen, time: Double)? {
    count.flatMap { now - $0.time <= 2 ? $0 : nil }
  }

  private mutating func answer(_ key: Key) -> [Effect] {
    switch overlay {
    case .help(let help): answerHelp(key, help)
    case .palette(let palette): return answer(key, palette)
    case .menu(let menu): return answer(key, menu)
    case .changes(let changes): answer(key, changes)
    case .goTo(let digits): answer(key, typing: digits)
    case nil: break
    }
    return []
  }

  private mutating func answerHelp(_ key: Key, _ help: HelpState) {
    var help = help
    if help.isTyping {
      switch key {
      case .enter: help.isTyping = false
      case .escape: help = HelpState()
      default: help.words = LineEditing.apply(key, to: help.words)
      }
      help.first = 0
      overlay = .help(help)
      return
    }
    let last = HelpOverlay(bench: self, glyphs: .ascii, help: help).lastFirst(height: size.height)
    switch key {
    case .character("/"): help.isTyping = true
    case .down, .character("j"): help.first += 1
    case .up, .character("k"): help.first -= 1
    case .pageDown, .ctrl("d"), .character(" "): help.first += 10
    case .pageUp, .ctrl("u"): help.first -= 10
    default:
      overlay = nil
      return
    }
    help.first = min(last, max(0, help.first))
    overlay = .help(help)
  }

  private mutating func answer(_ key: Key, _ palette: PaletteState) -> [Effect] {
    var palette = palette
    let found = entries(palette)
    switch key {
    case .escape:
      overlay = nil
      return []
    case .enter:
      overlay = nil
      guard found.indices.contains(palette.cursor) else { return [] }
      return perform(found[palette.cursor])
    case .down, .tab, .ctrl("n"): palette.cursor = min(found.count - 1, palette.cursor + 1)
    case .up, .backTab: palette.cursor -= 1
    default:
      palette.words = LineEditing.apply(key, to: palette.words)
      palette.cursor = 0
    }
    palette.cursor = max(0, palette.cursor)
    overlay = .palette(palette)
    return []
  }

  private mutating func answer(_ key: Key, _ menu: Menu) -> [Effect] {
    var menu = menu
    if case .character(let letter) = key,
      let choice = menu.choices.first(where: { $0.key == letter })
    {
      overlay = nil
      return choice.effects
    }
    switch key {
    case .down, .character("j"): menu.cursor = min(menu.choices.count - 1, menu.cursor + 1)
    case .up, .character("k"): menu.cursor = max(0, menu.cursor - 1)
    case .enter:
      overlay = nil
      return menu.choices[menu.cursor].effects
    case .escape, .character("q"):
      overlay = nil
      return []
    default: break
    }
    overlay = .menu(menu)
    return []
  }
}

/// Editing one line of text at its end, which is all that filters and fields need.
enum LineEditing {
  static func apply(_ key: Key, to text: String) -> String {
    switch key {
    case .character(let character): return text.count < 200 ? text + String(character) : text
    case .backspace, .delete: return String(text.dropLast())
    case .ctrl("u"): return ""
    case .ctrl("w"):
      let kept = text.reversed().drop { $0 == " " }.drop { $0 != " " }
      return String(kept.reversed())
    default: return text
    }
  }
}
