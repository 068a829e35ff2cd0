// New, duplicated and renamed sessions on 7 Sessions: the prompts, and what they ask for.
import Canvas
import Foundation
import Lab
import Panes
import TestSupport
import Testing

private func check(_ bench: Workbench, _ name: String) {
  for (width, height) in [(80, 24), (120, 40)] {
    var bench = bench
    bench.resize(width: width, height: height)
    for (tier, glyphs) in [("unicode", GlyphSet.unicode), ("ascii", .ascii)] {
      let grid = bench.draw(width: width, height: height, glyphs: glyphs)
      let file = "Panes/overlay-\(name)-\(width)x\(height)-\(tier)"
      #expect(TestSupport.Screen.mismatch(grid, golden: file) == nil)
    }
  }
}

private func text(_ bench: Workbench) -> String {
  TestSupport.Screen.text(bench.draw(width: 80, height: 24, glyphs: .unicode))
    .joined(separator: "\n")
}

private func listed() -> Workbench {
  var bench = Scene.idle.bench(.sessions)
  _ = bench.perform(.showSessions)
  return bench
}

extension Workbench {
  fileprivate mutating func type(_ keys: String) -> [Effect] {
    keys.flatMap { handle(.character($0)) }
  }
}

private let made = Lab.MadeSession(
  origin: .new, name: "notes", folder: URL(fileURLWithPath: "/sessions/notes"),
  lines: [
    "clips       224 from 224 sound files; a clip has up to 6 s (dataset.seconds)",
    "groups      224, each clip by itself (clips of one recording: add a column 'group')",
    "classes     3: bass, flute, violin (a class is a column of labels.csv)",
    "labels      train 108 clips, 34 % observed, 0–2 positive a class; test 43 clips, 30 % "
      + "observed",
    "unlabelled  28 clips, in training, for methods that can use them (dataset.unlabelled)",
  ], problems: ["class violin has no positive in training; add a clip that has it"])

@Test func aNewSessionIsAskedForByItsPath() {
  var bench = listed()
  #expect(bench.type("Nf") == [])
  #expect(bench.type("~/no") == [])
  #expect(bench.handle(.tab) == [.engine(.complete(path: "~/no"))])
  bench.apply(.completions(of: "~/no", ["~/notes/", "~/notes-old/"]))
  #expect(text(bench).contains("> ~/notes_"))
  check(bench, "session-new")
  #expect(bench.handle(.enter) == [.engine(.sessions(.make(path: "~/notes")))])
  #expect(bench.handle(.enter) == [])
  bench.apply(.preparation(Preparation(what: "reading", done: 3, total: 9, eta: nil)))
  #expect(text(bench).contains("reading  3/9"))
  // What is refused stays to be corrected.
  bench.apply(.problem(RequestProblem(code: .session, text: "~/notes: no such folder")))
  check(bench, "session-refused")
  #expect(bench.type("x") == [] && !text(bench).contains("no such folder"))
  _ = bench.handle(.backspace)
  _ = bench.handle(.enter)
  bench.apply(.made(made))
  check(bench, "session-made")
  #expect(bench.handle(.enter) == [.engine(.sessions(.open(made.folder)))])
}

@Test func theCursorGoesToTheNewSession() {
  var bench = listed()
  bench.apply(.made(made))
  _ = bench.handle(.escape)
  var rows = Fixture.sessions
  rows.append(
    SessionRow(json: [
      "name": "notes", "title": "notes", "folder": made.folder, "runs": [Int](),
      "columns": [String](),
    ]))
  bench.apply(.sessions(rows))
  #expect(bench.type("o") == [.engine(.sessions(.open(made.folder)))])
}

@Test func aSessionIsDuplicatedAndRenamed() {
  var bench = listed()
  let folder = URL(fileURLWithPath: "/sessions/band-missing-labels")
  _ = bench.type("jNd")
  check(bench, "session-duplicate")
  #expect(
    bench.handle(.enter)
      == [.engine(.sessions(.duplicate(folder, name: "band-missing-labels-2")))])
  bench.apply(
    .made(
      Lab.MadeSession(
        origin: .duplicate, name: "band-missing-labels-2",
        folder: URL(fileURLWithPath: "/sessions/band-missing-labels-2"))))
  #expect(bench.toast?.text == "band-missing-labels-2 is a copy without runs; press o to open it")
  _ = bench.type("ge")
  _ = bench.handle(.ctrl("u"))
  #expect(bench.handle(.enter) == [])
  _ = bench.type("mine")
  check(bench, "session-rename")
  #expect(bench.handle(.enter) == [.engine(.sessions(.rename(folder, name: "mine")))])
  bench.apply(
    .made(
      Lab.MadeSession(
        origin: .rename, name: "mine", folder: URL(fileURLWithPath: "/sessions/mine"),
        former: "band-missing-labels")))
  #expect(bench.toast?.text == "band-missing-labels is called mine now")
}

@Test func whatCannotBeRenamedIsSaid() {
  var bench = Scene.running.bench(.sessions)
  _ = bench.perform(.showSessions)
  #expect(bench.type("ge") == [])
  #expect(
    bench.toast?.text == "a run of band-missing-labels is training; press S to stop it first")
  bench = listed()
  _ = bench.type("Gk")
  #expect(bench.type("Nd") == [])
  #expect(bench.toast?.text.hasPrefix("session.yaml:3: unknown key") == true)
  bench.apply(.recording(Fixture.recording()))
  _ = bench.type("ge")
  #expect(bench.toast?.text == "a replay is shown; press esc to close it first")
}
