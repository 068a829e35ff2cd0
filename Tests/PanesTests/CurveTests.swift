// What is drawn of long curves and of a teacher.
import Canvas
import Lab
import Panes
import TestSupport
import Testing

@Test func thinningKeepsExtremesAndEnds() {
  var series = Series()
  for step in 0..<50_000 {
    series.append(step == 31_234 ? 99 : step == 7 ? -99 : Float(step % 10), at: step)
  }
  let points = series.thinned(to: 1000)
  #expect(points.count <= 1100)
  #expect(points.contains { $0.step == 31_234 && $0.value == 99 })
  #expect(points.contains { $0.step == 7 && $0.value == -99 })
  #expect(points.last?.step == 49_999)
  #expect(zip(points, points.dropFirst()).allSatisfy { $0.step < $1.step })
}

@Test func shortCurvesAreDrawnWhole() {
  var series = Series()
  for step in [1, 5, 9] { series.append(Float(step), at: step) }
  #expect(series.thinned(to: 1000).map(\.step) == [1, 5, 9])
}

@Test func teacherAndStudentCurvesAreShown() {
  var bench = Scene.idle.bench(.clips)
  var run = FixtureRun()
  run.started(teacher: true)
  run.state("running", step: 0)
  run.train(0..<40)
  run.predict("band-0000", step: 40)
  run.predict("band-0000", model: "teacher", step: 40)
  bench.apply(.events(run.events))
  let text = TestSupport.Screen.text(bench.draw(width: 120, height: 40, glyphs: .unicode))
  #expect(text.contains { $0.contains("bell") && $0.contains("0.83 0.83") })
  #expect(text.contains { $0.contains("predictions") && $0.contains("┃ teacher") })
}

@Test func aDeadTermIsFlagged() {
  var bench = Scene.running.bench(.train)
  var run = FixtureRun()
  let terms: Terms = body(
    """
    {"terms":[{"name":"bce","value":0.2,"weight":1,"contribution":0.2,"gradNorm":0.8,
    "denominator":61,"entries":640,"flags":[]},
    {"name":"cons","value":0.0127,"weight":1,"contribution":0.0127,"gradNorm":0,
    "denominator":640,"entries":640,"flags":["dead"]}]}
    """)
  run.add(terms, step: 181)
  bench.apply(.events(run.events))
  for (width, height) in [(80, 24), (120, 40)] {
    let text = TestSupport.Screen.text(
      bench.draw(width: width, height: height, glyphs: .unicode))
    #expect(text.contains { $0.contains("! cons dead: 0.0127") }, "\(width)")
  }
}

private func plots(_ bench: Workbench, _ width: Int = 120, _ height: Int = 40) -> [String] {
  TestSupport.Screen.text(bench.draw(width: width, height: height, glyphs: .unicode))
}

extension Workbench {
  fileprivate mutating func type(_ keys: String) { for key in keys { _ = handle(.character(key)) } }
}

@Test func thinningKeepsGaps() {
  var series = Series()
  for step in 0..<50_000 { series.append(step == 20_000 ? .nan : Float(step % 7), at: step) }
  let points = series.thinned(to: 1000)
  #expect(points.contains { $0.step == 20_000 && $0.value.isNaN })
  #expect(zip(points, points.dropFirst()).allSatisfy { $0.step < $1.step })
  for step in 50_000..<90_000 { series.append(.nan, at: step) }
  #expect(series.thinned(to: 1000).last?.step == 89_999)
}

@Test func theXAxisHasFiveUnits() {
  var bench = Scene.done.bench(.train)
  let ends = (0..<5).map { _ in
    defer { bench.type("X") }
    return plots(bench).joined(separator: "\n")
  }
  for (end, shown) in zip(ends, ["step 480", "epoch 12", "s 30", "labels 2304", "step 480"]) {
    #expect(end.contains(shown), "\(shown)")
  }
  #expect(ends[0] != ends[4] && plots(bench).joined(separator: "\n") == ends[0])
}

/// Between two stretches of the log time passes evenly.
@Test func stepsHaveATime() {
  let run = Scene.done.bench(.train).run
  #expect(abs(run.seconds(at: 480) - 24) < 1e-3 && abs(run.seconds(at: 100) - 5) < 1e-3)
  #expect(RunState().seconds(at: 9) == 0)
}

@Test func zoomShowsARangeAndKeepsPins() {
  var bench = Scene.done.bench(.train)
  let whole = plots(bench)
  bench.type("zz")
  #expect(plots(bench).contains { $0.contains("×4") })
  #expect(!plots(bench).contains { $0.contains("║    0   ") })
  bench.type("Z=")
  #expect(plots(bench) == whole)
  // A pin, and the cursor to its left: the difference is read off.
  bench.type("i")
  _ = bench.handle(.enter)
  bench.type("hhhh")
  #expect(plots(bench).contains { $0.contains("from 1 at step 480") && $0.contains("+") })
  for (tier, glyphs) in [("unicode", GlyphSet.unicode), ("ascii", .ascii)] {
    let grid = bench.draw(width: 120, height: 40, glyphs: glyphs)
    let file = "Panes/train-pinned-120x40-\(tier)"
    #expect(TestSupport.Screen.mismatch(grid, golden: file) == nil)
  }
  bench.type("llll")
  _ = bench.handle(.enter)
  bench.type("i")
  #expect(plots(bench) == whole)
}

@Test func everyCurveHasItsOwnLetter() {
  #expect(
    String(CurveLetters.of(["f1-macro", "f1-macro-both", "f1-micro", "roc-auc-macro"])) == "fbmr")
  #expect(String(CurveLetters.of(["total", "t", "bce", "b", "tbc"])) == "tabcd")
  #expect(Set(CurveLetters.of((0..<20).map { _ in "x" })).count == 20)
}
