import Canvas
import Lab

/// `#`: a replay is shown behind the step whose number is typed.
extension Workbench {
  mutating func goTo() -> [Effect] {
    guard replay != nil else { return said("no replay is shown; R on 7 Sessions starts one") }
    replay?.playingSince = nil
    if let count = pendingCount {
      screen = count.origin
      go(to: count.value)
    } else {
      overlay = .goTo("")
    }
    return []
  }

  /// Digits, then enter.
  mutating func answer(_ key: Key, typing digits: String) {
    switch key {
    case .character(let digit) where digit.isASCII && digit.isNumber && digits.count < 9:
      overlay = .goTo(digits + String(digit))
    case .backspace: overlay = .goTo(String(digits.dropLast()))
    case .enter:
      overlay = nil
      if let step = Int(digits) { go(to: step) }
    case .escape, .character("q"): overlay = nil
    default: break
    }
  }

  private mutating func go(to step: Int) {
    let last = replay?.recording.events.last?.step ?? 0
    seek(step: min(step, last))
    if step > last { say("the log ends at step \(last)") }
  }
}

/// The line that is typed.
struct GoToBox {
  let digits: String
  let last: Int
  let glyphs: GlyphSet

  func draw(over place: Rect, on grid: inout Grid) {
    let line = StyledText("step \(digits)_".padded(to: 24), ink: .role(.title))
    Box(title: "go to step", note: "0 to \(last)", lines: [line], glyphs: glyphs)
      .draw(over: place, on: &grid)
  }
}
