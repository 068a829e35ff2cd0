// The clip, what the network makes of it, and the difference: flipping, asking, drawing.
import Canvas
import Lab
import Panes
import TestSupport
import Testing

private func text(_ bench: Workbench, _ width: Int = 80, _ height: Int = 24) -> String {
  TestSupport.Screen.text(bench.draw(width: width, height: height, glyphs: .unicode))
    .joined(separator: "\n")
}

/// A run of reprogramming while it trains, on the clip list; `flips`: how often the picture is
/// flipped. The network's answer about the first clip is in.
private func bench(flips: Int, width: Int = 80, height: Int = 24) -> Workbench {
  var bench = Fixture.bench(.clips)
  bench.resize(width: width, height: height)
  _ = bench.open()
  bench.apply(.dataset(Fixture.dataset))
  bench.apply(.sound(Fixture.sound))
  bench.apply(.run("reprogram-unet-s0"))
  bench.tick(120)
  var run = FixtureRun("reprogram-unet-s0")
  run.started(
    method: "reprogram-unet", capabilities: ["pause", "perTermGrad", "reprogrammedInput"])
  run.state("running", step: 0)
  run.train(0..<120)
  bench.apply(.events(run.events))
  bench.tick(200)
  for _ in 0..<flips { _ = bench.handle(.character("v")) }
  bench.apply(.reprogrammed(answer("band-0000")))
  return bench
}

/// Half of the sweep, above a hum.
private func answer(_ clip: String) -> ReprogrammedInput {
  let sound = Fixture.sound
  let changed = sound.values.enumerated().map { i, value in
    i / sound.frames < 4 ? 6 : value / 2
  }
  return ReprogrammedInput(
    clip: clip, step: 118, bands: sound.bands, frames: sound.frames, original: sound.values,
    changed: changed)
}

@Test(arguments: [(80, 24), (120, 40), (200, 60)], [1, 2])
func reprogrammedClipsMatchGoldenFrames(size: (Int, Int), flips: Int) {
  let (width, height) = size
  let mono = GlyphSet(tier: .unicode, color: .mono)
  for (tier, glyphs) in [("unicode", GlyphSet.unicode), ("ascii", .ascii), ("mono", mono)]
  where glyphs == .unicode || width == 80 {
    let grid = bench(flips: flips, width: width, height: height)
      .draw(width: width, height: height, glyphs: glyphs)
    let name = flips == 1 ? "reprogrammed" : "difference"
    let file = "Panes/clips-\(name)-\(width)x\(height)-\(tier)"
    #expect(TestSupport.Screen.mismatch(grid, golden: file) == nil)
  }
}

@Test func switchingTheViewRequestsTheTransformedInput() {
  var bench = bench(flips: 0)
  #expect(text(bench).contains("spectrogram band-0000") && text(bench).contains("v view"))
  let ask = [Effect.engine(.reprogram(clip: "band-0000"))]
  #expect(bench.handle(.character("v")) == ask)
  #expect(text(bench).contains("reprogrammed band-0000") && text(bench).contains("step 118"))
  #expect(text(bench).contains("as it comes out: 0.00 to 8.00"))
  #expect(bench.handle(.character("v")) == [])
  #expect(text(bench).contains("what is changed of band-0000"))
  #expect(text(bench).contains("out less in: -10.00 to 6.00"))
  #expect(bench.handle(.character("v")) == [])
  #expect(text(bench).contains("spectrogram band-0000"))
}

@Test func newClipsAndModelsAreRequested() {
  var bench = bench(flips: 1)
  let asked = bench.handle(.down)
  #expect(asked.contains(.engine(.reprogram(clip: "band-0001"))))
  #expect(text(bench).contains("asking the network about band-0001"))
  var run = FixtureRun("reprogram-unet-s0")
  run.train(120..<160)
  #expect(bench.apply(.events(run.events)).contains(.engine(.reprogram(clip: "band-0001"))))
  bench.apply(.run("reprogram-unet-s1"))
  bench.apply(.reprogrammed(answer("band-0001")))
  #expect(!text(bench).contains("step 118"))
}

@Test func runsWithoutATransformedInputAreExplained() {
  var bench = Scene.running.bench(.clips)
  #expect(bench.handle(.character("v")) == [])
  #expect(bench.toast?.text.contains("sees clips as they are") == true)
  #expect(text(bench).contains("spectrogram band-0000"))
  bench = Scene.idle.bench(.clips)
  #expect(bench.handle(.character("v")) == [])
  #expect(bench.toast?.text.contains("no network yet") == true)
}

@Test func wideScreensShowBothAtOnce() {
  let wide = text(bench(flips: 1, width: 200, height: 60), 200, 60)
  #expect(wide.contains("the clip, as it goes in: 0.00 to 16.00"))
  #expect(wide.contains("as it comes out: 0.00 to 8.00"))
}

@Test func invalidSpectrogramsAreNotDrawn() {
  var bench = bench(flips: 2)
  var broken = answer("band-0000")
  broken.changed = [.nan]
  bench.apply(.reprogrammed(broken))
  for (width, height) in [(1, 1), (19, 4), (40, 12), (60, 16), (80, 24), (300, 90)] {
    let grid = bench.draw(width: width, height: height, glyphs: .ascii)
    #expect(grid.cells.allSatisfy { $0.glyph.isASCII })
  }
  #expect(text(bench).contains("asking the network"))
}
