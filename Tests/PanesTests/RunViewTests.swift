// What the screens say of runs beside their curves: best scores, settings that vary, durations.
import Canvas
import Foundation
import Lab
import Panes
import TestSupport
import Testing

private func text(_ bench: Workbench, _ width: Int = 80, _ height: Int = 24) -> String {
  var bench = bench
  bench.resize(width: width, height: height)
  return TestSupport.Screen.text(bench.draw(width: width, height: height, glyphs: .unicode))
    .joined(separator: "\n")
}

private func check(_ bench: Workbench, _ name: String) -> [String] {
  [(80, 24), (120, 40), (200, 60)].flatMap { width, height in
    var bench = bench
    bench.resize(width: width, height: height)
    return [("unicode", GlyphSet.unicode), ("ascii", .ascii)].compactMap { tier, glyphs in
      let grid = bench.draw(width: width, height: height, glyphs: glyphs)
      return TestSupport.Screen.mismatch(grid, golden: "Panes/\(name)-\(width)x\(height)-\(tier)")
    }
  }
}

extension Workbench {
  @discardableResult
  fileprivate mutating func type(_ keys: String) -> [Effect] {
    keys.flatMap { handle(.character($0)) }
  }
}

@Suite struct BestScoreTests {
  /// The run that is shown is b1 with seed 0; b0 with seed 0 is finished and its curve known.
  @Test func theBestScoreNamesItsReference() {
    let bench = Scene.running.bench(.train)
    #expect(text(bench).contains("best 0.667, +0.024 to b0"), "\(text(bench))")
    #expect(text(bench, 160, 40).contains("best F1 0.667, +0.024 to b0"))
    var other = bench
    _ = other.perform(.showData)
    #expect(text(other, 160, 40).contains("best F1 0.667, +0.024 to b0"))
  }

  @Test func aPinnedRunIsTheReference() {
    var bench = Scene.running.bench(.compare)
    bench.type("ja*")
    _ = bench.perform(.showTrain)
    #expect(text(bench).contains("to b0-cnn-s1"), "\(text(bench))")
  }

  @Test func withoutACurveOfTheReferenceTheScoreStandsAlone() {
    var bench = Fixture.bench()
    bench.apply(.sessions(Fixture.sessions))
    let asked = bench.apply(.events(Scene.running.events))
    let folder = Fixture.folder("band-missing-labels", "b0-cnn-s0")
    #expect(asked.contains(.engine(.sessions(.compare([folder])))))
    #expect(text(bench).contains("best 0.667  "))
    bench.apply(.records(Fixture.records))
    #expect(text(bench).contains("best 0.667, +0.024 to b0"))
  }

  @Test func runsOfTheFirstMethodHaveNoReference() {
    var bench = Scene.idle.bench(.sessions)
    var run = FixtureRun("b0-cnn-s0")
    run.started(method: "b0")
    run.train(0..<80)
    var recording = Fixture.recording("b0-cnn-s0")
    recording.events = run.events
    bench.apply(.recording(recording))
    #expect(text(bench, 160, 40).contains("best F1 0.500"))
    #expect(!text(bench, 160, 40).contains(" to b0"))
  }
}

@Suite struct VariedScoresTests {
  @Test func testScoresArePlottedAgainstTheSweptKey() {
    var bench = Fixture.sweepBench()
    bench.type("I")
    let shown = text(bench)
    #expect(shown.contains("test F1 by removed") && shown.contains("18 runs"), "\(shown)")
    // The swept values themselves stand below the plot; means of two seeds beside it.
    #expect(shown.contains(/[ ]0 +0\.1 +0\.2 +0\.4 +0\.8 +removed/), "\(shown)")
    #expect(shown.contains("0.715 ± 0.007") && shown.contains("0.555 ± 0.007"))
    #expect(check(bench, "compare-varied") == [])
    bench.type("m")
    bench.type("I")
    #expect(!text(bench).contains("by removed"))
  }

  @Test func theFilterLeavesOutRuns() {
    var bench = Fixture.sweepBench()
    bench.type("I/b1")
    _ = bench.handle(.enter)
    #expect(text(bench).contains("9 runs"), "\(text(bench))")
  }

  @Test func anotherSettingNeedsAnotherSweep() {
    var bench = Fixture.sweepBench()
    bench.type("IX")
    #expect(bench.toast?.text == "no other setting was varied")
    bench = Scene.idle.bench(.compare)
    bench.type("I")
    #expect(bench.toast?.text.hasPrefix("no setting was varied") == true)
  }
}

@Suite struct RunColumnTests {
  @Test func columnsAreChosenOnceForBothLists() {
    var bench = Fixture.sweepBench(.sessions)
    bench.resize(width: 120, height: 40)
    bench.type("|")
    #expect(text(bench, 120, 40).contains("[ ] seconds"))
    // The fifth line is the duration; the last one is the setting that differs.
    bench.type("jjjj ")
    for _ in 0..<20 { bench.type("j") }
    bench.type(" ")
    #expect(bench.chosenColumns == ["seconds", "dataset.removed"], "\(bench.chosenColumns ?? [])")
    _ = bench.handle(.escape)
    #expect(text(bench, 120, 40).contains(/b0-removed0\.4-s0 +■ done +30s +0\.4/))
    _ = bench.perform(.showCompare)
    #expect(
      text(bench, 120, 40).contains(/b0-removed0\.4-s0 +30s +0\.4/), "\(text(bench, 120, 40))")
    bench.type("|0")
    _ = bench.handle(.escape)
    #expect(bench.chosenColumns == nil && text(bench, 120, 40).contains("0.510"))
  }
}

@Suite struct PreviewTests {
  /// Below 100 columns the run or session under the cursor is described below the list.
  @Test func theRunUnderTheCursorIsDescribed() {
    var bench = Scene.idle.bench(.sessions)
    bench.type("7j")
    #expect(text(bench).contains("test  F1 0.214  AP 0.581"), "\(text(bench))")
    bench = Fixture.sweepBench(.sessions)
    bench.type("7")
    #expect(text(bench).contains("18 done, 2 to do"))
    #expect(text(bench, 120, 40).contains("how fast each method"))
  }

  @Test func theDataSetUnderTheCursorIsDescribed() {
    var bench = Scene.idle.bench(.data)
    #expect(!text(bench).contains("environmental sounds"))
    _ = bench.handle(.down)
    #expect(text(bench).contains("environmental sounds") && text(bench).contains("enter opens it"))
  }
}

@Suite struct DurationTests {
  @Test func theKeySaysHowLongAllRunsTake() {
    var bench = Fixture.sweepBench(.train)
    #expect(text(bench).contains("R trains 2 runs, about 1 min"), "\(text(bench))")
    bench.type("R")
    #expect(bench.toast?.text == "starting 2 runs: about 1 min")
  }

  @Test func withoutEarlierRunsTheFirstStepsTell() {
    var bench = Scene.idle.bench(.train)
    var rows = Fixture.sessions
    for i in rows[0].runs.indices { rows[0].runs[i].seconds = nil }
    bench.apply(.sessions(rows))
    bench.type("R")
    #expect(bench.toast?.text == "starting 3 runs: the time is known after the first steps")
    bench.apply(.run("b1-cnn-s0"))
    var run = FixtureRun()
    run.started()
    run.train(0..<40)
    bench.apply(.events(run.events))
    #expect(bench.toast?.text == "about 15 s for this run, about 45 s for 3 runs")
  }
}

@Suite struct LessonListTests {
  @Test func lessonsStandTogetherInTheirOrder() throws {
    var bench = Scene.idle.bench(.sessions)
    let names = ["10-later", "2-masking", "1-missing"]
    bench.apply(.sessions(names.map(Fixture.lesson) + Fixture.sessions))
    bench.type("7")
    let shown = text(bench, 120, 40)
    let order = ["sweep", "lessons, in their order", "1-missing", "2-masking", "10-later"]
    let places = try order.map { try #require(shown.range(of: $0), "\($0) in \(shown)").lowerBound }
    #expect(places == places.sorted(), "\(shown)")
    #expect(!shown.contains("lesson:"))
  }
}

@Test func hintsOfAReplayAreDifferentWords() {
  var bench = Scene.idle.bench(.clips)
  bench.apply(.recording(Fixture.recording()))
  _ = bench.perform(.showClips)
  for width in [80, 120, 200] {
    let last = text(bench, width, 40).split(separator: "\n").last.map(String.init) ?? ""
    #expect(last.components(separatedBy: " play").count <= 2, "\(last)")
  }
}

@Test func longLogLinesAreWrapped() {
  var bench = Scene.running.bench(.train)
  var run = FixtureRun()
  run.log("warn", "x", "three clips have no positive label and are left out of the mean", 180)
  bench.apply(.events(run.events))
  bench.tick(900)
  let shown = text(bench)
  #expect(shown.contains("three clips have") && shown.contains("left out of the mean"), "\(shown)")
}
