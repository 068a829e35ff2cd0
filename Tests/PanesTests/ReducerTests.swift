// What messages and keys do to the state of the screens.
import Canvas
import Lab
import Panes
import TestSupport
import Testing

private func text(_ bench: Workbench, _ width: Int = 80, _ height: Int = 24) -> String {
  TestSupport.Screen.text(bench.draw(width: width, height: height, glyphs: .unicode))
    .joined(separator: "\n")
}

@Test func everySceneHasItsStatus() {
  let expected: [Scene: Status] = [
    .empty: .empty, .loading: .preparing, .idle: .idle, .preparing: .preparing, .running: .running,
    .paused: .paused, .stepping: .stepping, .evaluating: .evaluating, .stopping: .stopping,
    .done: .done, .failed: .failed,
  ]
  for (scene, status) in expected { #expect(scene.bench(.train).status == status, "\(scene)") }
}

@Test func countsAreExact() {
  let open = OpenDataset(Fixture.dataset)
  let labels = Fixture.dataset.clips.filter { $0.split == "train" }.flatMap(\.labels)
  #expect(open.training.total == 160 * 12)
  #expect(open.training.positive == labels.count { $0 == .positive })
  #expect(open.training.missing == labels.count { $0 == .missing })
  #expect(open.splits.map(\.name) == ["train", "validation", "test"])
  #expect(open.splits.map(\.clips) == [160, 40, 40])
  #expect(open.seconds == 480)
}

@Test func sumsMatchDirectCounts() {
  let clips = Fixture.dataset.clips
  let sums = LabelSums(classes: 12, clips: clips.count) { clips[$1].labels[$0] }
  for range in [0..<240, 3..<4, 17..<99, 239..<300, 240..<250] {
    let inside = range.clamped(to: 0..<240)
    for c in [0, 5, 11] {
      let labels = inside.map { clips[$0].labels[c] }
      let counts = sums.counts(of: c, in: range)
      #expect(counts.positive == labels.count { $0 == .positive })
      #expect(counts.missing == labels.count { $0 == .missing })
      #expect(counts.total == inside.count)
    }
  }
  #expect(sums.counts(of: 12, in: 0..<240).total == 0)
}

@Test func filterParsesWords() {
  let clips = Fixture.dataset.clips
  func found(_ words: String, split: String? = nil) -> [Int] {
    ClipFilter(split: split, words: words).clips(of: Fixture.dataset)
  }
  #expect(found("band-0123") == [123])
  #expect(found("class:guitar") == clips.indices.filter { clips[$0].labels[6] == .positive })
  #expect(
    found("missing:voice split:val").allSatisfy {
      clips[$0].labels[11] == .missing && clips[$0].split == "validation"
    })
  #expect(found("!split:train").count == 80)
  #expect(found("", split: "test").count == 40)
  #expect(found("guitar") == found("class:guitar"))
  #expect(found("no-such-thing").isEmpty)
  #expect(found("! :").count == 240)
}

@Test func searchingNarrowsTheListAndEscWidensIt() {
  var bench = Scene.idle.bench(.clips)
  #expect(bench.handle(.character("/")) == [])
  var effects: [Effect] = []
  for letter in "0123" { effects = bench.handle(.character(letter)) }
  #expect(effects.first == .engine(.inspect(clip: "band-0123")))
  #expect(text(bench).contains("/0123_"))
  #expect(text(bench).contains("1/240"))
  _ = bench.handle(.enter)
  #expect(text(bench).contains("band-0123"))
  _ = bench.handle(.escape)
  #expect(!text(bench).contains("1/240"))
  #expect(bench.screen == .clips)
}

@Test func eachClipIsRequestedOnce() {
  var bench = Scene.running.bench(.train)
  let first = bench.handle(.character("4"))
  #expect(
    first == [.engine(.inspect(clip: "band-0000")), .engine(.run(.predict(clips: ["band-0000"])))])
  #expect(
    bench.handle(.down)
      == [.engine(.inspect(clip: "band-0001")), .engine(.run(.predict(clips: ["band-0001"])))])
  #expect(bench.handle(.character("1")) == [])
  #expect(bench.handle(.character("4")) == [])
  _ = bench.handle(.character("G"))
  #expect(text(bench).contains("spectrogram band-0239"))
}

@Test func aNewEvaluationRefreshesThePredictionsShown() {
  var bench = Scene.running.bench(.clips)
  var run = FixtureRun()
  run.train(180..<200)
  #expect(bench.apply(.events(run.events)) == [.engine(.run(.predict(clips: ["band-0000"])))])
}

@Test func playingStartsStopsAndEnds() {
  var bench = Scene.idle.bench(.clips)
  #expect(bench.handle(.character("p")) == [.play(file: "/sounds/band-0000.wav")])
  bench.tick(101)
  #expect(text(bench).contains("► 1.0/2.0 s"))
  #expect(bench.nextTick == 101.25)
  #expect(bench.handle(.character("p")) == [.stopPlaying])
  _ = bench.handle(.character("p"))
  bench.tick(104)
  #expect(!text(bench).contains("/2.0 s"))
  _ = bench.handle(.down)
  #expect(bench.handle(.character("p")) == [])
  #expect(bench.toast?.text == "no sound loaded for this clip yet")
}

@Test func editingAFieldChangesTheRecipeOrShowsTheError() {
  var bench = Scene.idle.bench(.method)
  _ = bench.handle(.character("e"))
  _ = bench.handle(.ctrl("u"))
  for letter in "900" { _ = bench.handle(.character(letter)) }
  #expect(text(bench).contains("900_"))
  _ = bench.handle(.enter)
  #expect(text(bench).contains("! training.epochs: '900' is no number; expected"))
  #expect(bench.recipe.seed == 0)
  _ = bench.handle(.backspace)
  _ = bench.handle(.enter)
  #expect(bench.recipe.seed == 78)
  #expect(text(bench).contains("1 changed"))
  #expect(text(bench).contains("R adds 1 run: b1 · cnn · seed 78"))
  _ = bench.handle(.character("u"))
  #expect(bench.recipe.seed == 0)
}

@Test func choicesAreCycled() {
  var bench = Scene.idle.bench(.method)
  _ = bench.handle(.tab)
  _ = bench.handle(.down)
  _ = bench.handle(.right)
  #expect(bench.fields[1].value == "constant")
  _ = bench.handle(.left)
  #expect(bench.fields[1].value == "cosine")
  _ = bench.handle(.enter)
  #expect(bench.fields[1].value == "constant")
}

@Test func choosingADataSetOpensIt() {
  var bench = Scene.idle.bench(.data)
  _ = bench.handle(.down)
  #expect(bench.handle(.enter) == [.engine(.openDataset(Recipe(dataset: "esc50")))])
  bench = Scene.running.bench(.data)
  _ = bench.handle(.down)
  #expect(bench.handle(.enter) == [.engine(.openDataset(Recipe(dataset: "esc50")))])
  #expect(bench.toast?.text.contains("the run on band continues") == true)
  var other = Fixture.dataset
  other.id = "esc50"
  bench.apply(.dataset(other))
  let asked = bench.handle(.character("4"))
  #expect(asked == [.engine(.inspect(clip: "band-0000"))] && bench.isTraining)
}

@Test func mapOpensTheClipsOfACell() {
  var bench = Scene.idle.bench(.missing)
  _ = bench.handle(.down)
  _ = bench.handle(.right)
  #expect(text(bench).contains("bell × clips 3-5: "))
  _ = bench.handle(.enter)
  #expect(bench.screen == .clips)
  #expect(text(bench, 120, 40).contains("bell · clips 3-5"))
  #expect(text(bench, 120, 40).contains("3/240"))
}

@Test func viewsSwitchAndExplainWhatTheyNeed() {
  var bench = Scene.idle.bench(.missing)
  _ = bench.handle(.character("v"))
  #expect(text(bench).contains("needs a method that masks labels"))
  _ = bench.handle(.character("v"))
  #expect(text(bench).contains("needs a method with a teacher"))
  _ = bench.handle(.character("v"))
  #expect(text(bench).contains("‹truth›"))
  #expect(text(bench).contains(" 0%"))
  _ = bench.handle(.character("v"))
  #expect(text(bench).contains("‹given›"))
}

@Test func binsAndOrdersChange() {
  var bench = Scene.idle.bench(.missing)
  #expect(text(bench).contains("(3 a column, by class)"))
  _ = bench.handle(.character("b"))
  #expect(text(bench).contains("(1 a column, by class)"))
  for key in "sl" { _ = bench.handle(.character(key)) }
  #expect(text(bench).contains("most missing first"))
  bench.resize(width: 120, height: 40)
  for key in "sm" { _ = bench.handle(.character(key)) }
  #expect(text(bench, 120, 40).contains("sort: missing"))
}

@Test func plotsChangeByTheirKeys() {
  var bench = Scene.running.bench(.train)
  #expect(text(bench).contains("lin s.6"))
  _ = bench.handle(.character("Y"))
  _ = bench.handle(.character("~"))
  #expect(text(bench).contains("log s.9"))
  _ = bench.handle(.character("X"))
  #expect(text(bench).contains("epoch 12"))
  _ = bench.handle(.down)
  #expect(text(bench).contains("‹bce›"))
  _ = bench.handle(.character("f"))
  #expect(!text(bench).contains("F1, worst first"))
  _ = bench.handle(.escape)
  #expect(text(bench).contains("F1, worst first"))
}

@Test func theInspectCursorMovesAndLeaves() {
  var bench = Scene.running.bench(.train)
  let plain = text(bench)
  _ = bench.handle(.character("i"))
  let shown = text(bench)
  #expect(shown != plain)
  for _ in 0..<8 { _ = bench.handle(.left) }
  #expect(text(bench) != shown)
  _ = bench.handle(.escape)
  #expect(text(bench) == plain)
}

@Test func afterAFaultThePlotsStayUsable() {
  var bench = Scene.running.bench(.data)
  bench.apply(.events(Array(Scene.failed.events.suffix(2))))
  #expect(bench.screen == .train)
  let said = text(bench)
  #expect(said.contains("✗ training stopped: non-finite loss"))
  #expect(said.contains("Last good checkpoint: step 160."))
  #expect(said.contains("conv3.weight (inf)"))
  _ = bench.handle(.escape)
  #expect(!text(bench).contains("Last good checkpoint"))
  #expect(text(bench).contains("✗ FAILED"))
  #expect(bench.handle(.character("R")) == [.engine(.startSession)])
}

@Test func denominatorIsShownUnderTheScores() {
  for (width, height) in [(80, 24), (120, 40), (200, 60)] {
    let said = text(Scene.running.bench(.train), width, height)
    #expect(said.contains("over 47 observed"))
    #expect(said.contains("of 480 labels"))
    #expect(said.contains("61/640"))
  }
}

@Test func warningsCanBeFiltered() {
  var bench = Scene.running.bench(.train)
  var run = FixtureRun()
  run.log("warn", "class", "clarinet: 0 positives in the last 40 batches", 181)
  bench.apply(.events(run.events))
  #expect(bench.toast?.text == "clarinet: 0 positives in the last 40 batches")
  _ = bench.handle(.character("!"))
  #expect(text(bench, 120, 40).contains("log: warnings"))
  #expect(!text(bench, 120, 40).contains("seed 0, 2 threads"))
}

@Test func aNewRunStartsWithEmptyCurves() {
  var bench = Scene.done.bench(.train)
  bench.apply(.run("b1-cnn-s1"))
  #expect(bench.run.series.isEmpty)
  #expect(bench.isTraining)
}

@Test func theWheelScrollsWhatIsUnderIt() {
  var bench = Scene.idle.bench(.data)
  _ = bench.handle(.mouse(Mouse(x: 5, y: 20, button: .wheelDown)))
  #expect(text(bench).contains("► band-0001"))
  _ = bench.handle(.mouse(Mouse(x: 500, y: 500, button: .left)))
  #expect(text(bench).contains("► band-0001"))
}

/// The program was started again on a session that has a finished run.
@Test func finishedRunUpdatesItsSession() {
  func effects(_ states: [String]) -> [Effect] {
    var bench = Scene.idle.bench(.train)
    _ = bench.apply(
      .session(
        states.map { state in
          var run = Fixture.runs[0]
          run.state = state
          return run
        }))
    return bench.perform(.showClips)
  }
  func asks(_ effects: [Effect]) -> Bool {
    effects.contains { if case .engine(.run(.predict)) = $0 { true } else { false } }
  }
  #expect(asks(effects(["done", "new"])))
  #expect(!asks(effects(["new", "new"])))
}
