// Sessions, time travel and comparing runs.
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

private func check(_ bench: Workbench, _ name: String) -> [String] {
  var wrong: [String] = []
  for (width, height) in [(80, 24), (120, 40), (200, 60)] {
    var bench = bench
    bench.resize(width: width, height: height)
    for (tier, glyphs) in [("unicode", GlyphSet.unicode), ("ascii", .ascii)] {
      let grid = bench.draw(width: width, height: height, glyphs: glyphs)
      let file = "Panes/\(name)-\(width)x\(height)-\(tier)"
      wrong += [TestSupport.Screen.mismatch(grid, golden: file)].compactMap { $0 }
    }
  }
  return wrong
}

private func replaying(_ screen: Panes.Screen = .sessions) -> Workbench {
  var bench = Scene.idle.bench(screen)
  _ = bench.perform(.showSessions)
  bench.apply(.recording(Fixture.recording()))
  bench.tick(200)
  return bench
}

private extension Workbench {
  mutating func type(_ keys: String) -> [Effect] { keys.flatMap { handle(.character($0)) } }
}

@Test func replayAndCompareMatchGoldenFrames() {
  var bench = replaying()
  _ = bench.type("j")
  bench.seek(step: 130)
  #expect(check(bench, "sessions-replay") == [])
  _ = bench.perform(.showTrain)
  #expect(check(bench, "train-replay") == [])
  bench = Scene.idle.bench(.compare)
  _ = bench.perform(.showCompare)
  _ = bench.type("ja")
  #expect(check(bench, "compare-two") == [])
  _ = bench.type("jvv")
  #expect(check(bench, "compare-classes") == [])
}

@Test func showingTheScreenRequestsTheList() {
  var bench = Scene.idle.bench(.train)
  #expect(bench.type("7") == [.engine(.sessions(.list))])
  #expect(text(bench).contains("- band-missing-labe"))
  #expect(text(bench).contains("! unreadable"))
  #expect(text(bench).contains("2/4 done"))
  _ = bench.handle(.enter)
  #expect(text(bench).contains("+ band-missing-labe"))
  #expect(!text(bench).contains("b0-cnn-s1"))
}

@Test func sessionsAreOpenedAndRunsResumed() {
  var bench = Scene.idle.bench(.sessions)
  _ = bench.type("7")
  _ = bench.handle(.character("G"))
  #expect(
    bench.type("o") == [.engine(.sessions(.open(URL(fileURLWithPath: "/sessions/sweep"))))])
  let effects = bench.apply(.opened(session: "sweep", recipe: Recipe(method: "b0")))
  #expect(effects == [.engine(.openDataset(Recipe(method: "b0")))])
  #expect(bench.sessionName == "sweep" && bench.recipe.method == "b0")
  #expect(text(bench).contains("mean-teacher-s0"))
  _ = bench.type("j")
  let folder = Fixture.folder("sweep", "mean-teacher-s0")
  #expect(bench.type("r") == [.engine(.sessions(.resume(folder)))])
  #expect(bench.isTraining && bench.screen == .train)
}

@Test func finishedAndUnstartedRunsAreNotResumed() {
  var bench = Scene.idle.bench(.sessions)
  _ = bench.type("7j")
  #expect(bench.type("r") == [])
  #expect(bench.toast?.text == "b0-cnn-s0 is done")
  _ = bench.type("jjj")
  #expect(bench.handle(.enter) == [])
  #expect(bench.toast?.text == "b1-cnn-s1 has not been trained yet")
}

@Test func deletingAsksForConfirmation() {
  var bench = Scene.idle.bench(.sessions)
  _ = bench.type("7j")
  #expect(bench.type("x") == [])
  #expect(text(bench).contains("delete b0-cnn-s0?"))
  #expect(bench.handle(.enter) == [])
  _ = bench.type("x")
  let folder = Fixture.folder("band-missing-labels", "b0-cnn-s0")
  #expect(bench.type("y") == [.engine(.sessions(.delete(folder)))])
  #expect(bench.type("u") == [.engine(.sessions(.restore(folder)))])
  #expect(bench.type("u") == [] && bench.toast?.text.hasPrefix("no run was deleted") == true)
  #expect(bench.type("kx") == [])
  #expect(bench.toast?.text == "x deletes the run under the cursor")
}

@Test func aReplayShowsWhatWasSeenLive() {
  let events = Scene.done.events
  for count in stride(from: 3, through: events.count, by: 4) {
    var live = Fixture.bench()
    live.apply(.dataset(Fixture.dataset))
    for event in events.prefix(count) { live.apply(.events([event])) }
    var shown = RunState()
    for event in events.prefix(count) { shown.apply(event) }
    #expect(live.run == shown)
  }
  var bench = replaying()
  let end = bench.run
  bench.seek(step: 75)
  #expect(bench.run.series["loss/total"]?.last?.step == 75)
  #expect(bench.run.evaluations["validation/student"] != nil)
  bench.seek(step: 20)
  #expect(bench.run.series["loss/total"]?.count == 21)
  #expect(bench.run.evaluations.isEmpty)
  bench.seek(step: 480)
  #expect(bench.run == end)
}

/// At every event the panes of 3 Train show in a replay what they showed live.
@Test func aReplayedFrameIsTheLiveFrame() {
  func panes(_ bench: Workbench, _ width: Int, _ height: Int) -> [String] {
    let lines = TestSupport.Screen.text(
      bench.draw(width: width, height: height, glyphs: .unicode))
    // The header says REPLAY, the footer offers its keys, the strip knows no eta.
    return Array(lines.dropFirst(2).dropLast(2))
  }
  for scene in [Scene.done, .failed, .evaluating] {
    let events = scene.events
    var recording = Fixture.recording()
    recording.events = events
    for count in stride(from: 2, through: events.count, by: 3) {
      var live = Fixture.bench()
      live.apply(.dataset(Fixture.dataset))
      live.apply(.run("b1-cnn-s0"))
      live.apply(.events(Array(events.prefix(count))))
      _ = live.perform(.showTrain)
      live.tick(900)
      var replay = Fixture.bench()
      replay.apply(.dataset(Fixture.dataset))
      var part = recording
      part.events = Array(events.prefix(count))
      replay.apply(.recording(part))
      replay.tick(900)
      for (width, height) in [(80, 24), (120, 40)] {
        #expect(panes(live, width, height) == panes(replay, width, height), "\(scene) \(count)")
      }
    }
  }
}

@Test func keysMoveThroughTheTimeline() {
  var bench = replaying()
  #expect(bench.status == .replaying && !bench.isTraining)
  #expect(text(bench).contains("time travel  b0-cnn-s0"))
  bench.seek(step: 100)
  _ = bench.type(".")
  #expect(bench.run.series["loss/total"]?.last?.step == 101)
  _ = bench.type("5,")
  #expect(bench.screen == .sessions && bench.run.series["loss/total"]?.last?.step == 96)
  _ = bench.type(">")
  #expect(bench.run.step == 120)
  _ = bench.type("]")
  #expect(text(bench).contains("[ step"))
  let before = bench.run.t
  _ = bench.handle(.left)
  #expect(bench.run.t < before)
  _ = bench.type("B")
  #expect(bench.toast?.text.hasPrefix("bookmark at step") == true)
  #expect(bench.type("S") == [])
  #expect(bench.toast?.text.hasPrefix("a replay is shown") == true)
}

@Test func replayFollowsTheClockAndEnds() {
  var bench = Scene.idle.bench(.sessions)
  _ = bench.type("7j")
  let folder = Fixture.folder("band-missing-labels", "b0-cnn-s0")
  #expect(bench.type("p") == [.engine(.sessions(.record(folder)))])
  bench.tick(300)
  bench.apply(.recording(Fixture.recording()))
  #expect(bench.screen == .train && bench.run.step == 0)
  #expect(bench.nextTick == 300.1)
  bench.tick(301)
  let step = bench.run.step
  #expect(step > 0 && step <= 80)
  _ = bench.type("+")
  bench.tick(302)
  #expect(bench.run.step > step)
  bench.tick(900)
  #expect(bench.run.step == 480 && bench.nextTick != 900.1)
  _ = bench.handle(.escape)
  #expect(bench.status == .idle && bench.run.step == 0)
}

/// A long log is shown from its ends first.
@Test func restOfALongLogIsLoadedLater() {
  let whole = Fixture.recording()
  var ends = whole
  ends.isWhole = false
  ends.events = [whole.events[0]] + whole.events.suffix(6)
  func opened() -> Workbench {
    var bench = Scene.idle.bench(.sessions)
    _ = bench.type("7j")
    bench.apply(.recording(ends))
    return bench
  }
  var bench = opened()
  #expect(bench.status == .replaying && bench.run.step == 480)
  #expect(text(bench).contains("reading the log"))
  _ = bench.type("[")
  let (step, seq) = (bench.run.step, bench.run.seq)
  _ = bench.type("B")
  bench.apply(.recording(ends))
  bench.apply(.recording(whole))
  #expect(bench.run.step == step && bench.run.seq == seq)
  #expect(!text(bench).contains("reading the log"))
  #expect(bench.run.series["loss/total"]?.steps.first == 0)
  // A step asked for meanwhile is shown when it is known.
  bench = opened()
  bench.seek(step: 75)
  #expect(bench.run.step == 480)
  bench.apply(.recording(whole))
  #expect(bench.run.series["loss/total"]?.last?.step == 75)
  // Left before: the rest does not bring it back.
  bench = opened()
  _ = bench.handle(.escape)
  bench.apply(.recording(whole))
  #expect(bench.status != .replaying)
  bench.apply(.recording(whole))
  #expect(bench.status == .replaying)
}

@Test func trainingContinuesDuringAReplay() {
  var bench = Scene.running.bench(.sessions)
  bench.apply(.recording(Fixture.recording()))
  #expect(bench.isTraining && bench.status == .replaying)
  var run = FixtureRun()
  run.train(200..<240)
  bench.apply(.events(run.events))
  #expect(bench.run.ended != nil)
  _ = bench.handle(.escape)
  #expect(bench.status == .running && bench.run.step == 240)
}

/// The box over a failed run belongs to that run: putting it aside in a replay is forgotten where
/// time goes back before the fault, and says nothing about the run that failed behind the replay.
@Test func faultsBelongToTheirRun() {
  func isBoxed(_ bench: Workbench) -> Bool { text(bench, 80, 24).contains("─ ✗ training stopped") }
  var bench = Scene.failed.bench(.train)
  #expect(isBoxed(bench))
  _ = bench.handle(.escape)
  #expect(!isBoxed(bench))
  var failed = Fixture.recording()
  failed.events = Scene.failed.events
  bench.apply(.recording(failed))
  _ = bench.perform(.showTrain)
  #expect(isBoxed(bench))
  bench.apply(.run("b1-cnn-s1"))
  bench.apply(.events(Scene.failed.events))
  _ = bench.handle(.escape)
  #expect(!isBoxed(bench))
  _ = bench.type(",")
  _ = bench.type("]")
  #expect(isBoxed(bench))
  _ = bench.handle(.escape)
  _ = bench.handle(.escape)
  #expect(bench.status == .failed && isBoxed(bench))
}

/// What the box offers works where the run is only shown again.
@Test func replayedFailedRunIsResumed() {
  var bench = Scene.idle.bench(.train)
  var failed = Fixture.recording()
  failed.events = Scene.failed.events
  bench.apply(.recording(failed))
  _ = bench.perform(.showTrain)
  #expect(bench.type("R") == [.engine(.sessions(.resume(failed.folder)))])
  #expect(bench.status != .replaying)
}

@Test func recordingsOfAnotherDataSetOpenIt() {
  var bench = Scene.idle.bench(.sessions)
  var recording = Fixture.recording()
  recording.recipe = Recipe(dataset: "esc50")
  #expect(
    bench.apply(.recording(recording)) == [
      .engine(.openDataset(Recipe(dataset: "esc50"))), .engine(.held(.take(recording.folder))),
    ])
  #expect(
    bench.handle(.escape) == [.engine(.held(.letGo)), .engine(.openDataset(Recipe()))])
}

/// Two methods with the same seed, class by class.
@Test func chosenRunsAreTested() {
  var bench = Scene.idle.bench(.train)
  _ = bench.type("6ja")
  var records = Array(Fixture.records.prefix(2))
  records[1].summary.method = "b1"
  records[1].summary.seed = records[0].summary.seed
  bench.apply(.records(records))
  let shown = text(bench, 120, 40)
  #expect(shown.contains("b1 - b0 +0.067 p <.001"))
  #expect(shown.contains("paired: 12 classes; one seed"))
  records[1].summary.seed = 7
  bench.apply(.records(records))
  #expect(!text(bench, 120, 40).contains("paired"))
}

/// The mean of b0 is of both its seeds, the difference below it of the one that is shown.
@Test func differencesNameTheirRuns() {
  var bench = Scene.idle.bench(.train)
  _ = bench.type("6")
  bench.apply(.sessions(Fixture.sessions))
  _ = bench.type("jja")
  var other = Fixture.records[1]
  (other.folder, other.summary.method) = (Fixture.records[2].folder, "b1")
  other.summary.seed = Fixture.records[0].summary.seed
  bench.apply(.records([Fixture.records[0], other]))
  let shown = text(bench, 120, 40)
  #expect(shown.contains(/b0 .* n=2/) && shown.contains("a-b: 12 classes; one seed"), "\(shown)")
}

@Test func runsAreChosenAndMeasured() {
  var bench = Scene.idle.bench(.train)
  #expect(bench.type("6") == [.engine(.sessions(.list))])
  var asked = bench.apply(.sessions(Fixture.sessions))
  #expect(asked == [])
  #expect(text(bench).contains("1 of 4"))
  #expect(text(bench).contains("b0 0.223 ± 0.012"))
  _ = bench.type("jj")
  asked = bench.type("a")
  let folder = Fixture.folder("band-missing-labels", "b1-cnn-s0")
  #expect(asked == [.engine(.sessions(.compare([folder])))])
  #expect(text(bench, 120, 40).contains("learningRate"))
  #expect(!text(bench, 120, 40).contains("epochs "))
  _ = bench.type("v")
  #expect(text(bench, 120, 40).contains("epochs "))
  _ = bench.type("m")
  #expect(text(bench).contains("validation ap-macro"))
  _ = bench.type("X")
  #expect(text(bench).contains("x: epoch"))
  _ = bench.type("*")
  #expect(text(bench).contains("^"))
}
