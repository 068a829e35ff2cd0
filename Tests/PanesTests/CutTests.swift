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
