import Canvas
import Foundation
import Lab

/// The verdict of a comparison, over 6 Compare and 7 Sessions.
enum VerdictPage {
  static let action = Action(
    .verdict, "verdict", "the verdict of scant compare: which method is best", .of("V"),
    on: [.compare, .sessions], ask)

  /// Asks for the verdict of the session under the cursor on 7 Sessions, elsewhere for that of the
  /// open session.
  static func ask(_ bench: inout Workbench) -> [Effect] {
    let folder = bench.screen == .sessions ? SessionScreen.chosenSession(bench)?.folder : nil
    return [.engine(.sessions(.verdict(of: folder)))]
  }

  static func overlay(_ verdict: Verdict) -> TextOverlay {
    TextOverlay(title: "verdict", widest: 116) { width, glyphs in
      VerdictText(verdict, width: width, glyphs: glyphs).lines
    }
  }
}

extension Action.ID {
  public static let verdict = Self("verdict")
}
