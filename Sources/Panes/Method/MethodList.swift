import Canvas
import Lab
import Layers

/// Methods, then models; the ones the recipe uses are marked.
struct MethodList: PaneView {
  let bench: Workbench

  var title: String { "Method and model" }

  func draw(in rect: Rect, on grid: inout Grid) {
    let (lines, selected) = lines
    let window = ListWindow(cursor: selected, count: lines.count, rows: rect.height)
    for (row, i) in window.range.enumerated() {
      grid.text([lines[i]], x: rect.x + 1, y: rect.y + row, maxWidth: rect.width - 1)
      guard i == selected else { continue }
      grid.select(Rect(x: rect.x, y: rect.y + row, width: rect.width, height: 1))
    }
  }

  func line(at y: Int, in rect: Rect) -> Int? {
    let (lines, selected) = lines
    let window = ListWindow(cursor: selected, count: lines.count, rows: rect.height)
    guard let line = window.line(at: y, top: rect.y) else { return nil }
    let methods = bench.catalog.methods.count
    if (1...methods).contains(line) { return line - 1 }
    let model = line - methods - 3
    return bench.catalog.models[at: model].map { _ in methods + model }
  }

  /// All lines with their headings, and the line under the cursor.
  private var lines: ([StyledText], Int) {
    let bench = bench
    let cursor = bench.cursor(.methods)
    var lines = [StyledText("Methods", .title)]
    lines += bench.catalog.methods.map { line($0, isChosen: $0.id == bench.recipe.method) }
    lines += [StyledText(""), StyledText("Models", .title)]
    lines += bench.catalog.models.map { line($0, isChosen: $0.id == bench.recipe.model) }
    let isModel = cursor >= bench.catalog.methods.count
    lines += [StyledText("")]
    lines += (cards[at: cursor]?.summary ?? "").wrapped(to: 22).map { StyledText($0, .muted) }
    return (lines, cursor + (isModel ? 3 : 1))
  }

  private var cards: [Card] { bench.catalog.methods + bench.catalog.models }

  private func line(_ card: Card, isChosen: Bool) -> StyledText {
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
