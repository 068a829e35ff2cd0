// What large screens add: history of the machine, teacher against student, watched clips; the page
// of the first start, a file by time, pictures in pixels.
import Canvas
import Lab
import Panes
import TestSupport
import Testing

private func text(_ bench: Workbench, _ width: Int = 200, _ height: Int = 60) -> String {
  var bench = bench
  bench.resize(width: width, height: height)
  return TestSupport.Screen.text(bench.draw(width: width, height: height, glyphs: .unicode))
    .joined(separator: "\n")
}

private func resources(_ count: Int) -> [Event] {
  var run = FixtureRun("mean-teacher-s0")
  for i in 0..<count {
    let json = "{\"cpu\":\(100 + i % 7),\"rss\":\(1 << 27),\"threads\":2,\"written\":\(5000 * i)}"
    run.add(body(json) as Resources, step: 200, seconds: Double(200 + i))
  }
  return run.events
}

@Test func theHistoryOfTheMachineIsBounded() {
  var state = RunState()
  for event in resources(300) { state.apply(event) }
  #expect(state.machine.count == RunState.machineCapacity)
  #expect(state.machine.last?.t == 499_000_000_000 && state.machine.last?.memory == 1 << 27)
  #expect(state.machine.last?.written == 1_495_000.0)
}

@Test func largeScreensShowEverything() {
  var bench = TeacherScene.curves.bench(.train, width: 200, height: 60)
  bench.apply(.events(resources(40)))
  let screen = text(bench)
  for words in [
    "teacher ≠ student", "% of cells", "machine", "last 39s", "104 % of 200 %", "134 MB",
    "written to disk", "no run waits", "gradient norm", "loss terms", "log",
  ] { #expect(screen.contains(words), "no '\(words)' in\n\(screen)") }
  bench.apply(.queue(["b1-s1", "b1-s2"]))
  #expect(text(bench).contains("queue: 2 runs") && text(bench).contains("next: b1-s1"))
  #expect(!text(bench, 120, 40).contains("gradient norm"))
}

/// A watched clip takes the place of the gradients; its answers are kept epoch by epoch.
@Test func watchedClipsAreFollowedOverTheEpochs() {
  var bench = TeacherScene.curves.bench(.clips, width: 200, height: 60)
  _ = bench.handle(.character("w"))
  _ = bench.perform(.showTrain)
  #expect(text(bench).contains("watched clips"))
  for epoch in 6..<9 {
    var run = FixtureRun("mean-teacher-s0")
    run.answers([0], step: epoch * 40, shift: Double(epoch - 6) / 10)
    bench.apply(.events(run.events))
  }
  let screen = text(bench)
  #expect(screen.contains("watched clips") && screen.contains("band-0000"), "\(screen)")
  #expect(!screen.contains("gradient norm"))
  _ = bench.perform(.showClips)
  _ = bench.handle(.character("w"))
  _ = bench.perform(.showTrain)
  #expect(text(bench).contains("gradient norm"))
}

@Test func theFirstPageIsWholeWhereThereIsRoom() {
  var bench = Scene.loading.bench(.train)
  _ = bench.showStart()
  let page = text(bench, 120, 40)
  for words in [
    "▄▀▀▀ ▄▀▀▄", "1  Take the tour", "4  Open a session", "meanwhile", "rendering band",
    "1240 of 3000", "F3 this page again",
  ] { #expect(page.contains(words), "no '\(words)' in\n\(page)") }
  #expect(!page.contains("validation"))
  #expect(text(bench, 80, 24).contains("1 Take the tour"))
  bench.resize(width: 120, height: 40)
  let row = page.split(separator: "\n", omittingEmptySubsequences: false)
    .firstIndex { $0.contains("2  Use a folder") }
  _ = bench.handle(.mouse(Mouse(x: 40, y: row ?? 0, button: .left)))
  #expect(text(bench, 120, 40).contains("new session"))
}

/// The line below a choice, which says what follows, belongs to it.
@Test func consequencesBelongToTheirChoice() {
  var bench = Scene.running.bench(.train)
  bench.resize(width: 120, height: 40)
  _ = bench.handle(.character("S"))
  let lines = text(bench, 120, 40).split(separator: "\n", omittingEmptySubsequences: false)
  let row = lines.firstIndex { $0.contains("the steps since then are lost") } ?? 0
  let effects = bench.handle(.mouse(Mouse(x: 60, y: row, button: .left)))
  #expect(effects == [.engine(.run(.stop(.now)))])
}

@Test func filesAreShownByTime() {
  var bench = Held.scored()
  _ = bench.handle(.character("j"))
  let screen = text(bench, 120, 40)
  for words in ["classes over time", "8s, 4 windows", "0:00", "at or above the threshold"] {
    #expect(screen.contains(words), "no '\(words)' in\n\(screen)")
  }
  #expect(!text(bench, 80, 24).contains("classes over time"))
}

/// Pictures are drawn in cells below anything that lies over them, and while none can be drawn.
@Test func picturesGiveWayToWhatLiesOverThem() {
  var glyphs = GlyphSet(tier: .unicode, color: .direct, hasPapers: true)
  var bench = Scene.running.bench(.clips)
  bench.resize(width: 120, height: 40)
  #expect(bench.draw(width: 120, height: 40, glyphs: glyphs).pictures.isEmpty)
  glyphs.images = .kitty
  let picture = bench.draw(width: 120, height: 40, glyphs: glyphs).pictures.first
  #expect(picture?.rect.width ?? 0 > 60 && picture?.rect.height ?? 0 > 10)
  #expect(picture?.width == 100 && picture?.height == 32)
  _ = bench.handle(.character("?"))
  let covered = bench.draw(width: 120, height: 40, glyphs: glyphs)
  #expect(covered.pictures.isEmpty)
  _ = bench.handle(.escape)
  _ = bench.perform(.showTrain)
  #expect(bench.draw(width: 120, height: 40, glyphs: glyphs).pictures.isEmpty)
}
