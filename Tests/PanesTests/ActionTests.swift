// The action table: no key twice, nothing undocumented, nothing out of reach.
import Canvas
import Panes
import TestSupport
import Testing

@Test func keysAreUniquePerScreen() {
  #expect(Keymap.standard.conflicts == [])
  let twice = Keymap(Action.all + [Action.all[0]])
  #expect(twice.conflicts.count == Panes.Screen.allCases.count)
}

@Test func everyActionHasOneRowAndAKey() {
  #expect(Set(Action.all.map(\.id)).count == Action.all.count)
  for action in Action.all {
    #expect(!action.title.isEmpty && !action.help.isEmpty, "\(action.id)")
    for screen in action.screens {
      let keys = action.keys(on: screen)
      #expect(!keys.isEmpty, "\(action.id) has no key on \(screen)")
      for key in keys { #expect(Keymap.standard.action(for: key, on: screen) == action.id) }
    }
  }
}

@Test(arguments: Panes.Screen.allCases, Scene.allCases)
func everyFooterHintIsAnActionOfItsScreen(screen: Panes.Screen, scene: Scene) {
  let hints = scene.bench(screen).hintActions
  #expect(!hints.isEmpty && Set(hints).count == hints.count)
  for hint in hints {
    let action = Action.named(hint)
    #expect(action != nil, "\(hint) has no row")
    #expect(action?.screens.contains(screen) == true, "\(hint) on \(screen)")
  }
}

@Test(arguments: Panes.Screen.allCases)
func helpListsEveryActionOfTheScreen(screen: Panes.Screen) {
  var bench = Scene.running.bench(screen)
  _ = bench.handle(.character("?"))
  let text = TestSupport.Screen.text(bench.draw(width: 160, height: 96, glyphs: .unicode))
    .joined(separator: "\n")
  for action in Action.all where action.screens.contains(screen) {
    #expect(text.contains(action.help), "\(action.id)")
  }
  #expect(text.contains("digits before"))
  _ = bench.handle(.escape)
  #expect(bench == Scene.running.bench(screen).draw(width: 80, height: 24, glyphs: .unicode))
}

/// The frame at 80 × 24, as a way to compare benches.
private func == (bench: Workbench, grid: Grid) -> Bool {
  bench.draw(width: 80, height: 24, glyphs: .unicode) == grid
}

/// A key of the table changes the picture, asks for something or says something.
@Test(arguments: Panes.Screen.allCases)
func everyKeyHasAnEffect(screen: Panes.Screen) {
  for action in Action.all where action.screens.contains(screen) {
    var bench = Scene.running.bench(screen)
    bench.resize(width: 120, height: 40)
    bench.tick(1000)
    let before = bench.draw(width: 120, height: 40, glyphs: .unicode)
    guard let key = action.keys(on: screen).first else { continue }
    let effects = bench.handle(key)
    let after = bench.draw(width: 120, height: 40, glyphs: .unicode)
    // Cursors stand at their first lines, and nothing is laid out otherwise than at first.
    let returns: Set<Action.ID> = [.up, .left, .first, .pageUp, .resetLayout]
    let isHere = action.id == screen.action
    #expect(
      !effects.isEmpty || before != after || isHere || returns.contains(action.id),
      "\(action.id) on \(screen)")
  }
}

@Test func unboundKeysAreReported() {
  var bench = Scene.running.bench(.train)
  #expect(bench.handle(.character("X")) == [])
  #expect(bench.toast?.text == "X does nothing here; ? lists the keys")
}
