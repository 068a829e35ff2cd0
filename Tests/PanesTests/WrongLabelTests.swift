// Given labels that look wrong to the finished run, over 5 Missing.
import Canvas
import Lab
import Panes
import TestSupport
import Testing

@Suite struct WrongLabelTests {
  private let found = WrongLabels(json: [
    "run": "b0-cnn-s0", "turned": 3, "checked": ["training": 40, "test": 20],
    "labels": [
      WrongLabel(json: [
        "clip": "clip-7", "className": "flute", "split": "train", "isPositive": true,
        "probability": 0.02, "margin": -0.96, "origin": "training", "isWrong": true,
      ]),
      WrongLabel(json: [
        "clip": "clip-9", "className": "voice", "split": "test", "isPositive": false,
        "probability": 0.91, "margin": -0.82, "origin": "test", "isWrong": false,
      ]),
    ],
  ])

  private func text(_ bench: Workbench, _ width: Int = 120, _ height: Int = 40) -> String {
    var bench = bench
    bench.resize(width: width, height: height)
    return TestSupport.Screen.text(bench.draw(width: width, height: height, glyphs: .unicode))
      .joined(separator: "\n")
  }

  @Test func theKeyAsksTheHeldRun() {
    var bench = Held.bench()
    _ = bench.perform(.showMissing)
    let effects = bench.handle(.character("d"))
    #expect(effects == [.engine(.held(.checkLabels))], "\(effects)")
    bench.apply(.held(.wrongLabels(found)))
    let shown = text(bench)
    #expect(shown.contains("labels that look wrong") && shown.contains("2 of 60 given labels"))
    #expect(shown.contains("clip-7") && shown.contains("-0.96") && shown.contains("present"))
    #expect(shown.contains("clip-9") && shown.contains("absent") && shown.contains("0.91"))
    #expect(shown.contains("the run has learned"))
    for (width, height) in [(80, 24), (40, 12), (200, 60)] {
      #expect(!text(bench, width, height).isEmpty)
    }
    _ = bench.handle(.escape)
    #expect(!text(bench).contains("clip-7"))
  }

  @Test func withoutAFinishedRunItSaysWhatIsMissing() {
    var bench = Scene.running.bench(.missing)
    #expect(bench.handle(.character("d")).isEmpty)
    #expect(text(bench).contains("a finished run says which labels"))
    // An answer that comes late interrupts nobody elsewhere.
    _ = bench.perform(.showClips)
    bench.apply(.held(.wrongLabels(found)))
    #expect(!text(bench).contains("clip-7"))
  }
}
