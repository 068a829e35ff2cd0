// Text that does not fit ends between two words, on every screen at 80 × 24.
import Canvas
import Panes
import TestSupport
import Testing

/// Places where a word is cut: a letter or digit right before the ellipsis, but for titles of actions
/// that end in one.
private func cuts(_ grid: Grid) -> [String] {
  // Ranges of numbers; and words longer than the column of their table, which cannot be avoided.
  let whole = ["mallet…", "consis…"]
  let titles = Action.all.map(\.title).filter { $0.hasSuffix("…") } + whole
  return TestSupport.Screen.text(grid).compactMap { line in
    var line = line
    for title in titles { line = line.replacing(title, with: "") }
    return line.contains(/[\p{L}\p{N}]…(?![0-9])/) ? line : nil
  }
}

@Test(arguments: Panes.Screen.allCases, Scene.allCases)
func noWordIsCut(screen: Panes.Screen, scene: Scene) {
  var bench = scene.bench(screen)
  bench.resize(width: 80, height: 24)
  #expect(cuts(bench.draw(width: 80, height: 24, glyphs: .unicode)) == [])
}

@Test(arguments: Panes.Screen.allCases, TeacherScene.allCases)
func noWordOfATeacherIsCut(screen: Panes.Screen, scene: TeacherScene) {
  let bench = scene.bench(screen, width: 80, height: 24)
  #expect(cuts(bench.draw(width: 80, height: 24, glyphs: .unicode)) == [])
}

/// Every key of every screen, with the dialogs and views that it opens; but for those that make a
/// pane narrower than it was laid out.
@Test(arguments: Panes.Screen.allCases, [Scene.idle, .running, .paused, .replaying, .done])
func noWordIsCutAfterAKey(screen: Panes.Screen, scene: Scene) {
  let keys = Action.all.filter {
    $0.screens.contains(screen) && ![.wider, .narrower].contains($0.id)
  }
  for action in keys {
    var bench = scene.bench(screen)
    bench.themes = ThemeChoice(names: ["dark", "light", "solarized-light"], current: "dark")
    bench.resize(width: 80, height: 24)
    _ = bench.perform(action.id)
    let found = cuts(bench.draw(width: 80, height: 24, glyphs: .unicode))
    #expect(found == [], "\(action.id)")
  }
}

/// Views of a sweep, and panes that are shown alone.
@Test func noWordOfOtherViewsIsCut() {
  for keys in ["I", "Iv", "If", "If|", "7", "7j", "7d", "7/"] {
    var bench = Fixture.sweepBench()
    bench.resize(width: 80, height: 24)
    for key in keys { _ = bench.handle(.character(key)) }
    let found = cuts(bench.draw(width: 80, height: 24, glyphs: .unicode))
    #expect(found == [], "\(keys)")
  }
}
