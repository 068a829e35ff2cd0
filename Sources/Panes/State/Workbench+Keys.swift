import Canvas
import Lab

/// From a key to what happens: overlays and text fields first, then the action table.
extension Workbench {
  public mutating func handle(_ key: Key) -> [Effect] {
    switch key {
    case .resize: return []
    case .mouse(let mouse): return handle(mouse)
    default: break
    }
    if overlay != nil { return answer(key) }
    if clips.typing != nil, screen == .clips { return typeSearch(key) }
    if method.edit != nil, screen == .method { return typeField(key) }
    if let digit = digit(key) { return handle(digit: digit, key) }
    let action = Keymap.standard.action(for: key, on: screen)
    defer { count = nil }
    if let action { return perform(action) }
    say("\(key.label) does nothing here; ? lists the keys")
    return []
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
    if let action = Keymap.standard.action(for: key, on: screen) { return perform(action) }
    say("\(value): now . > or P trains that many")
    return []
  }

  /// The digits typed within the last two seconds.
  var pendingCount: (value: Int, origin: Screen, time: Double)? {
    count.flatMap { now - $0.time <= 2 ? $0 : nil }
  }

  private mutating func answer(_ key: Key) -> [Effect] {
    switch overlay {
    case .help(let first): answerHelp(key, first)
    case .menu(let menu): return answer(key, menu)
    case nil: break
    }
    return []
  }

  private mutating func answerHelp(_ key: Key, _ first: Int) {
    let last = HelpOverlay(bench: self, glyphs: .ascii, first: 0).lastFirst(height: size.height)
    let next: Int
    switch key {
    case .down, .character("j"): next = first + 1
    case .up, .character("k"): next = first - 1
    case .pageDown, .ctrl("d"), .character(" "): next = first + 10
    case .pageUp, .ctrl("u"): next = first - 10
    default:
      overlay = nil
      return
    }
    overlay = .help(first: min(last, max(0, next)))
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
