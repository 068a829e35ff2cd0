// Lists: filters, orders, notes, and a thousand runs.
import Canvas
import Foundation
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

private func listed(_ screen: Panes.Screen = .sessions) -> Workbench {
  var bench = Scene.idle.bench(screen)
  _ = bench.perform(screen.action)
  bench.apply(.sessions(Fixture.sessions))
  bench.tick(500)
  return bench
}

@Test func aFilterLeavesRunsThatPass() {
  var bench = listed()
  _ = bench.type("/b1 cnn")
  #expect(text(bench).contains("/b1 cnn_") && text(bench).contains("b1-cnn-s0"))
  #expect(!text(bench).contains("b0-cnn-s0") && bench.screen == .sessions)
  _ = bench.handle(.enter)
  #expect(text(bench).contains("sessions · /b1 cnn"))
  _ = bench.handle(.escape)
  #expect(text(bench).contains("b0-cnn-s0"))
  // Runs of folded sessions are found too; words with ! leave out.
  _ = bench.type("/mean !b1")
  #expect(text(bench).contains("mean-teacher-s0") && !text(bench).contains("b1-cnn-s0"))
  _ = bench.handle(.ctrl("u"))
  _ = bench.type("nothing-like-this")
  #expect(text(bench).contains("no match"))
}

/// Every character of a filter or prompt is text, on all screens that have one.
@Test(arguments: [Panes.Screen.data, .method, .clips, .compare, .sessions])
func typedTextIsNeverAKey(screen: Panes.Screen) {
  let characters = String((32..<127).map { Character(UnicodeScalar($0)) })
  var bench = listed(screen)
  _ = bench.type("/")
  for character in characters {
    let effects = bench.handle(.character(character))
    let isQuiet = effects.allSatisfy { effect in
      if case .engine(.inspect) = effect {
        true
      } else if case .engine(.held) = effect {
        true
      } else if case .engine(.run(.predict)) = effect {
        true
      } else {
        false
      }
    }
    #expect(isQuiet && bench.screen == screen, "\(character)")
  }
  #expect(text(bench, 200, 60).contains("}~_"))
  bench = listed()
  _ = bench.type("Nf" + characters)
  #expect(bench.screen == .sessions && text(bench).contains("}~_"))
}

@Test func runsAreSorted() {
  var bench = listed()
  _ = bench.type("sc")
  let shown = text(bench)
  guard let first = shown.range(of: "b0-cnn-s1"), let second = shown.range(of: "b0-cnn-s0") else {
    Issue.record("\(shown)")
    return
  }
  #expect(first.lowerBound < second.lowerBound, "\(shown)")
  #expect(shown.contains("by score"))
  _ = bench.type("sl")
  #expect(text(bench).contains("as listed"))
}

@Test func settingsAndDataSetsAreFiltered() {
  var bench = listed(.method)
  _ = bench.type("/schedule")
  #expect(!text(bench).contains("epochs  "))
  _ = bench.handle(.enter)
  // The field under the cursor is the one that is shown there.
  let before = bench.recipe
  _ = bench.type("e")
  #expect(bench.recipe != before)
  bench = listed(.data)
  _ = bench.type("/esc")
  _ = bench.handle(.enter)
  #expect(bench.handle(.enter) == [.engine(.openDataset(Recipe(dataset: "esc50")))])
}

@Test func notesAreWrittenAndFound() {
  var bench = listed()
  _ = bench.type("je")
  _ = bench.type("try again #keep")
  let folder = Fixture.folder("band-missing-labels", "b0-cnn-s0")
  #expect(bench.handle(.enter) == [.engine(.sessions(.note(folder, "try again #keep")))])
  var rows = Fixture.sessions
  rows[0].runs[0].note = "try again #keep"
  bench.apply(.sessions(rows))
  bench.apply(.noted)
  #expect(text(bench, 120, 40).contains("try again #keep"))
  _ = bench.type("/#keep")
  #expect(text(bench).contains("b0-cnn-s0") && !text(bench).contains("b0-cnn-s1"))
}

/// A thousand runs: a key and its frame on 6 and 7.
@Test(arguments: [Panes.Screen.compare, .sessions]) func aThousandRunsStayFluid(
  screen: Panes.Screen
) {
  var bench = listed(screen)
  var rows = Fixture.sessions
  let run = rows[0].runs[0]
  rows[0].runs = (0..<1000).map { i in
    var run = run
    run.summary.name = "b0-cnn-s\(i)"
    run.folder = Fixture.folder("band-missing-labels", run.summary.name)
    return run
  }
  bench.apply(.sessions(rows))
  let start = ContinuousClock.now
  for _ in 0..<20 {
    _ = bench.type("j")
    _ = text(bench, 120, 40)
  }
  let each = (ContinuousClock.now - start) / 20
  #expect(each < .milliseconds(800), "\(each)")
  _ = bench.type("/s999")
  #expect(text(bench, 120, 40).contains("b0-cnn-s999"))
}

@Test func theQueueIsReordered() {
  var bench = Scene.running.bench(.train)
  bench.apply(.queue(["b0-s1", "b1-s1", "b1-s2"]))
  _ = bench.type("Q")
  #expect(text(bench).contains("2  b1-s1") && text(bench).contains("total: about"))
  #expect(bench.type("jK") == [.engine(.arrange(["b1-s1", "b0-s1", "b1-s2"]))])
  #expect(bench.type("jx") == [.engine(.arrange(["b1-s1", "b1-s2"]))])
  _ = bench.handle(.escape)
  var idle = Scene.idle.bench(.train)
  #expect(idle.type("Q") == [] && idle.toast?.text.hasPrefix("no run is active") == true)
}

/// The end of a run is announced once, and also while another run is looked at.
@Test func theEndOfARunIsAnnounced() {
  var bench = Scene.running.bench(.train)
  let end = Array(Scene.done.events.suffix(1))
  #expect(end.last?.body is RunEnded)
  #expect(bench.apply(.events(end)).contains(.notify("b1-cnn-s0 is done")))
  bench = Scene.running.bench(.sessions)
  bench.apply(.recording(Fixture.recording()))
  #expect(bench.apply(.events(end)) == [.notify("b1-cnn-s0 is done")])
}
