// What lies over the screens, as pictures.
import Canvas
import Lab
import Panes
import TestSupport
import Testing

private func check(_ bench: Workbench, _ name: String) {
  for (width, height) in [(80, 24), (120, 40), (200, 60)] {
    var bench = bench
    bench.resize(width: width, height: height)
    for (tier, glyphs) in [("unicode", GlyphSet.unicode), ("ascii", .ascii)] {
      let grid = bench.draw(width: width, height: height, glyphs: glyphs)
      let file = "Panes/overlay-\(name)-\(width)x\(height)-\(tier)"
      #expect(TestSupport.Screen.mismatch(grid, golden: file) == nil)
    }
  }
}

@Test(arguments: [
  ("?", "help"), ("S", "stop"), ("q", "quit"), (":step", "palette"), ("?/plot", "search"),
  ("E", "export"),
])
func overlaysMatchGoldenFrames(key: String, name: String) {
  var bench = Scene.running.bench(.train)
  for character in key { _ = bench.handle(.character(character)) }
  check(bench, name)
}

@Test func questionsMatchGoldenFrames() {
  var bench = Scene.attached.bench(.train)
  _ = bench.handle(.character("q"))
  check(bench, "quit-attached")
  bench = Scene.paused.bench(.train)
  bench.apply(.stepBack(StepBack(json: ["count": 3, "target": 177, "base": 160, "seconds": 1.2])))
  check(bench, "step-back")
  bench = Scene.idle.bench(.sessions)
  for key in "7jx" { _ = bench.handle(.character(key)) }
  check(bench, "delete")
  bench = Scene.replaying.bench(.train)
  for key in "#12" { _ = bench.handle(.character(key)) }
  check(bench, "go-to")
  bench = Fixture.sweepBench(.sessions)
  for key in "|jjj " { _ = bench.handle(.character(key)) }
  check(bench, "columns")
  bench = Scene.running.bench(.train)
  bench.themes = ThemeChoice(names: ["dark", "default", "light"], current: "dark")
  for key in "Tjj" { _ = bench.handle(.character(key)) }
  bench.themes.problem = "themes/light.yaml:3: 'reddish' is no colour; expected #rrggbb"
  check(bench, "theme")
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

@Test func thePaletteFindsActionsOfEveryScreen() {
  var bench = Scene.running.bench(.train)
  for letter in ":given, masked" { _ = bench.handle(.character(letter)) }
  let said = TestSupport.Screen.text(bench.draw(width: 80, height: 24, glyphs: .unicode))
    .joined(separator: "\n")
  #expect(said.contains("Missing: view"))
  _ = bench.handle(.enter)
  #expect(bench.screen == .missing)
  #expect(
    TestSupport.Screen.text(bench.draw(width: 80, height: 24, glyphs: .unicode))
      .joined().contains("‹after mask›"))
  _ = bench.handle(.ctrl("p"))
  for letter in "no such thing" { _ = bench.handle(.character(letter)) }
  #expect(bench.handle(.enter) == [])
  #expect(bench.screen == .missing)
}

@Test func helpIsSearched() {
  var bench = Scene.running.bench(.train)
  for letter in "?/smoothing" { _ = bench.handle(.character(letter)) }
  func text() -> String {
    TestSupport.Screen.text(bench.draw(width: 80, height: 24, glyphs: .unicode))
      .joined(separator: "\n")
  }
  #expect(text().contains("curves: 0, .3") && !text().contains("digits before"))
  _ = bench.handle(.enter)
  #expect(text().contains("curves: 0, .3"))
  _ = bench.handle(.escape)
  #expect(!text().contains("curves: 0, .3"))
}
