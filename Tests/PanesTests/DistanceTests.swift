// Matrices of distances on the Train screen: what is shown, in which order, and when there is none.
import Canvas
import Lab
import Panes
import TestSupport
import Testing

private func text(_ bench: Workbench, _ width: Int = 80, _ height: Int = 24) -> String {
  TestSupport.Screen.text(bench.draw(width: width, height: height, glyphs: .unicode))
    .joined(separator: "\n")
}

@Test(arguments: [(80, 24), (120, 40), (200, 60)])
func distancesMatchGoldenFrames(width: Int, height: Int) {
  let mono = GlyphSet(tier: .unicode, color: .mono)
  for (tier, glyphs) in [("unicode", GlyphSet.unicode), ("ascii", .ascii), ("mono", mono)] {
    let bench = DistanceScene.bench(epochs: 6, width: width, height: height)
    let grid = bench.draw(width: width, height: height, glyphs: glyphs)
    let name = "Panes/train-distances-\(width)x\(height)-\(tier)"
    #expect(TestSupport.Screen.mismatch(grid, golden: name) == nil)
  }
}

@Test func theMatricesAreReachedByNameAndLeftByEscape() {
  var bench = DistanceScene.bench(epochs: 3)
  #expect(text(bench).contains("distances: model") && text(bench).contains("distances: openl3"))
  #expect(text(bench).contains("v view"))
  _ = bench.handle(.escape)
  #expect(text(bench).contains("validation") && !text(bench).contains("distances: model"))
  // Where there are matrices they are offered early.
  #expect(text(bench).contains("v view"))
  #expect(!text(Scene.running.bench(.train)).contains("v view"))
  _ = bench.handle(.character(":"))
  for letter in "distan" { _ = bench.handle(.character(letter)) }
  _ = bench.handle(.enter)
  #expect(text(bench).contains("distances: model"))
  _ = bench.handle(.character("v"))
  #expect(!text(bench).contains("distances: model"))
}

@Test func correlationIsShownAsANumber() throws {
  var bench = DistanceScene.bench(epochs: 6)
  let report = try #require(bench.run.distances["vggish"])
  #expect(text(bench).contains(report.correlation.fixed(3)))
  let history = try #require(bench.run.series["distances/vggish/correlation"]).values
  #expect(history.count == 6 && zip(history, history.dropFirst()).allSatisfy { $0 < $1 })
  let rise = Double(history[5] - history[0])
  #expect(text(bench).contains("▲ +\(rise.fixed(3))"))
  // The other extractor is under the cursor first, by name.
  #expect(text(bench).contains("distances: openl3"))
  _ = bench.handle(.backTab)
  _ = bench.handle(.down)
  #expect(text(bench).contains("distances: vggish"))
}

@Test func clipsAreGroupedByTheExtractor() throws {
  let bench = DistanceScene.bench(epochs: 2)
  let report = try #require(bench.run.distances["vggish"])
  // In the order of the data set a group's clips are three apart; here they follow each other.
  let n = FixtureRun.comparedClips.count
  #expect(report.theirs[1] > 0.5 && report.theirs[3] < 0.5)
  var shown = bench
  _ = shown.handle(.backTab)
  _ = shown.handle(.down)
  _ = shown.handle(.tab)
  let clips = (0..<n).compactMap { _ -> Int? in
    defer { _ = shown.handle(.down) }
    let line = text(shown).split(separator: "\n").first { $0.contains("next to it is") }
    let found = line?.split(separator: " ").first { $0.contains("band-") }
    return found.flatMap { name in
      FixtureRun.comparedClips.firstIndex { name.hasPrefix($0) }
    }
  }
  #expect(Set(clips).count == n, "\(clips)")
  let changes = zip(clips, clips.dropFirst()).count { $0 % 3 != $1 % 3 }
  #expect(changes == 2, "\(clips)")
}

@Test func missingDistancesAreExplained() {
  var bench = Scene.running.bench(.train)
  bench.resize(width: 120, height: 40)
  _ = bench.handle(.character("v"))
  #expect(text(bench, 120, 40).contains("b1 learns from labels alone."))
  #expect(text(bench, 120, 40).contains("2 Method, con-reg or dis-reg, then R."))
  #expect(text(DistanceScene.bench(epochs: 0)).contains("none is over yet"))
  var idle = Scene.idle.bench(.train)
  _ = idle.handle(.character("v"))
  #expect(text(idle).contains("No run yet."))
}

@Test func stepModeReplacesTheMatrices() {
  var bench = DistanceScene.bench(epochs: 2)
  #expect(
    bench.handle(.character(">")) == [.engine(.run(.pause)), .engine(.run(.step(1, .epoch)))])
  #expect(text(bench).contains("distances: model"))
  _ = bench.handle(.character("."))
  #expect(text(bench).contains("loss of this step"))
  _ = bench.handle(.character("v"))
  #expect(text(bench).contains("distances: model"))
}

@Test func invalidMatricesAreDrawnAtAnySize() {
  var run = FixtureRun("con-reg-s0")
  run.add(
    body("{\"extractor\":\"vggish\",\"clips\":[\"a\",\"b\"],\"ours\":[0],\"theirs\":[]}")
      as Distances,
    step: 40)
  var broken = DistanceScene.bench(epochs: 0)
  broken.apply(.events(run.events))
  for bench in [broken, DistanceScene.bench(epochs: 6)] {
    for (width, height) in [(0, 0), (1, 1), (19, 4), (40, 12), (60, 16), (99, 23), (300, 90)] {
      var bench = bench
      bench.resize(width: width, height: height)
      for key in [Key.tab, .down, .character("f")] { _ = bench.handle(key) }
      let grid = bench.draw(width: width, height: height, glyphs: .ascii)
      #expect(grid.cells.allSatisfy { $0.glyph.isASCII })
    }
  }
}
