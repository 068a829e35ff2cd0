import CNcurses
import Canvas

/// From what ncurses reads to keys.
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

  static func function(_ code: Int32) -> Key? {
    if code == KEY_MOUSE { return mouse() }
    if let key = keys[code] { return key }
    return (1...24).first { scant_f(Int32($0)) == code }.map { .f($0) }
  }

  private static func mouse() -> Key? {
    var x: Int32 = 0, y: Int32 = 0
    let code = scant_mouse(&x, &y)
    let buttons: [Mouse.Button] = [.left, .middle, .right, .wheelUp, .wheelDown]
    guard code != 0 else { return nil }
    let button = buttons[Int(abs(code)) - 1]
    return .mouse(
      Mouse(x: Int(x), y: Int(y), button: button, action: code > 0 ? .press : .release))
  }

  private static let keys: [Int32: Key] = [
    KEY_UP: .up, KEY_DOWN: .down, KEY_LEFT: .left, KEY_RIGHT: .right,
    KEY_PPAGE: .pageUp, KEY_NPAGE: .pageDown, KEY_HOME: .home, KEY_END: .end,
    KEY_ENTER: .enter, KEY_BACKSPACE: .backspace, KEY_DC: .delete, KEY_IC: .insert,
    KEY_BTAB: .backTab, KEY_A1: .home, KEY_A3: .pageUp, KEY_C1: .end, KEY_C3: .pageDown,
  ]
}
