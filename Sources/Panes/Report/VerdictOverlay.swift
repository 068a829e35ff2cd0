import Canvas
import Foundation
import Lab

/// The verdict of a comparison, over 6 Compare and 7 Sessions.
struct VerdictOverlay: Overlay {
  let verdict: Verdict
  /// The first line shown.
  var first = 0

  /// Columns and lines of the frame.
  private static let frame = (columns: 4, lines: 2)
  private static let widest = 116

  static let action = Action(
    .verdict, "verdict", "the verdict of scant compare: which method is best", .of("V"),
    on: [.compare, .sessions], ask)

  /// Asks for the verdict of the session under the cursor on 7 Sessions, elsewhere for that of the
  /// open session.
  static func ask(_ bench: inout Workbench) -> [Effect] {
    let folder = bench.screen == .sessions ? SessionScreen.chosenSession(bench)?.folder : nil
    return [.engine(.sessions(.verdict(of: folder)))]
  }

  func answer(_ key: Key, _ bench: inout Workbench) -> [Effect] {
    guard let step = key.scrolledLines else {
      bench.overlay = nil
      return []
    }
    var overlay = self
    let room = max(1, bench.size.height - Self.frame.lines - 2)
    let last = lines(bench, width: bench.size.width).count - room
    overlay.first = max(0, min(last, first + step))
    bench.overlay = overlay
    return []
  }

  func box(_ bench: Workbench, over place: Rect) -> Box? {
    let all = lines(bench, width: place.width)
    let room = max(1, place.height - Self.frame.lines)
    let start = min(first, max(0, all.count - room))
    return Box(
      title: "verdict", note: all.count > room ? "j k scroll · esc closes" : "esc closes",
      spans: Array(all.dropFirst(start).prefix(room)))
  }

  private func lines(_ bench: Workbench, width: Int) -> [[StyledText]] {
    let room = min(Self.widest, width - Self.frame.columns)
    return VerdictText(verdict, width: room, glyphs: bench.glyphs).lines
  }
}

extension Action.ID {
  public static let verdict = Self("verdict")
}
