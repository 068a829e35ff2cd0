// The logger for PyTorch loops writes what the page says, and scores as Scant does.
import Foundation
import Lab
import Metrics
import TestSupport
import Testing

@Suite struct PythonLogTests {
  private static let examples = SharedData.packageRoot.appendingPathComponent("Examples/pytorch")

  private static let script = """
    from random import Random
    from sys import argv, path
    path.insert(0, argv[2])
    from scant_log import ScantLog
    draw = Random(5)
    ids = ["clip %d" % n for n in range(40)]
    targets = [[int(draw.random() < 0.4), int(draw.random() < 0.7), 0] for _ in ids]
    observed = [[int(draw.random() < 0.8) for _ in range(3)] for _ in ids]
    said = [[round(draw.random(), 1) for _ in range(3)] for _ in ids]
    log = ScantLog(argv[1], ["a", "b", "never"])
    log.clips("train", ids, targets, observed)
    log.start("made up", "none", "chance", epochs=2, stepsPerEpoch=70, settings={"x": 1})
    for step in range(140):
        loss = float("nan") if step == 3 else 1 / (step + 1)
        log.step({"bce": (loss, 2.0, 60, 120)}, lr=0.1, clips=40)
    log.evaluate("test", ids, said, targets, observed, loss=0.7)
    log.end()
    """

  /// The log that the script writes; nil, and a message, without Python.
  private func written(_ folder: URL) throws -> URL? {
    let run = folder.appendingPathComponent("runs/py")
    let python = Process()
    python.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    python.arguments = ["python3", "-c", Self.script, run.path, Self.examples.path]
    python.environment = ProcessInfo.processInfo.environment.merging(
      ["PYTHONDONTWRITEBYTECODE": "1"], uniquingKeysWith: { $1 })
    try python.run()
    python.waitUntilExit()
    guard python.terminationStatus != 127 else {
      print("python3 is not installed: the logger in Python is not tested")
      return nil
    }
    #expect(python.terminationStatus == 0)
    return run
  }

  @Test func theLogPassesAndScoresAgree() throws {
    try Samples.withFolder { folder in
      guard let run = try written(folder).map(RunFolder.init) else { return }
      let check = try EventCheck(reading: run.events)
      #expect(check.faults == [] && check.unknownKeys.isEmpty && check.unknownEvents.isEmpty)
      let events = try EventLog.read(run.events).events
      var state = RunState()
      for event in events { state.apply(event) }
      let curve = try #require(state.series["loss/bce"])
      #expect(curve.count == 140 && curve.values[3].isNaN && curve.values[1] == 0.5)
      #expect(state.ended?.reason == .done && state.step == 140 && state.epoch == 2)
      #expect(state.terms.first?.contribution == 2 * (state.terms.first?.value ?? 0))
      try compare(try #require(state.evaluations["test/student"]), state)
    }
  }

  /// With the scores of `Metrics` for the predictions in the log.
  private func compare(_ end: EvalEnd, _ state: RunState) throws {
    let said = state.predictions.values
    let letters = said.map { Array($0.labels) }
    let scores = try score(
      LabelledScores(
        scores: said.map(\.probs), targets: letters.map { $0.map { $0 == "P" ? 1 : 0 } },
        observed: letters.map { $0.map { $0 != "." } }))
    for metric in [Metric.f1Macro, .f1MacroBoth, .apMacro] {
      let own = try #require(end.metrics[metric.rawValue])
      let other = try #require(scores.values[metric])
      #expect(abs(own - other) < 1e-9, "\(metric)")
    }
    for (mine, theirs) in zip(end.perClass, scores.perClass) {
      #expect(mine.observed == theirs.observed && mine.positives == theirs.positives)
      #expect((mine.ap == nil) == (theirs.ap == nil))
      #expect((mine.f1Both == nil) == (theirs.f1Both == nil))
    }
    #expect(end.scored == scores.scored && end.entries == 120)
  }

  @Test func theLoggerIsOneShortFile() throws {
    let text = try String(
      contentsOf: Self.examples.appendingPathComponent("scant_log.py"), encoding: .utf8)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count <= 121)
    #expect(lines.filter { $0.hasPrefix("import ") } == ["import fcntl, json, math, os, time"])
  }
}
