// What changed between two instants, going to a step, and going back in a run that is held.
import Canvas
import Foundation
import Lab
import Panes
import TestSupport
import Testing

private func text(_ bench: Workbench, _ width: Int = 80, _ height: Int = 24) -> String {
  TestSupport.Screen.text(bench.draw(width: width, height: height, glyphs: .unicode))
    .joined(separator: "\n")
}

private func replaying() -> Workbench {
  var bench = Scene.idle.bench(.train)
  bench.apply(.recording(Fixture.recording()))
  bench.tick(200)
  return bench
}

private extension Workbench {
  mutating func type(_ keys: String) -> [Effect] { keys.flatMap { handle(.character($0)) } }
}

@Test func changesSinceAnEventMatchGoldenFrames() {
  var bench = replaying()
  bench.seek(step: 130)
  #expect(bench.type("D") == [])
  for (width, height) in [(80, 24), (120, 40)] {
    bench.resize(width: width, height: height)
    for (tier, glyphs) in [("unicode", GlyphSet.unicode), ("ascii", .ascii)] {
      let grid = bench.draw(width: width, height: height, glyphs: glyphs)
      let file = "Panes/overlay-changes-\(width)x\(height)-\(tier)"
      #expect(TestSupport.Screen.mismatch(grid, golden: file) == nil)
    }
  }
}

@Test func twoMomentsAreCompared() {
  var bench = replaying()
  bench.seek(step: 170)
  _ = bench.type("]")
  _ = bench.type("D")
  #expect(text(bench).contains("what changed since"))
  #expect(text(bench).contains("total"))
  let near = text(bench)
  _ = bench.type("[[[[[")
  #expect(text(bench) != near && text(bench).contains("epoch"))
  // As far back as it goes: everything is new.
  for _ in 0..<60 { _ = bench.type("[") }
  #expect(text(bench).contains("since: the start") && text(bench).contains("new"))
  for _ in 0..<60 { _ = bench.type("j") }
  #expect(text(bench).contains("F1 by class") || text(bench).contains("voice"))
  _ = bench.handle(.escape)
  #expect(!text(bench).contains("what changed since"))
  bench = Scene.running.bench(.train)
  _ = bench.type("D")
  #expect(bench.toast?.text.contains("no replay") == true)
}

@Test func enterOnTheTimeLineComparesToo() {
  var bench = Scene.idle.bench(.sessions)
  _ = bench.type("7")
  bench.apply(.recording(Fixture.recording()))
  bench.resize(width: 120, height: 40)
  _ = bench.handle(.backTab)
  #expect(bench.handle(.enter) == [])
  #expect(text(bench, 120, 40).contains("what changed since"))
}

@Test func aStepIsReachedByItsNumber() {
  var bench = replaying()
  _ = bench.type("#")
  #expect(text(bench).contains("go to step") && text(bench).contains("0 to 480"))
  _ = bench.type("2x5")
  _ = bench.handle(.backspace)
  _ = bench.type("00")
  _ = bench.handle(.enter)
  #expect(bench.run.series["loss/total"]?.last?.step == 200)
  _ = bench.type("75#")
  #expect(bench.screen == .train && bench.run.series["loss/total"]?.last?.step == 75)
  _ = bench.type("#99999")
  _ = bench.handle(.enter)
  #expect(bench.run.step == 480 && bench.toast?.text == "the log ends at step 480")
  _ = bench.type("#1")
  _ = bench.handle(.escape)
  #expect(bench.run.step == 480)
}

/// What it takes is said before it is done.
@Test func pausedRunStepsBackAfterConfirmation() {
  var run = FixtureRun()
  run.started(capabilities: ["pause", "stepBack"])
  run.state("running", step: 0)
  run.train(0..<180)
  var bench = Fixture.bench()
  bench.apply(.run("b1-cnn-s0"))
  bench.apply(.events(run.events))
  #expect(bench.type(",") == [] && bench.toast?.text.contains("press space") == true)
  var held = FixtureRun()
  held.state("paused", step: 180)
  bench.apply(.events(held.events))
  #expect(bench.type(",") == [.engine(.run(.planStepBack(1)))])
  #expect(bench.type("5,") == [.engine(.run(.planStepBack(5)))])
  bench.apply(.stepBack(StepBack(json: ["count": 5, "target": 175, "base": 160, "seconds": 1.25])))
  #expect(text(bench).contains("back to step 175?"))
  #expect(text(bench).contains("retrains 15 steps from step 160, about 1.3 s"))
  #expect(bench.type("y") == [.engine(.run(.stepBack(5)))])
  bench.apply(
    .stepBack(
      StepBack(json: ["count": 900, "target": 0, "base": 0, "seconds": 0, "refusal": "too far"])))
  #expect(bench.toast?.text == "cannot step back: too far" && !text(bench).contains("back to step"))
  // The curves end where the run stands.
  var back = FixtureRun()
  back.state("paused", step: 100)
  bench.apply(.events(back.events))
  #expect(bench.run.series["loss/total"]?.last?.step == 100 && bench.status == .stepping)
}

@Test func runsThatCannotStepBackAreExplained() {
  var bench = Scene.paused.bench(.train)
  #expect(bench.type(",") == [] && bench.toast?.text == "this run cannot step back")
}
