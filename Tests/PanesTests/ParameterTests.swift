// How much of a network is trained, on the Method screen; and terms in narrow places.
import Canvas
import Lab
import Panes
import TestSupport
import Testing

private func text(_ bench: Workbench, _ width: Int = 80, _ height: Int = 24) -> String {
  TestSupport.Screen.text(bench.draw(width: width, height: height, glyphs: .unicode))
    .joined(separator: "\n")
}

@Test func theNetworkIsCountedOnceForEachRecipe() {
  var bench = Scene.idle.bench(.train)
  #expect(bench.handle(.character("2")) == [.engine(.count(Recipe()))])
  #expect(bench.handle(.down) == [])
  bench.apply(
    .parameters(
      ParameterCount(network: Recipe().network, .counted(trained: 18_201, all: 87_600_000))))
  #expect(text(bench).contains("18.2k of 87.6M values are trained (0.0208%)"))
  // Another method is another network; what was told is not said of it.
  _ = bench.handle(.character("g"))
  _ = bench.handle(.enter)
  #expect(bench.recipe.method == "b0")
  #expect(!text(bench).contains("values are trained"))
  #expect(bench.handle(.character("3")) == [])
  #expect(bench.handle(.character("2")) == [])
}

@Test func otherModelsAreDescribedInWords() {
  var bench = Scene.idle.bench(.method)
  func said(_ result: ParameterCount.Result) -> String {
    bench.apply(.parameters(ParameterCount(network: Recipe().network, result)))
    return text(bench)
  }
  #expect(said(.counted(trained: 9100, all: 9100)).contains("all 9100 values are trained"))
  #expect(said(.counted(trained: 9, all: 10)).contains("9 of 10 values are trained (90.0%)"))
  #expect(said(.counted(trained: 0, all: 0)).contains("fitted, not trained"))
  #expect(said(.problem("no weights for 'ast'")).contains("! no weights for 'ast'"))
  // Another data set may mean another network.
  let asked = bench.apply(.dataset(Fixture.dataset))
  #expect(asked == [.engine(.count(Recipe()))])
}

@Test func narrowScreensShowNormAndCosineOfARegulariser() {
  var bench = TeacherScene.curves.bench(.train)
  var run = FixtureRun("con-reg-s0")
  run.add(
    body(
      """
      {"terms":[{"name":"cls","value":0.31,"weight":1,"contribution":0.31,"gradNorm":0.83,
      "measuredAt":200,"denominator":61,"entries":640,"flags":[]},{"name":"con","value":1.27,
      "weight":1,"contribution":1.27,"gradNorm":0.12,"measuredAt":200,
      "cosWithSupervised":-0.08,"denominator":8,"entries":8,"flags":[]}]}
      """) as Terms, step: 200)
  bench.apply(.events(run.events))
  #expect(text(bench).contains("con ∇0.120 cos-0.08 1.27"))
  #expect(text(bench).contains("cls 0.310 ∇0.830 61/640"))
  #expect(text(bench, 120, 40).contains("-0.08"))
}
