// What leaves the workbench: menus, curves, masks, the clipboard; and leaving it while training.
import Canvas
import Foundation
import Lab
import Panes
import TestSupport
import Testing

extension Workbench {
  fileprivate mutating func type(_ text: String) -> [Effect] {
    text.flatMap { handle(.character($0)) }
  }
}

private func text(_ bench: Workbench) -> String {
  TestSupport.Screen.text(bench.draw(width: 80, height: 24, glyphs: .unicode))
    .joined(separator: "\n")
}

@Test func exportMenuOffersAvailableExports() {
  var bench = Scene.idle.bench(.train)
  _ = bench.type("E")
  #expect(text(bench).contains("(f) this frame as text"))
  #expect(!text(bench).contains("(c)") && !text(bench).contains("(m)"))
  bench = Scene.running.bench(.train)
  let name = "b1-cnn-s0-step\(bench.run.step)"
  #expect(bench.run.run == "b1-cnn-s0")
  #expect(bench.type("Ec") == [.export(.csv, file: "\(name).csv")])
  #expect(bench.type("En") == [.export(.ndjson, file: "\(name).ndjson")])
  #expect(bench.type("Ef") == [.writeFrame(file: "train-\(name).txt")])
  #expect(bench.type("Ea") == [.writeCast(file: "train-\(name).cast")])
  #expect(bench.type("Er") == [.recordCast(file: "\(name).cast")])
  _ = bench.type("E")
  #expect(bench.handle(.escape) == [])
}

@Test func curvesExportAsText() throws {
  let bench = Scene.running.bench(.train)
  let csv = SeriesText.csv.text(bench.run.series).split(separator: "\n")
  let values = bench.run.series.values.reduce(0) { $0 + $1.count }
  #expect(csv[0] == "series,step,value" && csv.count == values + 1)
  #expect(csv.contains { $0.hasPrefix("loss/total,1,") })
  let lines = SeriesText.ndjson.text(bench.run.series).split(separator: "\n")
  #expect(lines.count == values)
  for line in lines.prefix(20) {
    let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
    #expect(object?["series"] is String && object?["step"] is Int)
  }
  var odd = Series()
  odd.append(.nan, at: 3)
  #expect(SeriesText.ndjson.text(["a\"b": odd]).contains("{\"series\":\"a\\\"b\",\"step\":3"))
  #expect(SeriesText.csv.text(["a,b": odd]) == "series,step,value\n\"a,b\",3,nan\n")
  #expect(SeriesText.csv.text([:]) == "series,step,value\n")
}

@Test func copyTakesThePaneOrTheCommand() throws {
  var bench = Scene.idle.bench(.method)
  _ = bench.handle(.character("2"))
  guard case .copy(let command, _)? = bench.handle(.ctrl("y")).first else {
    Issue.record("nothing copied")
    return
  }
  #expect(command.hasPrefix("scant train --dataset band --model cnn --method"))
  #expect(command.contains("--seed 0"))
  bench = Scene.running.bench(.train)
  guard case .copy(let pane, let file)? = bench.handle(.ctrl("y")).first else {
    Issue.record("nothing copied")
    return
  }
  #expect(pane.split(separator: "\n").count > 4 && !pane.contains("║"))
  #expect(file == "b1-cnn-s0-step\(bench.run.step)-copy.txt")
}

@Test func coloursAreCycled() {
  var bench = Scene.idle.bench(.train)
  #expect(bench.type("C") == [.cycleColor])
}

// MARK: leaving a training

@Test func detachingIsOffered() {
  var bench = Scene.running.bench(.train)
  _ = bench.type("q")
  #expect(text(bench).contains("trains on without a terminal; scant attaches again"))
  #expect(bench.type("d") == [.detach])
  // What is held would wait for ever without a screen.
  bench = Scene.paused.bench(.train)
  #expect(bench.type("qd") == [.engine(.run(.resume)), .detach])
}

@Test func runOfAnotherProcessIsFollowedAndLeft() {
  var bench = Scene.idle.bench(.train)
  bench.apply(.run("b1-cnn-s0"))
  let asked = bench.apply(.attached(Attachment(run: "b1-cnn-s0", recipe: Recipe(dataset: "esc50"))))
  #expect(asked == [.engine(.openDataset(Recipe(dataset: "esc50")))])
  #expect(bench.isAttached && bench.isTraining)
  bench.apply(.events(FixtureRun().events))
  #expect(bench.type("R") == [] && bench.toast?.text == "a run is active; press S to stop it")
  #expect(bench.type("Sb") == [.engine(.run(.stop(.afterBatch)))])
  _ = bench.type("q")
  #expect(text(bench).contains("another process trains this run"))
  #expect(bench.type("d") == [.engine(.shutDown), .quit])
  #expect(
    bench.type("qc") == [.engine(.run(.stop(.afterBatch))), .engine(.shutDown), .quit])
  bench.apply(.attached(nil))
  #expect(!bench.isAttached)
  bench.apply(.run("own"))
  #expect(!bench.isAttached)
}

@Test func aTrainingRunIsAttachedTo() {
  var rows = Fixture.sessions
  rows[0].runs[2].summary.state = "training"
  var bench = Scene.idle.bench(.sessions)
  bench.apply(.sessions(rows))
  _ = bench.type("7")
  #expect(text(bench).contains("► training"))
  _ = bench.type("jjj")
  let folder = rows[0].runs[2].folder
  #expect(bench.handle(.enter) == [.engine(.sessions(.attach(folder)))])
  #expect(bench.screen == .train)
  _ = bench.type("7")
  #expect(bench.type("r") == [.engine(.sessions(.attach(folder)))])
}
