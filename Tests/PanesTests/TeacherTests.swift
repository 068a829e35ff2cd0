// What the screens show of student, teacher, masks and single steps.
import Canvas
import Lab
import Panes
import TestSupport
import Testing

private func text(_ bench: Workbench, _ width: Int = 80, _ height: Int = 24) -> String {
  TestSupport.Screen.text(bench.draw(width: width, height: height, glyphs: .unicode))
    .joined(separator: "\n")
}

extension Workbench {
  fileprivate mutating func type(_ keys: String) -> [Effect] {
    keys.flatMap { handle(.character($0)) }
  }
}

private let sizes = [(80, 24), (120, 40), (200, 60)]

private func check(_ name: String, _ make: (Int, Int) -> Workbench) -> [String] {
  var wrong: [String] = []
  for (width, height) in sizes {
    let bench = make(width, height)
    for (tier, glyphs) in [("unicode", GlyphSet.unicode), ("ascii", .ascii)] {
      let grid = bench.draw(width: width, height: height, glyphs: glyphs)
      let file = "Panes/\(name)-\(width)x\(height)-\(tier)"
      wrong += [TestSupport.Screen.mismatch(grid, golden: file)].compactMap { $0 }
    }
  }
  return wrong
}

@Test(arguments: [1, 2, 3])
func mapViewsMatchGoldenFrames(flips: Int) {
  let wrong = check("missing-view\(flips + 1)") { width, height in
    var bench = TeacherScene.masked.bench(.missing, width: width, height: height)
    for key in [Key.down, .right, .right, .right, .right] { _ = bench.handle(key) }
    for _ in 0..<flips { _ = bench.handle(.character("v")) }
    return bench
  }
  #expect(wrong == [])
}

@Test(arguments: TeacherScene.allCases)
func teacherTrainingMatchesGoldenFrames(scene: TeacherScene) {
  let wrong = check("train-teacher-\(scene)") {
    scene.bench(.train, width: $0, height: $1)
  }
  #expect(wrong == [])
}

@Test func disagreementOrderMatchesGoldenFrames() {
  let wrong = check("clips-disagree") { width, height in
    var bench = TeacherScene.curves.bench(.clips, width: width, height: height)
    for key in ["w", "s", "d"] { _ = bench.handle(.character(Character(key))) }
    bench.tick(200)
    return bench
  }
  #expect(wrong == [])
}

@Test func maskIsShownAtTheSameCellOfTheMap() {
  var bench = TeacherScene.masked.bench(.missing)
  _ = bench.handle(.right)
  #expect(text(bench).contains("bass × clips 3-5: "))
  _ = bench.handle(.character("v"))
  let masked = text(bench)
  #expect(masked.contains("‹after mask›") && masked.contains("x masked"))
  #expect(masked.contains("bass × clips 3-5: ") && masked.contains("lowest masked 0.50"))
  #expect(masked.contains("missing labels masked, precision 0.31, recall 0.78"))
  let effects = bench.handle(.character("v"))
  #expect(text(bench).contains("bass × clips 3-5: "))
  guard case .engine(.run(.predict(let clips)))? = effects.first else {
    Issue.record("the teacher was not asked")
    return
  }
  #expect(clips.count == 160 && Set(clips).count == 160)
  #expect(bench.handle(.right) == [])
  _ = bench.handle(.character("v"))
  #expect(text(bench).contains("‹truth›"))
}

@Test func maskStatisticsAreCountedPerClass() {
  var bench = TeacherScene.masked.bench(.missing, width: 120, height: 40)
  _ = bench.handle(.character("v"))
  let said = text(bench, 120, 40)
  #expect(said.contains("mask from prec"))
  let training = Fixture.dataset.clips.filter { $0.split == "train" }
  let masked = training.indices.filter { training[$0].labels[0] == .missing && $0 % 3 == 0 }
  let right = masked.count { training[$0].truth?[0] == true }
  let precision = (Double(right) / Double(masked.count)).fixed(2)
  #expect(said.contains("\(masked.count) 0.50 \(precision)"))
}

@Test func masksOfOtherDataSetsAreIgnored() {
  var bench = TeacherScene.masked.bench(.missing)
  var other = Fixture.dataset
  other.id = "other"
  bench.apply(.dataset(other))
  _ = bench.handle(.character("v"))
  #expect(text(bench).contains("Cells are masked when the teacher is trained (student 2/2)"))
}

@Test func evaluationRefreshesTheTeachersPredictions() {
  var bench = TeacherScene.masked.bench(.missing)
  _ = bench.handle(.character("v"))
  _ = bench.handle(.character("v"))
  var run = FixtureRun("label-enhancing-s0")
  run.compareScores(epochs: 6..<7)
  let asked = bench.apply(.events(run.events))
  #expect(asked.contains { if case .engine(.run(.predict)) = $0 { true } else { false } })
}

@Test func studentAndTeacherShareAPlot() {
  var bench = TeacherScene.curves.bench(.train, width: 120, height: 40)
  #expect(text(bench, 120, 40).contains("validation ‹f1-macro›"))
  _ = bench.handle(.tab)
  for _ in 0..<3 { _ = bench.handle(.down) }
  #expect(text(bench, 120, 40).contains("‹T-S differ›"))
  #expect(text(bench, 120, 40).contains(/T-S differ 6\.1% .*@\d+/))
  #expect(text(bench, 80, 24).contains("F1 of the student"))
  #expect(text(bench, 120, 40).contains("! consistency conflicting"))
  let wide = text(TeacherScene.curves.bench(.train), 200, 60)
  #expect(wide.contains("teacher 0."))
  #expect(wide.contains("-0.62"))
}

@Test func stagesAreNamedInTheStrip() {
  #expect(text(TeacherScene.masked.bench(.train)).contains("student 2/2"))
}

@Test func phaseStepsShowTheFormula() {
  var bench = TeacherScene.curves.bench(.train)
  #expect(
    bench.handle(.character("P")) == [.engine(.run(.pause)), .engine(.run(.step(1, .phase)))])
  bench = TeacherScene.losses.bench(.train)
  #expect(bench.status == .stepping)
  let said = text(bench)
  #expect(said.contains("total = 0.2141 + 0.50 · 0.0127 = 0.2205"))
  #expect(said.contains("►LOSSES"))
  #expect(said.contains("T - S"))
  #expect(said.contains("losses       12.4"))
  #expect(bench.handle(.character("P")) == [.engine(.run(.step(1, .phase)))])
  _ = bench.handle(.escape)
  #expect(text(bench).contains("validation"))
  #expect(bench.handle(.character(" ")) == [.engine(.run(.resume))])
}

@Test func aStepShowsHowWatchedClipsMoved() {
  var bench = TeacherScene.stepped.bench(.train, width: 120, height: 40)
  let said = text(bench, 120, 40)
  #expect(said.contains("clips of the batch"))
  #expect(said.contains("+0.013"))
  #expect(said.contains("no: missing") && said.contains("yes"))
  #expect(said.contains("S, T: training pass, dropout on; moved: asked, off"))
  // The teacher of the made pass is 0.05 above the student, everywhere.
  #expect(said.contains("+0.05") && said.contains("rate") && said.contains("8.5e-4"))
  #expect(said.contains("step 201"))
  // A hold asks for the clips that are followed.
  _ = bench.handle(.character("."))
  var run = FixtureRun("mean-teacher-s0")
  run.walk(to: "ema", step: 201)
  run.state("paused", step: 202)
  #expect(
    bench.apply(.events(run.events)) == [
      .engine(.run(.predict(clips: ["band-0000", "band-0001"])))
    ])
}

@Test func watchedClipsAreLimitedAndRemovable() {
  var bench = TeacherScene.curves.bench(.clips)
  for _ in 0..<17 {
    _ = bench.handle(.character("w"))
    _ = bench.handle(.down)
  }
  #expect(bench.toast?.text == "16 clips is the limit; press w on one of them to unwatch it")
  _ = bench.handle(.character("g"))
  _ = bench.handle(.character("w"))
  #expect(bench.toast?.text == "band-0000 is no longer watched")
}

@Test func disagreementOrdersTheClips() {
  var bench = TeacherScene.curves.bench(.clips, width: 120, height: 40)
  guard
    case .engine(.run(.predict(let asked)))? = bench.type("sd").first(where: {
      if case .engine(.run) = $0 { true } else { false }
    })
  else {
    Issue.record("no predictions were asked for")
    return
  }
  #expect(asked.count == 240)
  // Answers that change the order bring another clip under the cursor: its sound is asked for.
  var run = FixtureRun("mean-teacher-s0")
  run.answers([50], step: 200)
  run.predict("band-0050", model: "teacher", step: 200)
  var changed = bench
  #expect(
    changed.apply(.events(run.events))
      == [.engine(.inspect(clip: "band-0050")), .engine(.run(.predict(clips: ["band-0050"])))])
  #expect(text(bench, 120, 40).contains("band-0004"))
  let first = text(bench, 120, 40).split(separator: "\n").first {
    $0.contains("►") && $0.contains("+")
  }
  #expect(first?.contains("+0.33") == true)
  _ = bench.handle(.character("t"))
  #expect(text(bench, 120, 40).contains("teacher alone"))
  bench = Scene.running.bench(.clips)
  #expect(bench.type("sd") == [])
  #expect(bench.toast?.text.contains("no teacher") == true)
}

@Test func stepPanesFitAnywhere() {
  for scene in TeacherScene.allCases {
    for screen in Panes.Screen.allCases {
      for (width, height) in [(1, 1), (19, 4), (40, 12), (60, 16), (99, 23), (100, 24), (300, 90)] {
        let bench = scene.bench(screen, width: width, height: height)
        let grid = bench.draw(width: width, height: height, glyphs: .ascii)
        #expect(grid.cells.allSatisfy { $0.glyph.isASCII })
      }
    }
  }
}

/// Between measurements the table says of which step the gradients are; older logs cannot say it.
@Test func gradientsOfEarlierStepsAreMarked() {
  var bench = TeacherScene.curves.bench(.train, width: 120, height: 40)
  #expect(text(bench, 120, 40).contains("|grad| and cos are @151"))
  #expect(text(TeacherScene.curves.bench(.train)).contains("bce 0.214 ∇0.830@151"))
  var run = FixtureRun("mean-teacher-s0")
  run.add(
    body(
      """
      {"terms":[{"name":"cls","value":0.2,"weight":1,"contribution":0.2,"gradNorm":0.8,
      "denominator":61,"entries":640,"flags":[]},{"name":"cons","value":0.01,"weight":1,
      "contribution":0.01,"gradNorm":0.1,"denominator":640,"entries":640,"flags":[]}]}
      """) as Terms, step: 210)
  bench.apply(.events(run.events))
  #expect(text(bench, 120, 40).contains("|grad| and cos @?: an older log"))
  #expect(text(bench, 120, 40).contains("step 210"))
}

/// A step of an older log: its tensors where they belong, and no guess at what counts.
@Test func stepsOfOlderLogsShowMissingValues() {
  var bench = TeacherScene.stepped.bench(.train, width: 120, height: 40)
  var run = FixtureRun("mean-teacher-s0")
  let clips = (0..<2).map { "\"\(Fixture.dataset.clips[$0].id)\"" }.joined(separator: ",")
  let tensor = "\"shape\":[2,12],\"min\":0,\"max\":1,\"mean\":0.5,\"norm\":1,\"nonFinite\":0}"
  run.add(
    body(
      """
      {"phase":"optim","clips":[\(clips)],"tensors":[{"name":"input",\(tensor),
      {"name":"probabilities",\(tensor)],"terms":[\(FixtureRun.terms(gradients: true))]}
      """) as StepSnapshot, step: 202)
  run.answers([0, 1], step: 202)
  run.state("paused", step: 202)
  bench.apply(.events(run.events))
  let said = text(bench, 120, 40)
  #expect(said.contains("S, T, moved: asked after step 202, dropout off"))
  #expect(said.contains("this log does not say what counts") && !said.contains("no: missing"))
  #expect(said.contains("student") && !said.contains("probabil"))
}

/// Scores are of the epoch that they closed, and of the method's result.
@Test func scoreBoardNamesNetworkAndEpoch() {
  var bench = TeacherScene.curves.bench(.train, width: 120, height: 40)
  var run = FixtureRun("mean-teacher-s0")
  run.scalars(["loss/total": 0.2], step: 290)
  bench.apply(.events(run.events))
  let said = text(bench, 120, 40)
  #expect(said.contains("validation teacher ") && said.contains(" ep 5 "))
  #expect(text(TeacherScene.masked.bench(.train), 120, 40).contains("validation student"))
}

@Test func everyPhaseIsASentenceWithItsNumbers() {
  let sentences = [
    "batch": "8 clips come in; of their 96 labels 20 are known: 20 yes, 0 no.",
    "studentFwd": "The student hears the clips, augmented and with dropout, and answers 96 times",
    "teacherFwd":
      "The teacher hears the clips and answers 0.21 on average; it differs from the student",
    "losses":
      "20 of 96 cells give bce 0.214; all 96 cells give consistency 0.0127, which counts 0.5",
    "backward":
      "The length of the gradient over all weights: 0.830 from bce, 0.110 from consistency;",
    "optim": "The optimizer moves every weight against its gradient with the learning rate 8.5e-4.",
    "ema": "The teacher takes a small part of the new student and keeps the rest of itself.",
  ]
  for (phase, sentence) in sentences {
    var bench = TeacherScene.curves.bench(.train, width: 200, height: 60)
    _ = bench.handle(.character("."))
    var run = FixtureRun("mean-teacher-s0")
    run.walk(to: phase, step: 201)
    bench.apply(.events(run.events))
    _ = bench.handle(.character("f"))
    let shown = text(bench, 200, 60).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(shown.contains(sentence), "\(phase)\n\(shown)")
  }
}
