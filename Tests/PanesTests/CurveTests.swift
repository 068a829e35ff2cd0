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

@Test func aTeacherStandsBesideTheStudent() {
  var bench = Scene.idle.bench(.clips)
  var run = FixtureRun()
  run.hello(teacher: true)
  run.state("running", step: 0)
  run.train(0..<40)
  run.predict("band-0000", step: 40)
  run.predict("band-0000", model: "teacher", step: 40)
  bench.apply(.events(run.events))
  let text = TestSupport.Screen.text(bench.draw(width: 120, height: 40, glyphs: .unicode))
  #expect(text.contains { $0.contains("bell") && $0.contains("0.83 0.83") })
  #expect(text.contains { $0.contains("predictions") && $0.contains("◆ teacher") })
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
  run.add(.terms(terms), step: 181)
  bench.apply(.events(run.events))
  for (width, height) in [(80, 24), (120, 40)] {
    let text = TestSupport.Screen.text(
      bench.draw(width: width, height: height, glyphs: .unicode))
    #expect(text.contains { $0.contains("! cons dead: 0.0127") }, "\(width)")
  }
}
