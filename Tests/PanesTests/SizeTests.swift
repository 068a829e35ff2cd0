// Any size, any screen, any state: a picture, never a trap.
import Autograd
import Canvas
import Lab
import Panes
import TestSupport
import Testing

private let sizes: [(Int, Int)] = {
  var sizes = [(0, 0), (1, 1), (1, 60), (200, 1), (500, 200), (19, 4), (20, 5), (59, 15), (60, 16)]
  for width in stride(from: 1, through: 200, by: 31) {
    for height in stride(from: 1, through: 60, by: 13) { sizes.append((width, height)) }
  }
  return sizes
}()

@Test(arguments: Panes.Screen.allCases, Scene.allCases)
func everySizeIsDrawn(screen: Panes.Screen, scene: Scene) {
  let bench = scene.bench(screen)
  let turn = (Scene.allCases.firstIndex(of: scene) ?? 0) + screen.number
  for (i, (width, height)) in sizes.enumerated() where i < 9 || i % 6 == turn % 6 {
    let grid = bench.draw(width: width, height: height, glyphs: .unicode)
    #expect(grid.width == width && grid.height == height)
    guard width > 2, height > 0 else { continue }
    let head = TestSupport.Screen.text(grid)[0]
    if width >= 60, height >= 16 {
      #expect(head.contains("[\(screen.number)"))
    } else {
      #expect(!head.isEmpty, "\(width)x\(height)")
    }
  }
}

@Test(arguments: Panes.Screen.allCases)
func overlaysAndFullPanesFitAnywhere(screen: Panes.Screen) {
  for key in [Key.character("?"), .character("S"), .character("q"), .character("f")] {
    var bench = Scene.running.bench(screen)
    _ = bench.handle(key)
    for (width, height) in sizes where width % 2 == height % 2 {
      let grid = bench.draw(width: width, height: height, glyphs: .ascii)
      #expect(grid.cells.allSatisfy { $0.glyph.isASCII })
    }
  }
}

@Test func keysWorkAtEverySize() {
  var random = Generator(seed: 5)
  let keys = Action.all.flatMap { action in
    Panes.Screen.allCases.flatMap { action.keys(on: $0) }
  }
  for (width, height) in sizes {
    var bench = Scene.paused.bench(.train)
    bench.resize(width: width, height: height)
    for _ in 0..<40 {
      _ = bench.handle(keys[random.index(below: keys.count)])
    }
    #expect(bench.draw(width: width, height: height, glyphs: .unicode).width == width)
    // Whatever was open, a few keys lead out of the program.
    var effects: [Effect] = []
    for key in [Key.escape, .escape, .escape, .escape, .escape, .character("q"), .character("c")] {
      effects += bench.handle(key)
    }
    #expect(effects.contains(.quit), "\(width)x\(height)")
  }
}

@Test func tinyScreensShowTheState() {
  let bench = Scene.running.bench(.train)
  func head(_ width: Int, _ height: Int) -> String {
    TestSupport.Screen.text(bench.draw(width: width, height: height, glyphs: .unicode))[0]
  }
  #expect(head(19, 4) == "► RUN 3  ep 4/12  …")
  #expect(head(42, 9) == "► RUN 3  ep 4/12  step 180/480  loss 0.…")
  let small = TestSupport.Screen.text(bench.draw(width: 42, height: 9, glyphs: .unicode))
  #expect(small.count == 9 && small[8].contains("step 480"))
}

@Test func manyClassesAndWideNamesAreDrawn() {
  let classes = (0..<527).map { "class \($0)" }
  let labels = (0..<527).map { $0 % 9 == 0 ? LabelState.negative : .missing }
  let clips = (0..<300).map {
    ClipRow(id: "clip \($0) ß漢字", split: "train", seconds: 10, labels: labels, truth: nil)
  }
  var bench = Fixture.bench()
  bench.apply(
    .dataset(
      DatasetSnapshot(
        id: "band", title: "big", classes: classes, clips: clips, problems: [],
        featuresCached: false)))
  for screen in Panes.Screen.allCases {
    _ = bench.perform(screen.action)
    _ = bench.handle(.character("G"))
    let grid = bench.draw(width: 200, height: 60, glyphs: .unicode)
    #expect(grid.cells.contains { $0.glyph != " " })
  }
}

/// Sizes that nobody thought of, the same ones each time.
@Test(arguments: Panes.Screen.allCases)
func anySizeIsDrawn(screen: Panes.Screen) {
  var random = Generator(seed: 100 + screen.number)
  for _ in 0..<150 {
    let scene = Scene.allCases[random.index(below: Scene.allCases.count)]
    var bench = scene.bench(screen)
    let (width, height) = (1 + random.index(below: 500), 1 + random.index(below: 200))
    bench.resize(width: width, height: height)
    let grid = bench.draw(width: width, height: height, glyphs: .unicode)
    #expect(grid.width == width && grid.height == height)
    var effects = (0..<4).flatMap { _ in bench.handle(.escape) }
    effects += bench.handle(.character("q"))
    if !effects.contains(.quit) { effects += bench.handle(.character("c")) }
    #expect(effects.contains(.quit), "\(scene) \(width)x\(height)")
  }
}
