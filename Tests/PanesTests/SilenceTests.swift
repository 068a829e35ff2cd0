// A run of another process that says nothing any more; and masked labels answered by hand.
import Canvas
import Lab
import Panes
import TestSupport
import Testing

private func text(_ bench: Workbench, _ width: Int = 80, _ height: Int = 24) -> String {
  TestSupport.Screen.text(bench.draw(width: width, height: height, glyphs: .unicode))
    .joined(separator: "\n")
}

@Test func silentRunIsShownAsStale() {
  var bench = Scene.attached.bench(.train)
  #expect(bench.status == .running && bench.nextTick == 120)
  bench.tick(119.9)
  #expect(bench.status == .running)
  bench.tick(120)
  #expect(bench.status == .stale && text(bench).contains("? STALE 20s"))
  #expect(bench.nextTick == 121)
  var run = FixtureRun()
  run.train(200..<201)
  bench.apply(.events(run.events))
  #expect(bench.status == .running)
  // Who waits is not silent, and a run of one's own has no other process.
  run = FixtureRun()
  run.state("paused", step: 201)
  bench.apply(.events(run.events))
  bench.tick(900)
  #expect(bench.status == .paused && bench.nextTick == nil)
  var own = Scene.running.bench(.train)
  own.tick(900)
  #expect(own.status == .running && own.nextTick == nil)
}

@Test func maskedLabelsAreAnsweredFromTheMap() {
  var bench = TeacherScene.masked.bench(.missing)
  _ = bench.handle(.character("v"))
  #expect(text(bench).contains("u undo mask"))
  for key in "scbbbu" { _ = bench.handle(.character(key)) }
  #expect(bench.toast?.text.hasSuffix("b shows one clip a column") == true)
  for key in "bbb" { _ = bench.handle(.character(key)) }
  for _ in 0..<3 { _ = bench.handle(.right) }
  let effects = bench.handle(.character("u"))
  guard case .engine(.labels(.answer(let answer)))? = effects.first else {
    Issue.record("no answer: \(bench.toast?.text ?? "")")
    return
  }
  #expect(answer.clip == "band-0003" && answer.className == "bass" && answer.value == .no)
  #expect(bench.toast?.text.contains("counts as no; u takes it back") == true)
  bench.apply(.patch([answer], file: "/s/patch.csv"))
  #expect(text(bench).contains("✓ by hand"))
  #expect(
    bench.handle(.character("u"))
      == [.engine(.labels(.takeBack(clip: "band-0003", className: "bass")))])
  bench.apply(.patch([], file: "/s/patch.csv"))
  #expect(!text(bench).contains("✓ by hand"))
  _ = bench.handle(.character("G"))
  #expect(bench.handle(.character("u")) == [])
  #expect(bench.toast?.text.hasPrefix("no masked label here") == true)
}
