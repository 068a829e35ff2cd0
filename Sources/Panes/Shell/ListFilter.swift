import Canvas

/// An order of a list, and its letter in the menu of `s`.
package struct ListOrder: Sendable, Equatable {
  let key: Character
  let title: String

  package init(_ key: Character, _ title: String) { (self.key, self.title) = (key, title) }

  /// As the list comes.
  package static let given = ListOrder("l", "as listed")
  package static let name = ListOrder("n", "name")
}

/// What a person chose for a list: the words that lines must hold, and the order.
struct ListChoice: Sendable, Equatable {
  var words = ""
  /// The letter of a `ListOrder`; nil for the first one.
  var order: Character?
}

/// The words of `/`: all must be in a line, in capitals or not; `!word` must not be.
struct ListFilter: Sendable, Equatable {
  private let wanted: [FilterWord]
  private let unwanted: [FilterWord]

  init(_ text: String) {
    let words = text.split(separator: " ").map(String.init)
    wanted = words.filter { !$0.hasPrefix("!") }.map(FilterWord.init)
    unwanted = words.filter { $0.hasPrefix("!") && $0.count > 1 }
      .map { FilterWord(String($0.dropFirst())) }
  }

  var isEmpty: Bool { wanted.isEmpty && unwanted.isEmpty }

  func passes(_ texts: [String]) -> Bool {
    wanted.allSatisfy { word in texts.contains { word.isPart(of: $0) } }
      && !unwanted.contains { word in texts.contains { word.isPart(of: $0) } }
  }
}

/// A word that is looked for in texts, in capitals or not. A list of a thousand runs is searched at
/// each key, which comparing characters is too slow for: texts of ASCII are compared by bytes.
private struct FilterWord: Sendable, Equatable {
  /// UTF-8 of the word in small letters; not empty.
  private let bytes: [UInt8]

  init(_ word: String) { bytes = Array(word.lowercased().utf8) }

  func isPart(of text: String) -> Bool {
    let isASCII = text.utf8.allSatisfy { $0 < 0x80 }
    return holds(isASCII ? Array(text.utf8) : Array(text.lowercased().utf8))
  }

  private func holds(_ text: [UInt8]) -> Bool {
    guard text.count >= bytes.count else { return false }
    return (0...text.count - bytes.count).contains { start in
      bytes.indices.allSatisfy { small(text[start + $0]) == bytes[$0] }
    }
  }

  private func small(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte + 32 : byte }
}

extension Workbench {
  func filter(of pane: Pane) -> ListFilter { ListFilter(lists[pane]?.words ?? "") }

  /// The letter of the order of a pane's list.
  func order(of pane: Pane) -> Character? {
    lists[pane]?.order ?? screens[pane]?.orders.first?.key
  }

  /// " · /words" behind the title of a list that is filtered, and its order if it was chosen.
  func listMarks(_ pane: Pane) -> String {
    let choice = lists[pane] ?? ListChoice()
    let words = choice.words.isEmpty ? "" : " · /\(choice.words)"
    let order = screens[pane]?.orders.first { $0.key == choice.order }.map { " · by \($0.title)" }
    return words + (order ?? "")
  }

  /// The list that `/` and `s` are for: that of the focused pane, else the screen's first.
  private var listPane: Pane? {
    let pane = screens[focused]?.moves ?? focused
    let shown = model.panes(in: self)
    return
      (shown.first { $0.id == pane && !$0.orders.isEmpty }
      ?? shown.first { !$0.orders.isEmpty })?.id
  }

  // MARK: keys

  mutating func beginFilter() -> [Effect] {
    guard let pane = listPane else { return said("this view has no list") }
    focus[screen] = pane
    filtering = pane
    return []
  }

  /// A key while the words are typed: it is part of them, and nothing else.
  mutating func typeFilter(_ key: Key) -> [Effect] {
    guard let pane = filtering else { return [] }
    switch key {
    case .enter: filtering = nil
    case .escape:
      filtering = nil
      lists[pane]?.words = ""
    case .down: return moveCursor(by: 1)
    case .up: return moveCursor(by: -1)
    default:
      lists[pane, default: ListChoice()].words = LineEditing.apply(
        key, to: lists[pane]?.words ?? "")
    }
    cursors[pane] = 0
    return screens[pane]?.moved?(&self) ?? []
  }

  /// The last row while words are typed.
  var filterHints: [Offer]? {
    filtering.map { pane in
      [
        Offer("/\(lists[pane]?.words ?? "")_", "", .key(.enter)),
        Offer("enter", "keep", .key(.enter)), Offer("esc", "clear", .key(.escape)),
      ]
    }
  }

  /// Clears a filter of the screen that is shown; false without one.
  mutating func clearFilter() -> Bool {
    let filtered = model.panes.map(\.id).filter { lists[$0]?.words.isEmpty == false }
    for pane in filtered {
      lists[pane]?.words = ""
      cursors[pane] = 0
    }
    return !filtered.isEmpty
  }

  mutating func askSort() -> [Effect] {
    guard let pane = listPane, let orders = screens[pane]?.orders else {
      return said("this view has no list")
    }
    let here = order(of: pane)
    overlay = Menu(
      title: "sort by",
      choices: orders.map { order in
        Menu.Choice(order.key, order.title) {
          $0.lists[pane, default: ListChoice()].order = order.key
          $0.cursors[pane] = 0
          return $0.screens[pane]?.moved?(&$0) ?? []
        }
      }, cursor: orders.firstIndex { $0.key == here } ?? 0)
    return []
  }
}

extension Action {
  /// Screens with lists that are filtered and sorted alike.
  private static let listScreens: [Screen] = [.data, .method, .compare, .sessions]

  static let lists: [Action] = [
    Action(
      .filter, "filter", "show lines with these words only; !word: without it; esc clears",
      .of("/"), on: listScreens, as: .filter
    ) { $0.beginFilter() },
    Action(.sort, "sort", "order of the list", .of("s"), on: listScreens, as: .sort) {
      $0.askSort()
    },
  ]
}

extension Action.ID {
  public static let filter = Self("filter"), sort = Self("sort")
}
