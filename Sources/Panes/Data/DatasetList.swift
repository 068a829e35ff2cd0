import Canvas
import Lab

/// The data sets there are, and the facts of the one that is open.
struct DatasetList: PaneView {
  let bench: Workbench
  let glyphs: GlyphSet

  var title: String { "Data sets" }
  var note: String { "\(bench.catalog.datasets.count)" }

  func draw(in rect: Rect, on grid: inout Grid) {
    let facts = facts(rect.width)
    let parts = parts(rect, facts)
    grid.draw(table, in: parts[0])
    grid.draw(Notice(facts, glyphs: glyphs), in: parts[2])
  }

  func line(at y: Int, in rect: Rect) -> Int? {
    table.row(at: y, in: parts(rect, facts(rect.width))[0])
  }

  private func parts(_ rect: Rect, _ facts: [StyledText]) -> [Rect] {
    let listed = min(bench.catalog.datasets.count, max(1, rect.height - facts.count - 1))
    return rect.rows(.fixed(listed), .fixed(1), .share(1))
  }

  private var table: Table {
    let cards = bench.catalog.datasets
    return Table(
      [.init("", .fixed(1)), .init("", .flexible)],
      rows: cards.map { card in
        let isOpen = card.id == bench.dataset?.snapshot.id
        return [
          StyledText(isOpen ? String(glyphs.done) : "", ink: .role(.good)), StyledText(card.title),
        ]
      }, selection: bench.cursor(.datasets), hasHeader: false, emptyText: "no data sets",
      glyphs: glyphs)
  }

  private func facts(_ width: Int) -> [StyledText] {
    if let preparation = bench.preparation { return preparing(preparation, width) }
    guard let dataset = bench.dataset else {
      return [
        StyledText("No data set is open.", ink: .role(.title)),
        StyledText("enter opens the one above.", ink: .role(.muted)),
      ]
    }
    let labels = dataset.training
    let problems = dataset.snapshot.problems
    return [
      StyledText(dataset.snapshot.title, ink: .role(.title)),
      StyledText("\(dataset.classes.count) classes, \(dataset.clips.count) clips"),
    ] + dataset.splits.map { StyledText("\($0.name.padded(to: 10)) \($0.clips)") } + [
      StyledText("observed   \(labels.observedShare.percent) of training"),
      StyledText("sound      \(dataset.seconds.clock)", ink: .role(.muted)),
      StyledText(
        "features   \(dataset.snapshot.featuresCached ? "cached" : "made when training starts")",
        ink: .role(.muted)),
    ] + problemLines(problems)
  }

  private func preparing(_ preparation: Preparation, _ width: Int) -> [StyledText] {
    let share = Double(preparation.done) / Double(max(1, preparation.total))
    var lines = [StyledText(preparation.what, ink: .role(.title))]
    if preparation.total > 0 {
      lines.append(StyledText(glyphs.bar(share, width: max(1, width - 2)), ink: .role(.good)))
      lines.append(StyledText("\(preparation.done)/\(preparation.total) \(share.percent)"))
    }
    if let eta = preparation.eta { lines.append(StyledText("\(eta.clock) left")) }
    return lines
  }

  /// What could not be read: how many, and the first reasons.
  private func problemLines(_ problems: [String]) -> [StyledText] {
    guard !problems.isEmpty else { return [] }
    let title = "! \(problems.count) skipped"
    return [StyledText(title, ink: .role(.warn))]
      + problems.prefix(20).map { StyledText($0, ink: .role(.warn)) }
  }
}
