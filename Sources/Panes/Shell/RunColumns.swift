import Canvas
import Foundation
import Lab

/// A column of the lists of runs that a person chose: a fact about the run, a test score, or a
/// setting in which runs differ.
struct RunColumn: Sendable, Equatable {
  enum Kind: Sendable { case fact, score, setting }

  /// A word of `facts`, a metric's id, or a dotted recipe key.
  let id: String
  let kind: Kind

  static let facts = [
    "method", "model", "seed", "epoch", "seconds", "written", "size", "tags",
  ]

  var title: String {
    switch kind {
    case .fact: id
    case .score: ScoreOrder.short(id)
    case .setting: VariedScores.name(id)
    }
  }

  /// In columns of the screen.
  var width: Int {
    switch (kind, id) {
    case (.score, _): 7
    case (.setting, _): min(14, max(6, title.columns))
    case (_, "method"): 15
    case (_, "tags"): 14
    case (_, "model"), (_, "written"), (_, "seconds"): 7
    default: 5
    }
  }

  var alignment: Alignment {
    kind == .fact && ["method", "model", "tags"].contains(id) ? .left : .right
  }

  func text(_ row: RunRow) -> String {
    switch kind {
    case .score: row.summary.scores[id]?.fixed(3) ?? "-"
    case .setting: row.settings?[id] ?? "-"
    case .fact: fact(row) ?? "-"
    }
  }

  private func fact(_ row: RunRow) -> String? {
    switch id {
    case "method": row.summary.method
    case "model": row.summary.model
    case "seed": "\(row.summary.seed)"
    case "epoch": row.epoch == 0 ? nil : "\(row.epoch)"
    case "seconds": row.seconds?.clock
    case "written": row.age?.ago
    case "size": row.bytes == 0 ? nil : row.bytes.size
    default: tags(row.note ?? "")
    }
  }

  private func tags(_ note: String) -> String {
    note.split(separator: " ").filter { $0.count > 1 && $0.hasPrefix("#") }.joined(separator: " ")
      .visible
  }

  /// Of a session's own line, over its runs: the best score, the last writing, the sums.
  func text(_ rows: [RunRow], columns: [String]) -> String {
    switch (kind, id) {
    case (.score, _): rows.compactMap { $0.summary.scores[id] }.max()?.fixed(3) ?? "-"
    case (.fact, "written"): rows.compactMap(\.age).min()?.ago ?? "-"
    case (.fact, "size"): rows.reduce(0) { $0 + $1.bytes }.size
    case (.fact, "seconds"):
      rows.contains { $0.seconds != nil } ? rows.compactMap(\.seconds).reduce(0, +).clock : "-"
    default: ""
    }
  }
}

extension Workbench {
  /// All columns that there are: facts, then metrics of finished runs, then settings that differ.
  var runColumnChoices: [RunColumn] {
    let rows = (sessions ?? []).flatMap(\.runs)
    let metrics = Set(rows.flatMap(\.summary.scores.keys))
    let known = Set(RunColumn.facts + ["method.id", "model.id"])
    let settings = Set(rows.flatMap { ($0.settings ?? [:]).keys }).subtracting(known)
    return RunColumn.facts.map { RunColumn(id: $0, kind: .fact) }
      + ScoreOrder.sorted(Array(metrics), after: columns(of: sessionName))
      .map { RunColumn(id: $0, kind: .score) }
      + settings.sorted().map { RunColumn(id: $0, kind: .setting) }
  }

  /// The chosen columns in their order; nil for those of the program.
  var shownRunColumns: [RunColumn]? {
    chosenColumns.map { ids in
      ids.map { id in
        let kind: RunColumn.Kind =
          RunColumn.facts.contains(id) ? .fact : id.contains(".") ? .setting : .score
        return RunColumn(id: id, kind: kind)
      }
    }
  }

  /// As many of these columns as leave room for names in a list of that width.
  static func fitting(_ columns: [RunColumn], in width: Int, beside taken: Int) -> [RunColumn] {
    var room = width - taken
    return Array(
      columns.prefix { column in
        room -= column.width + 1
        return room >= 0
      })
  }
}

/// `|`: which columns the lists of 6 Compare and 7 Sessions have.
struct ColumnsOverlay: Overlay {
  var cursor = 0

  static let action = Action(
    .columns, "columns", "choose the columns of the lists of runs", .of("|"),
    on: [.compare, .sessions]
  ) {
    $0.overlay = ColumnsOverlay()
    return $0.sessions == nil ? [.engine(.sessions(.list))] : []
  }

  func answer(_ key: Key, _ bench: inout Workbench) -> [Effect] {
    var overlay = self
    let all = bench.runColumnChoices
    switch key {
    case .down, .character("j"): overlay.cursor = min(all.count - 1, cursor + 1)
    case .up, .character("k"): overlay.cursor = max(0, cursor - 1)
    case .character(" "), .enter: toggle(all, &bench)
    case .character("0"): bench.chosenColumns = nil
    case .escape, .character("q"), .character("|"):
      bench.overlay = nil
      return []
    default: break
    }
    bench.overlay = overlay
    return []
  }

  func choose(_ line: Int, _ bench: inout Workbench) -> [Effect] {
    let all = bench.runColumnChoices
    let window = window(bench, all.count)
    guard let place = Array(window.range)[at: line] else { return [] }
    var overlay = self
    overlay.cursor = place
    overlay.toggle(all, &bench)
    bench.overlay = overlay
    return []
  }

  /// Columns that are listed stand in the order of the list; others keep their places behind.
  private func toggle(_ all: [RunColumn], _ bench: inout Workbench) {
    guard let column = all[at: cursor] else { return }
    var ids = bench.chosenColumns ?? []
    if ids.contains(column.id) {
      ids.removeAll { $0 == column.id }
    } else {
      ids.append(column.id)
    }
    let listed = all.map(\.id)
    bench.chosenColumns =
      listed.filter(ids.contains) + ids.filter { !listed.contains($0) }
  }

  private func window(_ bench: Workbench, _ count: Int) -> ListWindow {
    ListWindow(cursor: cursor, count: count, rows: max(1, bench.size.height - 6))
  }

  func box(_ bench: Workbench, over place: Rect) -> Box? {
    let all = bench.runColumnChoices
    let chosen = bench.chosenColumns
    let window = window(bench, all.count)
    let lines = window.range.map { place in
      let mark = place == cursor ? bench.glyphs.rowMark : " "
      let isShown = chosen?.contains(all[place].id) ?? false
      return StyledText("\(mark) [\(isShown ? "x" : " ")] \(all[place].id)")
    }
    return Box(
      title: "columns\(chosen == nil ? ": chosen by the program" : "")",
      note: "space, 0 resets, esc", lines: lines.padded(to: 44), selection: window.selection)
  }
}

extension Action.ID {
  public static let columns = Self("columns")
}
