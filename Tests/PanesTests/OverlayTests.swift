// What lies over the screens, as pictures.
import Canvas
import Panes
import TestSupport
import Testing

@Test(arguments: [("?", "help"), ("S", "stop"), ("q", "quit")])
func overlaysLookAsTheyDid(key: String, name: String) {
  var bench = Scene.running.bench(.train)
  for character in key { _ = bench.handle(.character(character)) }
  for (tier, glyphs) in [("unicode", GlyphSet.unicode), ("ascii", .ascii)] {
    let grid = bench.draw(width: 80, height: 24, glyphs: glyphs)
    let file = "Panes/overlay-\(name)-80x24-\(tier)"
    #expect(TestSupport.Screen.mismatch(grid, golden: file) == nil)
  }
}

@Test func helpScrollsAndStops() {
  var bench = Scene.running.bench(.train)
  _ = bench.handle(.f(1))
  func text() -> String {
    TestSupport.Screen.text(bench.draw(width: 80, height: 24, glyphs: .unicode))
      .joined(separator: "\n")
  }
  #expect(text().contains("on this screen") && !text().contains("digits before"))
  for _ in 0..<30 { _ = bench.handle(.pageDown) }
  #expect(text().contains("digits before"))
  let end = text()
  _ = bench.handle(.down)
  #expect(text() == end)
  _ = bench.handle(.up)
  #expect(text() != end)
  _ = bench.handle(.character("q"))
  #expect(!text().contains("digits before"))
}
