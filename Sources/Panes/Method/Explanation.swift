import Canvas
import Lab
import Layers

/// What the card under the cursor says: summary, paper, and each of its settings.
struct Explanation: PaneView {
  let bench: Workbench
  let glyphs: GlyphSet

  var title: String { card.map { "Explain · \($0.id)" } ?? "Explain" }

  func draw(in rect: Rect, on grid: inout Grid) {
    guard let card else { return }
    var lines = [
      StyledText(card.title, ink: .role(.title)), StyledText(card.summary),
    ]
    if !card.paper.isEmpty { lines.append(StyledText(card.paper, ink: .role(.muted))) }
    if !card.hyperparameters.isEmpty { lines.append(StyledText("")) }
    for parameter in card.hyperparameters {
      lines.append(StyledText(parameter.title, ink: .role(.title)))
      lines.append(StyledText("  \(parameter.help)"))
    }
    let inner = Rect(x: rect.x + 1, y: rect.y, width: rect.width - 2, height: rect.height)
    let text = TextBlock(lines, glyphs: glyphs)
    let last = max(0, text.lines(width: inner.width).count - inner.height)
    grid.draw(
      TextBlock(lines, first: min(last, bench.cursor(.explain)), glyphs: glyphs), in: inner)
  }

  private var card: Card? {
    let cards = bench.catalog.methods + bench.catalog.models
    let line = bench.cursor(.methods)
    return cards.indices.contains(line) ? cards[line] : nil
  }
}
