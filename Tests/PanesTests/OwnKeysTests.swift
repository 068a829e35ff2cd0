// A person's own keys, a person's own layout, recorded keys.
import Canvas
import Lab
import Panes
import TestSupport
import Testing

private func remapped(_ lines: (String, String)...) -> (keymap: Keymap, problems: [String]) {
  let bindings = lines.enumerated().map { i, line in
    Preferences.Binding(key: line.0, action: line.1, line: i + 3)
  }
  return Keymap.remapped(bindings, file: "config.yaml")
}

extension Workbench {
  fileprivate mutating func type(_ text: String) -> [Effect] {
    text.flatMap { handle(.character($0)) }
  }

  fileprivate func text(_ width: Int = 80, _ height: Int = 24) -> String {
    TestSupport.Screen.text(draw(width: width, height: height, glyphs: .unicode))
      .joined(separator: "\n")
  }
}

@Test func configuredKeysWorkAndAreShown() {
  let (keymap, problems) = remapped(("_", "suspend"), ("F5", "pause"), ("space", "none"))
  #expect(problems == [])
  var bench = Scene.running.bench(.train)
  bench.keymap = keymap
  #expect(bench.type("_") == [.suspend])
  #expect(bench.handle(.f(5)) == [.engine(.run(.pause))])
  #expect(bench.type(" ") == [])
  #expect(bench.toast?.text == "space has no action here; press ? for help")
  bench.tick(500)
  #expect(bench.text().contains("F5 pause"))
  _ = bench.type("?")
  #expect(bench.text(160, 90).contains("_ C-z"))
}

@Test func invalidKeyBindingsAreReported() {
  let (keymap, problems) = remapped(
    ("Strg-x", "pause"), ("Z", "pauze"), ("Y", "smoothing"), ("V", "logY"), ("V", "xAxis"),
    ("x", "pause"))
  #expect(
    problems == [
      "config.yaml:3: keys.Strg-x: no such key; expected a label such as Z, space, C-t or F5",
      "config.yaml:4: keys.Z: no action 'pauze'; expected none or a name such as pause",
      "config.yaml:7: keys.V: already set on line 6; expected one line per key",
      "config.yaml:8: keys.x: removes the last key of answerOpen on Clips; "
        + "expected another line for it",
      "config.yaml:8: keys.x: removes the last key of deleteRun on Sessions; "
        + "expected another line for it",
    ])
  #expect(keymap.action(for: .character("V"), on: .train) == .logY)
  #expect(keymap.action(for: .character("Y"), on: .train) == .smoothing)
  // Where the new action means nothing, the key keeps its old one.
  #expect(keymap.action(for: .character("Y"), on: .compare) == nil)
}

@Test func leaveAlwaysKeepsAKey() {
  let (keymap, problems) = remapped(("q", "pause"))
  #expect(problems.count == 1 && problems[0].contains("leave would have no key"))
  for screen in Panes.Screen.allCases {
    #expect(keymap.action(for: .character("q"), on: screen) == .leave)
  }
  let swapped = remapped(("_", "leave"), ("q", "pause"))
  #expect(swapped.problems == [])
  #expect(swapped.keymap.action(for: .character("_"), on: .data) == .leave)
}

@Test func everyLabelNamesTheBoundKey() {
  for action in Action.all {
    for screen in Panes.Screen.allCases {
      for key in action.keys(on: screen) { #expect(Key(label: key.label) == key) }
    }
  }
  for label in ["", "C-", "F0", "F13", "F99999999999999999999", "ab"] {
    #expect(Key(label: label) == nil, "\(label)")
  }
}

// MARK: recorded keys

@Test func macrosAreReplayed() {
  var bench = Scene.paused.bench(.train)
  _ = bench.type("@")
  #expect(bench.toast?.text == "no keys recorded; press C-r to record")
  _ = bench.handle(.ctrl("r"))
  _ = bench.type("~.")
  #expect(bench.text().contains("C-r ends recording (2)"))
  _ = bench.handle(.ctrl("r"))
  #expect(bench.toast?.text == "2 keys recorded; press @ to replay them")
  let smoothing = bench.text()
  #expect(bench.type("@") == [.engine(.run(.step(1, .batch)))])
  bench.tick(500)
  #expect(bench.text() != smoothing)
  #expect(bench.type("3@").count == 3)
  #expect(bench.screen == .train)
}

@Test func macroRecordingIsSafe() {
  var bench = Scene.idle.bench(.train)
  _ = bench.handle(.ctrl("r"))
  _ = bench.type("@@")
  _ = bench.handle(.ctrl("r"))
  #expect(bench.toast?.text.hasPrefix("no keys recorded") == true)
  _ = bench.handle(.ctrl("r"))
  for _ in 0..<600 { _ = bench.type("j") }
  #expect(bench.toast?.text == "500 keys recorded; press @ to replay them")
}

// MARK: layout

@Test func panesAreFoldedAndUnfolded() {
  var bench = Scene.running.bench(.train)
  let before = bench.text()
  #expect(before.contains("loss"))
  _ = bench.type("F")
  let folded = bench.text()
  #expect(!folded.contains("‹total›"))
  for _ in 0..<20 { _ = bench.type("F") }
  #expect(bench.toast?.text == "the last pane cannot be folded; press 0 to unfold the others")
  _ = bench.type("0")
  bench.tick(500)
  var fresh = Scene.running.bench(.train)
  fresh.tick(500)
  #expect(bench.text() == fresh.text())
}

/// Whatever is folded and moved, the panes cover the screen and do not overlap.
@Test(arguments: Panes.Screen.allCases)
func movedBordersLeaveNoGapsBetweenPanes(screen: Panes.Screen) {
  for (width, height) in [(80, 24), (120, 40), (200, 60), (60, 16)] {
    var bench = Scene.running.bench(screen)
    bench.resize(width: width, height: height)
    for keys in [")))", "\t}}", "F\t", "(((((((((((((((", "{{{{{{{{{{{{{{{{", "\tF)"] {
      for key in keys { _ = bench.handle(key == "\t" ? .backTab : .character(key)) }
      bench.tick(bench.nextTick.map { $0 + 1000 } ?? 1000)
      let lines = TestSupport.Screen.text(
        bench.draw(width: width, height: height, glyphs: .ascii))
      // The body begins and ends with a border on every row.
      let top = screen == .train ? 2 : 1
      for (y, line) in lines.enumerated() where y >= top && y < height - 2 {
        let edges = (line.first, line.padded(to: width).last)
        #expect("+|#=".contains(edges.0 ?? " "), "\(screen) \(width): \(y) \(line)")
        #expect("+|#=".contains(edges.1 ?? " "), "\(screen) \(width): \(y) \(line)")
      }
    }
  }
}

@Test func theMouseMovesABorder() {
  var bench = Scene.idle.bench(.data)
  let before = bench.text()
  _ = bench.handle(.mouse(Mouse(x: 27, y: 8, button: .left)))
  _ = bench.handle(.mouse(Mouse(x: 35, y: 8, button: .left, action: .release)))
  let after = bench.text()
  #expect(before != after)
  func corner(_ text: String) -> Int? {
    let line = text.split(separator: "\n")[1]
    return line.firstIndex { "┐╗".contains($0) }.map {
      line.distance(from: line.startIndex, to: $0)
    }
  }
  #expect(corner(before) == 27)
  #expect(corner(after) == 35)
}

@Test func layoutsAreStoredByName() {
  var bench = Scene.idle.bench(.train)
  _ = bench.type(")}F2")
  let stored = bench.layout.stored(on: bench.screen)
  #expect(stored.screen == "method" && stored.folded == ["loss"])
  #expect(stored.widths == ["loss": 40] && stored.heights == ["loss": 40])
  #expect(PaneLayout(stored) == bench.layout)
  var odd = Preferences.Layout()
  odd.widths = ["loss": 9_000_000, "nosuch": 3, "log": 0]
  odd.folded = ["nosuch"]
  #expect(PaneLayout(odd).stored(on: .data).widths == ["loss": 800])
  #expect(Panes.Screen(name: "sessions") == .sessions && Panes.Screen(name: "x") == nil)
}
