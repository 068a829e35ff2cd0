// A screen that is made here alone: what it takes to add one is its type and its place in a list.
import Canvas
import Lab
import Panes
import TestSupport
import Testing

/// Notes: a list of lines, a key that adds one, a text that is typed.
private enum NoteScreen: ScreenModel {
  static let id = Panes.Screen("Notes")
  static let summary = "lines written down"

  static let panes = [
    PaneModel(
      .notes, lines: { $0[.notes].lines.count },
      open: { bench in bench.said("line \(bench.cursor(.notes))") },
      view: NoteList.init),
    PaneModel(.margin, moves: .notes, view: NoteList.init),
  ]

  static let actions = [
    Action(.write, "write", "write a line down", .of("W")) {
      $0[.notes].typing = ""
      return []
    }
  ]

  /// Space means nothing here.
  static let keys: [Action.ID: [Key]] = [.pause: []]

  static func layout(of bench: Workbench, in body: Rect) -> [Tile] {
    let columns = body.columns(.share(2), .share(1))
    return [(.notes, columns[0]), (.margin, columns[1])]
  }

  static func hints(_ bench: Workbench) -> [Action.ID] { [.write, .nextPane] }

  static func typingHints(_ bench: Workbench) -> [Offer]? {
    bench[.notes].typing.map { _ in [Offer("enter", "keeps", .key(.enter))] }
  }

  static func type(_ key: Key, _ bench: inout Workbench) -> [Effect] {
    guard let text = bench[.notes].typing else { return [] }
    if case .character(let character) = key {
      bench[.notes].typing = text + String(character)
    } else {
      bench[.notes].lines.append(text)
      bench[.notes].typing = nil
    }
    return []
  }

  static func hear(_ news: News, _ bench: inout Workbench) -> [Effect] {
    if case .dataset = news { bench[.notes] = NoteState() }
    return []
  }
}

private struct NoteState: ScreenState {
  var lines: [String] = []
  var typing: String?
}

extension StateKey<NoteState> {
  fileprivate static var notes: Self { Self() }
}

extension Pane {
  fileprivate static let notes = Pane("notes"), margin = Pane("margin")
}

extension Action.ID {
  fileprivate static let write = Self("write")
}

private struct NoteList: PaneView {
  let bench: Workbench

  var title: String { "notes" }

  func draw(in rect: Rect, on grid: inout Grid) {
    for (row, line) in bench[.notes].lines.prefix(rect.height).enumerated() {
      grid.text(line, x: rect.x, y: rect.y + row, ink: .plain, maxWidth: rect.width)
    }
  }
}

/// The digit of the new screen, behind those of the standard ones.
private let digit = "\(ScreenCatalog.standard.all.count + 1)"

private func bench() -> Workbench {
  var bench = Workbench(
    recipe: Recipe(), catalog: Fixture.catalog,
    screens: ScreenCatalog(ScreenCatalog.standard.all + [NoteScreen.self]))
  _ = bench.handle(.character(Character(digit)))
  return bench
}

private func text(_ bench: Workbench) -> String {
  TestSupport.Screen.text(bench.draw(width: 100, height: 30, glyphs: .unicode))
    .joined(separator: "\n")
}

@Test func newScreenIsShownByItsDigit() {
  let bench = bench()
  #expect(bench.screen == NoteScreen.id)
  #expect(text(bench).contains("[\(digit) Notes]"))
  #expect(text(bench).contains("W write  tab pane"))
}

@Test func newScreenHasItsOwnStateKeysAndTextEntry() {
  var bench = bench()
  for key in "Wabc" { _ = bench.handle(.character(key)) }
  #expect(text(bench).contains("enter keeps"))
  _ = bench.handle(.enter)
  #expect(text(bench).contains("abc"))
  for key in "Wde" { _ = bench.handle(.character(key)) }
  _ = bench.handle(.enter)
  // The margin moves the cursor of the list.
  _ = bench.handle(.tab)
  _ = bench.handle(.character("j"))
  _ = bench.handle(.tab)
  _ = bench.handle(.enter)
  #expect(bench.toast?.text == "line 1")
  bench.apply(.dataset(Fixture.dataset))
  #expect(!text(bench).contains("abc"))
}

@Test func newScreenIsInHelpPaletteAndKeymap() {
  var bench = bench()
  #expect(bench.keymap.conflicts == [])
  #expect(bench.handle(.character(" ")) == [])
  #expect(bench.toast?.text == "space has no action here; press ? for help")
  _ = bench.handle(.character("?"))
  #expect(text(bench).contains("write a line down"))
  _ = bench.handle(.escape)
  _ = bench.handle(.character("1"))
  #expect(bench.screen == .data)
  for key in ":write down" { _ = bench.handle(.character(key)) }
  #expect(text(bench).contains("Notes: write - write a line down"))
  _ = bench.handle(.enter)
  #expect(bench.screen == NoteScreen.id)
  #expect(text(bench).contains("enter keeps"))
}
