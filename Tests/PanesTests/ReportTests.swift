// The views per class of a finished run: from 6 Compare and 7 Sessions, at every size.
import Canvas
import Lab
import Metrics
import Panes
import TestSupport
import Testing

@Suite struct ReportTests {
  private func report(
    clips: Int = 60, observed: Bool = true, isOld: Bool = false
  ) throws -> RunReport {
    let classes = Fixture.classes
    var (scores, targets) = ([Float](), [Float]())
    for clip in 0..<clips {
      for c in classes.indices {
        let isPresent = (clip * 5 + c * 3) % 7 < 2
        targets.append(isPresent ? 1 : 0)
        scores.append(Float((clip * 11 + c * 17) % 20) / 40 + (isPresent ? 0.4 : 0.05))
      }
    }
    let labelled = try LabelledScores(
      scores: scores, targets: targets,
      observed: targets.indices.map { observed && $0 % 5 > 0 }, classes: classes.count)
    return RunReport(
      run: "b1-cnn-s0", classes: classes, labelled: labelled,
      afterTraining: isOld ? nil : try AfterTraining(validation: labelled, test: labelled))
  }

  @Test func anEarlierRunHasNoDiagram() throws {
    var bench = bench(try report(isOld: true))
    for key in "llla" { _ = bench.handle(.character(key)) }
    #expect(text(bench).contains("has no reliability diagram"))
  }

  private func bench(_ report: RunReport) -> Workbench {
    var bench = Scene.idle.bench(.sessions)
    bench.apply(.report(report))
    return bench
  }

  private func text(_ bench: Workbench, _ width: Int = 80, _ height: Int = 24) -> String {
    var bench = bench
    bench.resize(width: width, height: height)
    return TestSupport.Screen.text(bench.draw(width: width, height: height, glyphs: .unicode))
      .joined(separator: "\n")
  }

  @Test func theKeyAsksForTheRunUnderTheCursor() throws {
    var bench = Scene.idle.bench(.sessions)
    for key in "7j" { _ = bench.handle(.character(key)) }
    let effects = bench.handle(.character("d"))
    let folder = Fixture.folder("band-missing-labels", "b0-cnn-s0")
    #expect(effects == [.engine(.sessions(.report(folder)))], "\(effects)")
    for key in "jj" { _ = bench.handle(.character(key)) }
    #expect(bench.handle(.character("d")).isEmpty)
    #expect(text(bench).contains("is not done"))
    bench = Scene.idle.bench(.train)
    bench.apply(.report(try report()))
    #expect(!text(bench).contains("b1-cnn-s0 student"))
  }

  @Test func viewsAndClassesAreOneKeyApart() throws {
    var bench = bench(try report())
    #expect(text(bench).contains("b1-cnn-s0 student: bass, 1 of 12"))
    #expect(text(bench).contains("[mistakes]") && text(bench).contains("heard instead"))
    _ = bench.handle(.character("j"))
    #expect(text(bench).contains("bell, 2 of 12"))
    _ = bench.handle(.character("l"))
    #expect(text(bench).contains("[precision and recall]") && text(bench).contains("recall 0."))
    _ = bench.handle(.character("l"))
    #expect(text(bench).contains("best in hindsight"))
    _ = bench.handle(.character("l"))
    #expect(text(bench).contains("[reliability] a all classes"))
    #expect(text(bench).contains("bell, 2 of 12"))
    #expect(text(bench).contains("calibration error 0.") && text(bench).contains("0.9 to 1.0"))
    // A key of the view of all classes alone.
    _ = bench.handle(.character("s"))
    _ = bench.handle(.character("a"))
    #expect(text(bench).contains("[reliability] a one class"))
    #expect(text(bench).contains("all 12 classes") && text(bench).contains("s validation"))
    #expect(text(bench).contains("calibration error 0.") && text(bench).contains("with temperat"))
    #expect(text(bench).contains("0.9 to 1.0") && text(bench).contains("test, cal"))
    _ = bench.handle(.character("s"))
    #expect(text(bench).contains("validation, cal") && text(bench).contains("the other half"))
    _ = bench.handle(.character("l"))
    #expect(text(bench).contains("[mistakes]"))
    _ = bench.handle(.character("G"))
    #expect(text(bench).contains("voice, 12 of 12"))
    _ = bench.handle(.escape)
    #expect(!text(bench).contains("[mistakes]"))
  }

  @Test(arguments: [(80, 24), (60, 14), (20, 8), (200, 60)]) func everySizeDraws(
    width: Int, height: Int
  ) throws {
    var bench = bench(try report())
    for key in "lllaal" {
      #expect(!text(bench, width, height).isEmpty)
      _ = bench.handle(.character(key))
    }
  }

  @Test func aClassWithoutLabelsSaysSo() throws {
    #expect(text(bench(try report(observed: false))).contains("no label of this class"))
    #expect(text(bench(try report(clips: 0))).contains("none of its test clips"))
  }
}
