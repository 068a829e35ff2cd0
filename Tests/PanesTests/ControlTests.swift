// Typing keys asks the engine for the right things.
import Canvas
import Lab
import Panes
import Testing

extension Workbench {
  fileprivate mutating func type(_ text: String) -> [Effect] {
    text.flatMap { handle(.character($0)) }
  }
}

@Test func openingRequestsTheDataSet() {
  var bench = Fixture.bench()
  #expect(bench.open() == [.engine(.openDataset(Recipe()))])
  #expect(bench.status == .preparing)
  bench.apply(.dataset(Fixture.dataset))
  #expect(bench.status == .idle)
}

@Test(arguments: Panes.Screen.allCases)
func oneKeyStartsTheSessionFromAnyScreen(screen: Panes.Screen) {
  var bench = Scene.idle.bench(screen)
  #expect(bench.type("R") == [.engine(.startSession)])
  #expect(bench.screen == .train)
  #expect(bench.isTraining)
  #expect(bench.type("R") == [])
  #expect(bench.toast?.text == "a run is active; press S to stop it")
}

@Test func withoutASessionTheRecipeIsTrained() {
  var bench = Workbench(recipe: Recipe(seed: 7), catalog: Fixture.catalog)
  #expect(bench.type("R") == [.engine(.start(Recipe(seed: 7)))])
}

@Test func aChangedRecipeIsAddedFromTheMethodScreenOnly() {
  var bench = Scene.idle.bench(.method)
  _ = bench.handle(.up)
  _ = bench.handle(.enter)
  #expect(bench.recipe.method == "b0")
  #expect(bench.type("3R") == [.engine(.startSession)])
  bench.apply(.problem(RequestProblem(code: .run, text: "no")))
  #expect(bench.type("2R") == [.engine(.start(Recipe(method: "b0")))])
}

@Test func finishedSessionReportsNothingToDo() {
  var bench = Scene.idle.bench(.train)
  bench.apply(
    .session(
      Fixture.runs.map {
        var run = $0
        run.state = "done"
        return run
      }))
  #expect(bench.type("R") == [])
  #expect(bench.toast?.text.hasPrefix("every run of the session is done") == true)
}

@Test func spacePausesAndResumes() {
  var bench = Scene.running.bench(.train)
  #expect(bench.type(" ") == [.engine(.run(.pause))])
  bench = Scene.paused.bench(.train)
  #expect(bench.type(" ") == [.engine(.run(.resume))])
  bench = Scene.idle.bench(.train)
  #expect(bench.type(" ") == [])
  #expect(bench.toast?.text == "no run is active; press R to start")
}

@Test func steppingWithoutARunStartsAPausedOne() {
  var bench = Scene.idle.bench(.train)
  #expect(bench.type("P") == [.engine(.holdNext), .engine(.startSession)])
  bench = Scene.idle.bench(.train)
  #expect(bench.type(".") == [.engine(.holdNext), .engine(.startSession)])
}

@Test func stepsPauseAndCount() {
  var bench = Scene.paused.bench(.train)
  #expect(bench.type(".") == [.engine(.run(.step(1, .batch)))])
  #expect(bench.status == .stepping)
  #expect(bench.type(">") == [.engine(.run(.step(1, .epoch)))])
  #expect(bench.type("5.") == [.engine(.run(.step(5, .batch)))])
  #expect(bench.screen == .train)
  // On its way it passes 2 Method, where the network is counted.
  #expect(bench.type("12.").last == .engine(.run(.step(12, .batch))))
  #expect(bench.screen == .train)
  #expect(bench.type("3P") == [.engine(.run(.step(3, .phase)))])
  #expect(bench.type("5") == [])
  #expect(bench.screen == .missing)
  #expect(bench.type("j.") == [.engine(.run(.step(1, .batch)))])
  bench = Scene.running.bench(.train)
  #expect(bench.type(".") == [.engine(.run(.pause)), .engine(.run(.step(1, .batch)))])
}

@Test func aCountIsForgottenAfterTwoSeconds() {
  var bench = Scene.paused.bench(.train)
  _ = bench.type("5")
  bench.tick(200)
  #expect(bench.type(".") == [.engine(.run(.step(1, .batch)))])
  #expect(bench.screen == .missing)
}

@Test func aCountIsBounded() {
  var bench = Scene.paused.bench(.train)
  _ = bench.type("9")
  #expect(bench.toast?.text == "9: press . > or P to train that many")
  bench.tick(200)
  #expect(bench.type("99999999999999999999.") == [.engine(.run(.step(9999, .batch)))])
}

@Test func stopMenuOffersFourModesAndCancel() {
  let answers: [(String, [Effect])] = [
    ("Se", [.engine(.run(.stop(.evaluate)))]), ("Sa", [.engine(.run(.stop(.afterEpoch)))]),
    ("Sb", [.engine(.run(.stop(.afterBatch)))]), ("Sn", [.engine(.run(.stop(.now)))]), ("Ss", []),
    ("Sq", []),
  ]
  for (keys, effects) in answers {
    var bench = Scene.running.bench(.train)
    let before = bench.draw(width: 80, height: 24, glyphs: .unicode)
    #expect(bench.type(keys) == effects, "\(keys)")
    #expect(bench.draw(width: 80, height: 24, glyphs: .unicode) == before)
  }
  var bench = Scene.running.bench(.train)
  _ = bench.type("Sj")
  #expect(bench.handle(.enter) == [.engine(.run(.stop(.afterEpoch)))])
}

@Test func quittingAsksForConfirmationWhileTraining() {
  var bench = Scene.running.bench(.data)
  #expect(bench.type("q") == [])
  #expect(bench.handle(.escape) == [])
  #expect(bench.type("qs") == [])
  #expect(bench.type("qc") == [.engine(.shutDown), .quit])
  #expect(bench.type("qk") == [.engine(.run(.stop(.now))), .quit])
  bench = Scene.idle.bench(.data)
  #expect(bench.type("q") == [.engine(.shutDown), .quit])
  bench = Scene.done.bench(.train)
  #expect(bench.type("q") == [.engine(.shutDown), .quit])
}

@Test func shellKeysReturnEffects() {
  var bench = Scene.idle.bench(.train)
  bench.themes = ThemeChoice(names: ["dark", "light"], current: "dark")
  #expect(bench.type("Tj") == [.showTheme("light")])
  bench.themes.current = "light"
  #expect(bench.handle(.escape) == [.showTheme("dark")])
  bench.themes.current = "dark"
  #expect(
    bench.type("Tj") == [.showTheme("light")] && bench.handle(.enter) == [.keepTheme("light")])
  #expect(bench.type("Tj") == [.showTheme("light")])
  bench.themes.problem = "light.yaml:3: no colour"
  // What cannot be shown is not kept, and the dialog says why.
  #expect(bench.handle(.enter) == [] && bench.handle(.escape) == [])
  #expect(bench.type("A") == [.cycleGlyphs])
  #expect(bench.handle(.ctrl("l")) == [.redraw])
  #expect(bench.handle(.ctrl("z")) == [.suspend])
  #expect(bench.perform(.suspend) == [.suspend])
}

@Test func refusalsAreShown() {
  var bench = Scene.running.bench(.train)
  var run = FixtureRun()
  run.add(
    body("{\"command\":\"step\",\"ok\":false,\"reason\":\"still rendering\"}") as Reply, step: 1)
  bench.apply(.events(run.events))
  #expect(bench.toast?.text == "step: still rendering")
  #expect(bench.toast?.isWarning == true)
}

@Test func toastsDisappear() {
  var bench = Fixture.bench()
  bench.say("hello")
  #expect(bench.nextTick == 106)
  bench.tick(105.9)
  #expect(bench.toast?.text == "hello")
  bench.tick(106)
  #expect(bench.toast == nil)
  #expect(bench.nextTick == nil)
}
