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

/// A key that several actions have means the same idea in all of them, on all screens.
private func doubleMeanings(_ actions: [Action]) -> [String] {
  var owners: [Key: [Action]] = [:]
  for action in actions {
    for key in Set(action.bindings.flatMap(\.keys)) { owners[key, default: []].append(action) }
  }
  return owners.filter { $1.count > 1 }.compactMap { key, sharing in
    let ideas = Set(sharing.map(\.idea))
    guard ideas.count > 1 || ideas.contains(nil) else { return nil }
    return "\(key.label): \(sharing.map(\.id.rawValue).sorted().joined(separator: ", "))"
  }.sorted()
}

@Test func aKeyHasOneMeaning() {
  #expect(doubleMeanings(Action.all) == [])
  let other = Action(.suspend, "other", "another action of x", .of("x"), on: [.train]) { _ in [] }
  #expect(doubleMeanings(Action.all + [other]) == ["x: answerOpen, deleteRun, suspend"])
}

@Test func anIdeaHasOneKey() {
  for idea in KeyIdea.allCases {
    let actions = Action.all.filter { $0.idea == idea }
    #expect(!actions.isEmpty, "\(idea)")
    #expect(Set(actions.flatMap { $0.bindings.flatMap(\.keys) }).count == 1, "\(idea)")
  }
}

/// Documentation/Workbench.md has a row for each letter and sign, with the titles of its actions.
@Test func everyKeyIsDocumented() throws {
  let page = try String(
    contentsOf: SharedData.packageRoot.appendingPathComponent("Documentation/Workbench.md"),
    encoding: .utf8)
  let rows = page.split(separator: "\n").filter { $0.hasPrefix("| `") }
  for action in Action.all {
    for case .character(let key) in action.bindings.flatMap(\.keys) where !key.isWholeNumber {
      // A bar would end the cell of the table.
      let label = Key.character(key).label.replacing("|", with: "\\|")
      let row = rows.first { $0.hasPrefix("| `\(label)` |") || $0.contains(" `\(label)` ") }
      #expect(row != nil, "\(label): \(action.id)")
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
  #expect(bench.handle(.character("I")) == [])
  #expect(bench.toast?.text == "I has no action here; press ? for help")
}
