import Canvas
import Lab

/// Classes by clips: a column stands for some clips; its glyph says which label prevails among
/// the observed ones and its colour how many are observed.
struct MissingMap: PaneView {
  let bench: Workbench
  let glyphs: GlyphSet

  /// Columns of clips at a screen width: what the panes beside and the labels leave.
  static func columns(in width: Int) -> Int {
    let side = width < 100 ? 0 : width < 160 ? 34 : 44
    return max(8, width - side - names - shares - 4)
  }

  private static let names = 13
  private static let shares = 6

  var title: String {
    let all = MissingState.View.allCases
    let number = (all.firstIndex(of: bench.missing.view) ?? 0) + 1
    return "missing labels  \(number)/\(all.count) \(bench.missing.view.rawValue)"
  }

  var note: String {
    [(LabelMark.missing, "missing"), (.negative, "neg"), (.positive, "pos")]
      .map { "\(glyphs.label($0)) \($1)" }.joined(separator: " ")
  }

  func draw(in rect: Rect, on grid: inout Grid) {
    guard let dataset = bench.dataset, !dataset.classes.isEmpty else {
      grid.draw(Notice(nothing, glyphs: glyphs), in: rect)
      return
    }
    let hasCell = rect.height >= 6
    let parts = rect.rows(
      .fixed(1), .fixed(rect.height >= 8 ? 1 : 0), .share(1), .fixed(hasCell ? 1 : 0))
    drawViews(parts[0], on: &grid)
    guard let sums else {
      grid.draw(Notice(needs, glyphs: glyphs), in: parts[2])
      return
    }
    drawMap(dataset, sums, ruler: parts[1], in: parts[2], on: &grid)
    if hasCell {
      grid.text(
        CellReport.line(bench, columns: columns(parts[2])), x: rect.x + 1, y: parts[3].y,
        ink: .role(.title), maxWidth: rect.width - 2, ellipsis: glyphs.ellipsis)
    }
  }

  private func columns(_ rect: Rect) -> Int { max(1, rect.width - Self.names - Self.shares - 2) }

  private var nothing: [StyledText] {
    let text = bench.preparation?.sentence ?? "No data set is open.   1 Data, then enter"
    return [StyledText(text, ink: .role(.muted))]
  }

  /// The sums of the view; nil where it needs a method or a truth that is not there.
  private var sums: LabelSums? {
    switch bench.missing.view {
    case .given: bench.missing.given
    case .truth: bench.missing.truth
    case .masked, .teacher: nil
    }
  }

  private var needs: [StyledText] {
    let text =
      switch bench.missing.view {
      case .masked: "This view needs a method that masks labels (label enhancing)."
      case .teacher: "This view needs a method with a teacher (label enhancing, mean teacher)."
      case .given, .truth: "The truth behind the missing labels is not known in this data set."
      }
    return [StyledText(text), StyledText("tab flips to the next view", ink: .role(.muted))]
  }

  private func drawViews(_ rect: Rect, on grid: inout Grid) {
    let tabs = MissingState.View.allCases.map { view -> StyledText in
      view == bench.missing.view
        ? StyledText("[\(view.rawValue)]", ink: .role(.title))
        : StyledText(" \(view.rawValue) ", ink: .role(.muted))
    }
    grid.text(tabs, x: rect.x, y: rect.y, maxWidth: rect.width, ellipsis: glyphs.ellipsis)
  }

  private func drawMap(
    _ dataset: OpenDataset, _ sums: LabelSums, ruler: Rect, in rect: Rect, on grid: inout Grid
  ) {
    let bin = bench.binSize(columns: columns(rect))
    let total = (sums.clips + bin - 1) / bin
    let here = bench.missing.position / bin
    let across = ListWindow(cursor: here, count: total, rows: columns(rect))
    let order = bench.mapClasses
    let down = ListWindow(cursor: bench.cursor(.map), count: order.count, rows: rect.height)
    drawRuler(ruler, across.range, bin, sums.clips, on: &grid)
    for (row, line) in down.range.enumerated() {
      let (y, c) = (rect.y + row, order[line])
      let isHere = line == bench.cursor(.map)
      if isHere { grid.put(glyphs.pointer, x: rect.x, y: y) }
      grid.text(
        dataset.classes[c], x: rect.x + 1, y: y, ink: .role(isHere ? .title : .text),
        maxWidth: Self.names - 1, ellipsis: glyphs.ellipsis)
      for (column, i) in across.range.enumerated() {
        let counts = sums.counts(of: c, in: i * bin..<(i + 1) * bin)
        grid[rect.x + Self.names + 1 + column, y] =
          cell(counts, isHere && i == here ? .role(.selection) : .plain)
      }
      let share = sums.counts(of: c, in: 0..<sums.clips).missingShare.percent
      grid.text(share.padded(to: 4, .right), x: rect.right - 5, y: y)
    }
  }

  private func cell(_ counts: LabelCounts, _ paper: Ink) -> Cell {
    guard counts.observed + counts.other > 0 else {
      return Cell(glyphs.label(.missing), ink: .role(.missing), paper: paper)
    }
    let mark: LabelMark =
      counts.other > counts.observed
      ? .masked : counts.positive >= counts.negative ? .positive : .negative
    guard glyphs.paintsRamps else {
      return Cell(glyphs.label(mark), ink: .role(mark.role), paper: paper)
    }
    let level = 5 + Int((counts.observedShare * 10).rounded())
    return Cell(
      glyphs.label(mark), ink: .ramp(.sequential, UInt8(min(15, max(5, level)))), paper: paper)
  }

  /// Clip numbers above the columns, the size of a column, and what stands at the right.
  private func drawRuler(
    _ rect: Rect, _ range: Range<Int>, _ bin: Int, _ clips: Int, on grid: inout Grid
  ) {
    guard !rect.isEmpty, !range.isEmpty else { return }
    let x = rect.x + Self.names + 1
    let last = "\(min(clips, range.upperBound * bin) - 1)"
    let first = "clip \(range.lowerBound * bin)"
    let order = bench.missing.byMissing ? ", most missing first" : ""
    grid.text(
      "\(first)   (\(bin) a column\(order))", x: x, y: rect.y, ink: .role(.muted),
      maxWidth: max(0, range.count - last.columns - 1), ellipsis: glyphs.ellipsis)
    grid.text(
      last, x: max(x, x + range.count - last.columns), y: rect.y, ink: .role(.muted),
      maxWidth: rect.right - x)
    grid.text("miss", x: rect.right - 5, y: rect.y, ink: .role(.muted))
  }
}
