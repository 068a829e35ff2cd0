// Runs and data sets of several sessions side by side: whose a name is, and where data lies.
import Canvas
import Foundation
import Lab
import Panes
import TestSupport
import Testing

private func text(_ bench: Workbench) -> String {
  TestSupport.Screen.text(bench.draw(width: 120, height: 40, glyphs: .unicode))
    .joined(separator: "\n")
}

@Test func runsWithEqualNamesShowTheirSession() {
  var bench = Scene.idle.bench(.train)
  _ = bench.perform(.showCompare)
  var sessions = Fixture.sessions
  var twin = sessions[0].runs[0]
  twin.folder = Fixture.folder("mine", twin.summary.name)
  sessions.append(
    SessionRow(json: [
      "name": "mine", "title": "Mine", "folder": URL(fileURLWithPath: "/sessions/mine"),
      "runs": [twin],
      "columns": ["f1-macro-both", "ap-macro"],
    ]))
  bench.apply(.sessions(sessions))
  let shown = text(bench)
  #expect(shown.contains("b0-cnn-s0 · mine"), "\(shown)")
  #expect(!shown.contains("· band-missing-labels"))
  // Another name says enough.
  #expect(shown.contains("mean-teacher-s0") && !shown.contains("mean-teacher-s0 ·"))
}

@Test func lastRunRemains() {
  for (left, words) in [(1, "; 1 run remains"), (2, "; 2 runs remain")] {
    var bench = Scene.running.bench(.train)
    var runs = Fixture.runs
    for place in runs.indices { runs[place].state = place < left ? "waiting" : "done" }
    bench.apply(.session(runs))
    let ended = Event(
      run: "b1-cnn-s0", seq: 9_999, t: 9, step: 480, epoch: 12,
      body: RunEnded(json: ["reason": "done", "scores": [String: Int](), "wall": 3]))
    bench.apply(.events([ended]))
    #expect(bench.toast?.text.hasSuffix(words) == true, "\(bench.toast?.text ?? "")")
  }
}

/// A folder is its own data set's: another one is looked for elsewhere, and coming back finds it.
@Test func otherDataSetsDoNotUseTheSessionsRoot() throws {
  let own = try Recipe().setting("dataset.id", to: "folder")
    .setting("dataset.root", to: "/mine")
  let catalog = Catalog(
    datasets: Fixture.datasets, models: Fixture.models, methods: Fixture.methods)
  var bench = Workbench(recipe: own, catalog: catalog, session: "mine", screen: .data)
  func opened(_ effects: [Effect]) -> Recipe? {
    effects.compactMap { if case .engine(.openDataset(let recipe)) = $0 { recipe } else { nil } }
      .first
  }
  _ = bench.handle(.up)
  let other = opened(bench.handle(.enter))
  #expect(other?.dataset == "esc50" && other?["dataset.root"] == "")
  _ = bench.handle(.down)
  let again = opened(bench.handle(.enter))
  #expect(again?.dataset == "folder" && again?["dataset.root"] == "/mine")
}
