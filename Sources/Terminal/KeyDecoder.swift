import CNcurses
import Canvas

/// Converts ncurses input to keys.
enum KeyDecoder {
  static func character(_ code: wint_t) -> Key? {
    switch code {
    case 9: return .tab
    case 10, 13: return .enter
    case 27: return .escape
    case 8, 127: return .backspace
    case 1...26: return Unicode.Scalar(code + 96).map { .ctrl(Character($0)) }
    case 0...31: return nil
    default: return Unicode.Scalar(code).map { .character(Character($0)) }
    }
  }

  /// Usually one key; several if mouse events arrived together.
  static func function(_ code: Int32) -> [Key] {
    if code == KEY_MOUSE { return mouse() }
    if let key = keys[code] { return [key] }
    return (1...24).first { scant_f(Int32($0)) == code }.map { [.f($0)] } ?? []
  }

  /// ncurses reports a burst of mouse events once and returns them in reverse order.
  private static func mouse() -> [Key] {
    let buttons: [Mouse.Button] = [.left, .middle, .right, .wheelUp, .wheelDown]
    var events: [Key] = []
    var x: Int32 = 0, y: Int32 = 0
    while events.count < 8 {
      let code = scant_mouse(&x, &y)
      guard code != 0 else { break }
      let action: Mouse.Action = code > 0 ? .press : .release
      let mouse = Mouse(x: Int(x), y: Int(y), button: buttons[Int(abs(code)) - 1], action: action)
      events.insert(.mouse(mouse), at: 0)
    }
    return events
  }

  private static let keys: [Int32: Key] = [
    KEY_UP: .up, KEY_DOWN: .down, KEY_LEFT: .left, KEY_RIGHT: .right,
    KEY_PPAGE: .pageUp, KEY_NPAGE: .pageDown, KEY_HOME: .home, KEY_END: .end,
    KEY_ENTER: .enter, KEY_BACKSPACE: .backspace, KEY_DC: .delete, KEY_IC: .insert,
    KEY_BTAB: .backTab, KEY_A1: .home, KEY_A3: .pageUp, KEY_C1: .end, KEY_C3: .pageDown,
  ]
}
