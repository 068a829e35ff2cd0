import Canvas
import Lab
import Layers

/// Methods by family, then models; the ones the recipe uses are marked.
struct MethodList: PaneView {
  let bench: Workbench

  var title: String { "Method and model" }

  /// A line of the list; with the place of its card among methods and models, if it has one.
  private struct Line {
    let text: StyledText
    var card: Int?
  }

  func draw(in rect: Rect, on grid: inout Grid) {
    let lines = lines, selected = selected(lines)
    let window = ListWindow(cursor: selected, count: lines.count, rows: rect.height)
    for (row, i) in window.range.enumerated() {
      grid.text([lines[i].text], x: rect.x + 1, y: rect.y + row, maxWidth: rect.width - 1)
      guard i == selected else { continue }
      grid.select(Rect(x: rect.x, y: rect.y + row, width: rect.width, height: 1))
    }
  }

  func line(at y: Int, in rect: Rect) -> Int? {
    let lines = lines
    let window = ListWindow(cursor: selected(lines), count: lines.count, rows: rect.height)
    return window.line(at: y, top: rect.y).flatMap { lines[at: $0]?.card }
  }

  private func selected(_ lines: [Line]) -> Int {
    let cursor = bench.cursor(.methods)
    return lines.firstIndex { $0.card == cursor } ?? 0
  }

  /// All lines with their headings, then the summary of the card under the cursor.
  private var lines: [Line] {
    let groups =
      bench.catalog.families + [Catalog.Family("Models", bench.catalog.models)]
    var lines: [Line] = [], card = 0
    for group in groups {
      if !lines.isEmpty { lines.append(Line(text: "")) }
      lines.append(Line(text: StyledText(group.title, .title)))
      for entry in group.cards {
        let isMethod = card < bench.catalog.methods.count
        let chosen = isMethod ? bench.recipe.method : bench.recipe.model
        lines.append(Line(text: text(entry, isChosen: entry.id == chosen), card: card))
        card += 1
      }
    }
    lines.append(Line(text: ""))
    let summary = cards[at: bench.cursor(.methods)]?.summary ?? ""
    return lines + summary.wrapped(to: 22).map { Line(text: StyledText($0, .muted)) }
  }

  private var cards: [Card] { bench.catalog.methods + bench.catalog.models }

  private func text(_ card: Card, isChosen: Bool) -> StyledText {
    StyledText(
      " \(isChosen ? bench.glyphs.done : " ") \(card.title)", ink: isChosen ? .role(.good) : .plain)
  }
}

/// What the card under the cursor says: summary, paper, and each of its settings.
struct Explanation: PaneView {
  let bench: Workbench

  var title: String { card.map { "Explain · \($0.id)" } ?? "Explain" }

  func draw(in rect: Rect, on grid: inout Grid) {
    guard let card else { return }
    var lines = [
      StyledText(card.title, .title), StyledText(card.summary),
    ]
    if !card.paper.isEmpty { lines.append(StyledText(card.paper, .muted)) }
    if !card.hyperparameters.isEmpty { lines.append(StyledText("")) }
    for parameter in card.hyperparameters {
      lines.append(StyledText(parameter.title, .title))
      lines.append(StyledText("  \(parameter.help)"))
    }
    let text = lines.flatMap { $0.folded(to: rect.width - 2) }
    let last = max(0, text.count - rect.height)
    grid.lines(Array(text.dropFirst(min(last, bench.cursor(.explain)))), in: rect)
  }

  private var card: Card? {
    (bench.catalog.methods + bench.catalog.models)[at: bench.cursor(.methods)]
  }
}
