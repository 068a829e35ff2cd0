// Every screen in every state as a picture: text and styles.
import Canvas
import Panes
import TestSupport
import Testing

private func check(
  _ screen: Panes.Screen, _ scene: Scene, _ width: Int, _ height: Int, _ glyphs: GlyphSet
) -> String? {
  var bench = scene.bench(screen)
  bench.resize(width: width, height: height)
  let grid = bench.draw(width: width, height: height, glyphs: glyphs)
  let tier = glyphs.isASCII ? "ascii" : "unicode"
  let name = "\(screen)-\(scene.rawValue)-\(width)x\(height)-\(tier)"
  return TestSupport.Screen.mismatch(grid, golden: "Panes/\(name)")
}

@Test(arguments: Panes.Screen.allCases, Scene.allCases)
func everyStateMatchesGoldenFrames(screen: Panes.Screen, scene: Scene) {
  #expect(check(screen, scene, 80, 24, .unicode) == nil)
  #expect(check(screen, scene, 80, 24, .ascii) == nil)
}

@Test(arguments: Panes.Screen.allCases)
func largeScreensMatchGoldenFrames(screen: Panes.Screen) {
  for (width, height) in [(120, 40), (200, 60)] {
    #expect(check(screen, .running, width, height, .unicode) == nil)
    #expect(check(screen, .running, width, height, .ascii) == nil)
  }
}

/// One pane and a line where all do not fit, and the line alone.
@Test(arguments: Panes.Screen.allCases)
func smallScreensMatchGoldenFrames(screen: Panes.Screen) {
  for (width, height) in [(50, 12), (42, 4)] {
    #expect(check(screen, .running, width, height, .unicode) == nil)
    #expect(check(screen, .running, width, height, .ascii) == nil)
  }
}

@Test(arguments: Panes.Screen.allCases, [GlyphSet.unicode, .ascii])
func everyStateHasADistinctText(screen: Panes.Screen, glyphs: GlyphSet) {
  var seen: [[String]: Scene] = [:]
  for scene in Scene.allCases {
    let grid = scene.bench(screen).draw(width: 80, height: 24, glyphs: glyphs)
    let text = TestSupport.Screen.text(grid)
    #expect(seen[text] == nil, "\(scene) reads like \(seen[text]?.rawValue ?? "")")
    seen[text] = scene
  }
}

@Test(arguments: Panes.Screen.allCases)
func asciiFramesAreASCII(screen: Panes.Screen) {
  for scene in Scene.allCases {
    let grid = scene.bench(screen).draw(width: 120, height: 40, glyphs: .ascii)
    #expect(grid.cells.allSatisfy { $0.glyph.isASCII }, "\(scene)")
  }
}
