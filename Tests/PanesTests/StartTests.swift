// The page of the first start, the tour, and the texts of guides.
import Canvas
import Foundation
import Lab
import Panes
import TestSupport
import Testing

private func text(_ bench: Workbench, width: Int = 80) -> String {
  var bench = bench
  bench.resize(width: width, height: 24)
  return TestSupport.Screen.text(bench.draw(width: width, height: 24, glyphs: .unicode))
    .joined(separator: "\n")
}

private let methods = ["b0", "b1", "label-enhancing", "mean-teacher"]
private let folder = URL(fileURLWithPath: "/sessions/tour")

private func run(_ method: String, _ state: String) -> RunSummary {
  RunSummary(json: [
    "name": "\(method)-s0", "method": method, "model": "cnn", "seed": 0, "state": state,
    "scores": state == "done" ? ["f1-macro-both": 0.875] : [String: Double](),
    "otherScores": [String: Double](),
  ])
}

/// A workbench where the tour was chosen, and its session is open.
private func touring() throws -> Workbench {
  var bench = Scene.idle.bench(.train)
  let row = SessionRow(json: [
    "name": "tour", "title": "Tour", "folder": folder, "runs": [Int](),
    "columns": ["f1-macro-both"],
  ])
  bench.apply(.sessions([row]))
  #expect(bench.showStart() == [])
  let before = bench.recipe
  let effects = bench.handle(.character("1"))
  #expect(effects.contains(.engine(.sessions(.open(folder)))))
  #expect(effects.contains(.engine(.makeSounds(before))))
  bench.apply(.opened(session: "tour", recipe: bench.recipe))
  bench.apply(.session(methods.map { run($0, "absent") }))
  return bench
}

@Test func theFirstStartOffersFourBeginnings() {
  var bench = Scene.empty.bench(.train)
  #expect(bench.showStart() == [.engine(.sessions(.list))])
  let page = text(bench)
  for choice in ["1 Take the tour", "2 Use a folder", "3 Take a lesson", "4 Open a session"] {
    #expect(page.contains(choice), "\(choice) in\n\(page)")
  }
  _ = bench.handle(.down)
  #expect(text(bench).contains("► 2 Use a folder"))
  _ = bench.handle(.enter)
  #expect(text(bench).contains("new session"))
}

/// Chosen before the sessions are listed, it begins when they are.
@Test func theTourWaitsForTheList() {
  var bench = Scene.empty.bench(.train)
  _ = bench.showStart()
  #expect(bench.handle(.character("1")) == [.engine(.sessions(.list))])
  #expect(bench.toast?.text == "the tour begins when the sessions are listed")
  let row = SessionRow(json: [
    "name": "tour", "title": "Tour", "folder": folder, "runs": [Int](),
    "columns": ["f1-macro-both"],
  ])
  #expect(bench.apply(.sessions([row])).contains(.engine(.sessions(.open(folder)))))
  #expect(bench.screen == .missing && text(bench).contains("tour 1/9"))
  // Another key meanwhile is a change of mind.
  bench = Scene.empty.bench(.train)
  _ = bench.showStart()
  _ = bench.handle(.character("1"))
  _ = bench.handle(.character("2"))
  #expect(!bench.apply(.sessions([row])).contains(.engine(.sessions(.open(folder)))))
}

@Test func otherKeysCloseTheFirstPage() {
  var bench = Scene.idle.bench(.train)
  _ = bench.showStart()
  _ = bench.handle(.character("z"))
  #expect(!text(bench).contains("Take the tour"))
  _ = bench.showStart()
  _ = bench.handle(.character("4"))
  #expect(bench.screen == .sessions)
}

@Test func theTourFollowsTheRuns() throws {
  var bench = try touring()
  #expect(bench.screen == .missing && text(bench).contains("tour 1/9"))
  _ = bench.handle(.enter)
  #expect(bench.screen == .train && text(bench).contains("R trains four methods"))
  #expect(bench.handle(.character("R")) == [.engine(.startSession)])
  bench.apply(.run("b0-s0"))
  #expect(text(bench).contains("takes missing labels for negatives"))
  for (place, method) in methods.enumerated().dropFirst() {
    bench.apply(.run("\(method)-s0"))
    bench.apply(
      .session(
        methods.enumerated().map {
          run($1, $0 < place ? "done" : $0 == place ? "training" : "absent")
        }))
    #expect(text(bench).contains("tour \(place + 3)/9"), "\(method)\n\(text(bench))")
  }
  bench.apply(.session(methods.map { run($0, "done") }))
  #expect(bench.screen == .compare)
  #expect(text(bench).contains("b0 0.88, b1 0.88, label-enhancing 0.88, mean-teacher 0.88."))
  for _ in 0..<3 { _ = bench.handle(.enter) }
  #expect(!text(bench).contains("/9)"))
}

@Test func noLineOfTheTourIsCut() throws {
  var bench = try touring()
  bench.apply(.session(methods.map { run($0, "done") }))
  var lines: Set<String> = []
  for _ in 0..<9 {
    let rows = text(bench).split(separator: "\n", omittingEmptySubsequences: false)
    let line = String(rows[rows.count - 2])
    #expect(!line.contains("…"), "\(line)")
    lines.insert(line)
    _ = bench.handle(.enter)
  }
  #expect(lines.count >= 6)
}

@Test func anyOtherKeyLeavesTheTourAndActs() throws {
  var bench = try touring()
  _ = bench.handle(.character("2"))
  #expect(bench.screen == .method && !text(bench).contains("tour 1/9"))
  bench = try touring()
  _ = bench.handle(.escape)
  #expect(!text(bench).contains("tour 1/9") && bench.screen == .missing)
}

@Test func guidesAreShownAsText() {
  var bench = Scene.idle.bench(.method)
  let asked = bench.perform(.guide)
  #expect(asked.count == 1)
  guard case .engine(.guide(.method(let id)))? = asked.first else {
    Issue.record("\(asked)")
    return
  }
  let source = """
    # Mean **teacher**

    One paragraph in
    two lines with `code`.

    1. A first point
       that goes on.
    - another

        L = a + b
    """
  bench.apply(.guide(title: id, text: source))
  let page = text(bench)
  #expect(page.contains("Mean teacher") && page.contains("One paragraph in two lines with code."))
  #expect(page.contains("1. A first point that goes on.") && page.contains("- another"))
  #expect(page.contains("L = a + b"))
  _ = bench.handle(.escape)
  #expect(!text(bench).contains("One paragraph"))
}

@Test func backgroundWorkIsNamed() {
  var bench = Scene.running.bench(.data)
  bench.apply(
    .background(Preparation(what: "Rendering Band", done: 30, total: 120, eta: 9)))
  #expect(text(bench, width: 140).contains("rendering band 25%"))
  bench.apply(.background(nil))
  #expect(!text(bench, width: 140).contains("rendering band"))
}
