// The mouse and the keys that move between panes.
import Canvas
import Lab
import Panes
import TestSupport
import Testing

private func lines(_ bench: Workbench, _ width: Int = 80, _ height: Int = 24) -> [String] {
  TestSupport.Screen.text(bench.draw(width: width, height: height, glyphs: .unicode))
}

extension Workbench {
  fileprivate mutating func click(_ x: Int, _ y: Int) -> [Effect] {
    handle(.mouse(Mouse(x: x, y: y, button: .left)))
      + handle(.mouse(Mouse(x: x, y: y, button: .left, action: .release)))
  }

  /// A click on the first place where the picture says so.
  fileprivate mutating func click(on words: String, below: Int = 0) -> [Effect] {
    for (y, line) in lines(self).enumerated() where y >= below {
      guard let range = line.range(of: words) else { continue }
      return click(line.distance(from: line.startIndex, to: range.lowerBound), y)
    }
    Issue.record("nowhere: \(words)")
    return []
  }
}

@Test func hintsAreClickable() {
  var bench = Scene.running.bench(.train)
  #expect(bench.click(on: "space pause") == [.engine(.run(.pause))])
  #expect(bench.click(on: "ckpt") == [.engine(.run(.checkpoint))])
  #expect(bench.click(on: "help, quit") == [])
  #expect(lines(bench).joined().contains("help · Train"))
  _ = bench.handle(.escape)
  _ = bench.click(on: "quit", below: 20)
  #expect(lines(bench).joined().contains("(d) detach"))
  #expect(bench.click(on: "(d) detach") == [.detach])
}

/// Every hint of every screen does what its key does.
@Test(arguments: Panes.Screen.allCases)
func everyHintDoesWhatItsKeyDoes(screen: Panes.Screen) {
  for scene in Scene.allCases {
    let bench = scene.bench(screen)
    let footer = lines(bench)[23]
    for hint in footer.split(separator: "  ") where !hint.contains("help") {
      let label = String(hint.drop { $0 == " " }.prefix { $0 != " " })
      guard let key = Key(label: label), let range = footer.range(of: hint) else {
        Issue.record("no key: \(hint)")
        continue
      }
      let x = footer.distance(from: footer.startIndex, to: range.lowerBound)
      var (pressed, clicked) = (bench, bench)
      #expect(clicked.click(x + 1, 23) == pressed.handle(key), "\(scene) \(hint)")
      #expect(lines(clicked) == lines(pressed), "\(scene) \(hint)")
    }
  }
}

@Test func tabsAndRowsAreClicked() {
  var bench = Scene.running.bench(.train)
  _ = bench.click(on: "1Data")
  #expect(bench.screen == .data)
  _ = bench.click(on: "brass")
  #expect(lines(bench).contains { $0.contains("►") && $0.contains("brass") })
  _ = bench.click(on: "ESC-50")
  #expect(lines(bench).contains { $0.contains("►") && $0.contains("ESC-50") })
  _ = bench.click(on: "band-0003")
  #expect(lines(bench).contains { $0.contains("► band-0003") })
  _ = bench.click(on: "7Sess")
  _ = bench.click(on: "b0-cnn-s1", below: 2)
  #expect(lines(bench).contains { $0.contains("►") && $0.contains("b0-cnn-s1") })
  _ = bench.click(on: "2Method")
  _ = bench.click(on: "attention")
  #expect(lines(bench).contains { $0.contains("►") && $0.contains("attention") })
  _ = bench.click(on: "schedule")
  #expect(lines(bench).contains { $0.contains("►") && $0.contains("schedule") })
  // Neither a heading nor the text below a list is a row of it.
  let before = lines(bench)
  _ = bench.click(on: "Models")
  #expect(lines(bench).contains { $0.contains("►") && $0.contains("attention") })
  _ = bench.click(on: "training.schedule:")
  #expect(lines(bench) == before)
}

@Test func clickOnAClipRequestsItsSound() {
  var bench = Scene.idle.bench(.clips)
  _ = bench.perform(.showClips)
  #expect(bench.click(on: "band-0004").first == .engine(.inspect(clip: "band-0004")))
}

@Test func cellsOfTheMapAreClickable() {
  var bench = Scene.running.bench(.missing)
  _ = bench.click(25, 6)
  #expect(lines(bench).contains { $0.contains("►brass") })
  #expect(lines(bench).contains { $0.contains("brass × clips 30-32") })
}

@Test func menusAcceptClicksAndTheWheel() {
  var bench = Scene.running.bench(.train)
  _ = bench.handle(.character("S"))
  _ = bench.handle(.mouse(Mouse(x: 5, y: 5, button: .wheelDown)))
  #expect(lines(bench).contains { $0.contains("► (a)") })
  #expect(bench.click(2, 2) == [])
  #expect(bench.click(on: "(b) save") == [.engine(.run(.stop(.afterBatch)))])
  #expect(!lines(bench).joined().contains("(b) save"))
}

@Test func keysMoveToNeighbouringPanes() {
  var bench = Scene.running.bench(.train)
  bench.resize(width: 80, height: 24)
  // Without colours the focused pane has another border.
  func focused() -> [String] {
    let mono = GlyphSet(tier: .unicode, color: .mono)
    return bench.draw(width: 80, height: 24, glyphs: mono).lines.filter { $0.contains("╔") }
  }
  #expect(focused().first?.hasPrefix("╔═ loss") == true)
  _ = bench.handle(.character("J"))
  #expect(focused().first?.contains("╔═ validation ‹") == true)
  _ = bench.handle(.character("H"))
  #expect(bench.toast?.text == "no pane on that side")
  _ = bench.handle(.character("K"))
  _ = bench.handle(.character("L"))
  #expect(focused().first?.contains("╔═ F1") == true)
  _ = bench.handle(.character("H"))
  #expect(focused().first?.hasPrefix("╔═ loss") == true)
}

/// The left button enlarges what it is drawn over, the right one inspects.
@Test func draggingOverAPlotZooms() {
  var bench = Scene.done.bench(.train)
  func drag(_ button: Mouse.Button, _ from: Int, _ to: Int) {
    #expect(bench.handle(.mouse(Mouse(x: from, y: 8, button: button))) == [])
    #expect(bench.handle(.mouse(Mouse(x: to, y: 8, button: button, action: .release))) == [])
  }
  let whole = lines(bench)
  drag(.left, 20, 20)
  #expect(lines(bench) == whole)
  drag(.left, 20, 30)
  let zoomed = lines(bench)
  #expect(zoomed[2].contains("×") && !whole[2].contains("×"))
  for key in "i-" { #expect(bench.handle(.character(key)) == []) }
  drag(.right, 20, 24)
  let seen = lines(bench)
  #expect(seen[3].contains("step ") && seen != zoomed)
  #expect(bench.handle(.mouse(Mouse(x: 0, y: 8, button: .right))) == [])
  #expect(lines(bench) == seen)
}
