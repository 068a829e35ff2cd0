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

  /// A digit opens a screen at once; should `.` or `>` follow, it was a count after all.
  private mutating func handle(digit: Int, _ key: Key) -> [Effect] {
    let before = count
    count = (min(9999, (before?.value ?? 0) * 10 + digit), before?.origin ?? screen)
    if let action = Keymap.standard.action(for: key, on: screen) { return perform(action) }
    return []
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
    switch key {
    case .down, .character("j"): overlay = .help(first: first + 1)
    case .up, .character("k"): overlay = .help(first: max(0, first - 1))
    case .pageDown, .ctrl("d"), .character(" "): overlay = .help(first: first + 10)
    case .pageUp, .ctrl("u"): overlay = .help(first: max(0, first - 10))
    default: overlay = nil
    }
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
