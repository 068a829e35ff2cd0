// Logs of other programs on the screens.
import Canvas
import Foundation
import Lab
import Panes
import TestSupport
import Testing

private func text(_ bench: Workbench, _ width: Int = 120, _ height: Int = 40) -> String {
  TestSupport.Screen.text(bench.draw(width: width, height: height, glyphs: .unicode))
    .joined(separator: "\n")
}

/// A table with a loss, an accuracy of training and one of validation, and a rate.
private func withLog(_ body: (WatchedRun) throws -> Void) throws {
  try withTemporaryFolder { folder in
    let rows = (0..<20).map { "\($0 * 10),\(1 / Float($0 + 1)),\($0 + 40),\($0 + 20),0.5" }
    let head = "step,Loss/train,train_acc,val_acc,lr"
    try Data(([head] + rows).joined(separator: "\n").appending("\n").utf8)
      .write(to: folder.appendingPathComponent("metrics.csv"))
    try body(try #require(try WatchedFolder(folder.path).runs().first))
  }
}

private func watching(_ run: WatchedRun, age: Double = 0) throws -> Workbench {
  var bench = Workbench(
    recipe: Recipe(), catalog: Fixture.catalog, session: "logs", watchesOnly: true)
  bench.resize(width: 120, height: 40)
  bench.tick(100)
  #expect(bench.open().isEmpty)
  bench.apply(.run(run.name))
  bench.apply(.attached(Attachment(run: run.name, recipe: nil, log: run.format, age: age)))
  bench.apply(.events(try run.events()))
  return bench
}

@Test func aLogIsDrawnByItsOwnNames() throws {
  try withLog { run in
    var bench = try watching(run)
    #expect(bench.status == .watching && !bench.isTraining)
    #expect(bench.toast?.text.hasPrefix("a CSV log holds scalars only") == true)
    bench.tick(110)
    let frame = text(bench)
    for words in ["WATCH", "Loss/train", "step 190", "newest values", "train_acc", "a CSV log"] {
      #expect(frame.contains(words), "\(words)")
    }
    // Training and validation of one quantity are drawn together, and a rate alone.
    let second = frame.split(separator: "\n").first { $0.contains("─ curves ") }
    #expect(second?.contains("lr") == true && second?.contains("train_acc") == true)
    _ = bench.perform(.showClips)
    #expect(bench.toast?.text.contains("no classes, labels, clips") == true)
  }
}

@Test func aLogIsNotCommanded() throws {
  try withLog { run in
    var bench = try watching(run)
    for action in [Action.ID.pause, .stop, .step, .checkpoint] {
      #expect(bench.perform(action).isEmpty)
      #expect(bench.toast?.text == "a CSV log of another program: scant only reads it")
    }
    #expect(bench.perform(.run).isEmpty)
    #expect(bench.toast?.text.contains("nothing to train") == true)
    #expect(bench.perform(.leave) == [.engine(.shutDown), .quit])
  }
}

/// Lines that were there before say nothing about when the log was written.
@Test func theAgeOfALogIsThatOfItsFile() throws {
  try withLog { run in
    var bench = try watching(run, age: 60)
    #expect(text(bench).contains("WATCH 1m00s"))
    bench.tick(130)
    #expect(text(bench).contains("WATCH 1m30s"))
  }
}

@Test func aReplayOfALogSeeksStepByStep() throws {
  try withLog { run in
    var bench = try watching(run)
    let recording = Recording(
      run: run.name, folder: run.url, recipe: nil, events: try run.events(), skipped: 0)
    #expect(bench.apply(.recording(recording)).isEmpty)
    bench.seek(step: 55)
    #expect(bench.run.series["lr"]?.count == 6 && bench.run.step == 55)
    bench.seek(step: 190)
    #expect(bench.run.series["lr"]?.count == 20)
  }
}
