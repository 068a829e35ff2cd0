import Canvas
import Lab

/// One line a class: positive, negative and missing labels as numbers and as a bar.
struct ClassTable: PaneView {
  let bench: Workbench

  var title: String { "Classes · training\(bench.listMarks(.classes))" }
  var note: String { "sort: \(DataScreen.classOrder(bench).rawValue)" }

  func draw(in rect: Rect, on grid: inout Grid) {
    guard let dataset = bench.dataset, !dataset.classes.isEmpty else {
      return grid.notice(emptyLines, in: rect)
    }
    let whole = rect
    let rect = list(dataset, in: whole)
    let table = table(dataset, rect)
    if rect.height < whole.height {
      let low = Rect(
        x: whole.x, y: rect.bottom + 1, width: whole.width, height: whole.bottom - rect.bottom - 1)
      grid.draw(LabelHistogram(dataset: dataset), in: low)
    }
    grid.draw(table, in: rect)
    guard grid.glyphs.hasPapers, let place = table.place(ofColumn: 4, in: rect), place.count >= 4
    else { return }
    drawKey(in: place, rect.y, on: &grid)
    let classes = DataScreen.shownClasses(bench)
    for y in rect.y..<rect.bottom {
      guard let row = table.row(at: y, in: rect), let c = classes[at: row] else { continue }
      let counts = dataset.counts[c], total = Double(max(1, counts.total))
      grid.stackedBar(
        [
          (Double(counts.positive) / total, .positive),
          (Double(counts.negative) / total, .negative),
        ],
        in: Rect(x: place.lowerBound, y: y, width: place.count, height: 1))
      if row == table.selection {
        grid.lay(
          .role(.selection), under: Rect(x: place.lowerBound, y: y, width: place.count, height: 1))
      }
    }
  }

  /// The heading of the bars, in their colours.
  private func drawKey(in place: Range<Int>, _ y: Int, on grid: inout Grid) {
    let pieces = [
      StyledText("pos ", .positive), StyledText("neg ", .negative), StyledText("missing", .faint),
    ]
    let text = Rect(x: place.lowerBound, y: y, width: place.count, height: 1)
    grid.fill(text)
    grid.text(pieces, x: text.x, y: y, maxWidth: text.width)
  }

  func line(at y: Int, in rect: Rect) -> Int? {
    bench.dataset.flatMap { dataset in
      let rect = list(dataset, in: rect)
      return table(dataset, rect).row(at: y, in: rect)
    }
  }

  /// The classes; below them the histogram of labels where both have room.
  private func list(_ dataset: OpenDataset, in rect: Rect) -> Rect {
    let rows = DataScreen.shownClasses(bench).count + 1
    let isRoomy = rows + 1 + LabelHistogram.rows <= rect.height && rect.width >= 40
    return isRoomy ? Rect(x: rect.x, y: rect.y, width: rect.width, height: rows) : rect
  }

  private func table(_ dataset: OpenDataset, _ rect: Rect) -> TableWidget {
    let names = dataset.classes.map(\.columns).max() ?? 5
    let wanted = rect.width - min(names, 16) - 21
    return TableWidget(
      [
        .init("class", .flexible), .init("pos", .fixed(5), .right), .init("neg", .fixed(5), .right),
        .init("miss", .fixed(4), .right), .init(key, .fixed(max(0, wanted - 2))),
      ],
      rows: DataScreen.shownClasses(bench).map { row(dataset, $0, bar: max(0, wanted - 2)) },
      selection: bench.cursor(.classes))
  }

  private var key: String {
    let marks: [(LabelMark, String)] = [(.positive, "pos"), (.negative, "neg"), (.missing, "miss")]
    return marks.map { "\(bench.glyphs.label($0))\($1)" }.joined(separator: " ")
  }

  private var emptyLines: [StyledText] {
    let isPreparing = bench.preparation != nil
    return [
      StyledText(isPreparing ? "counting labels …" : "No data set is open.", .muted),
      StyledText(isPreparing ? "" : "1 Data, then enter on a data set.", .muted),
    ]
  }

  private func row(_ dataset: OpenDataset, _ c: Int, bar width: Int) -> [StyledText] {
    let counts = dataset.counts[c]
    return [
      StyledText(dataset.classes[c]), StyledText("\(counts.positive)"),
      StyledText("\(counts.negative)"), StyledText(counts.missingShare.percent),
      StyledText(LabelBar.text(counts, width: width, bench.glyphs), .series0),
    ]
  }
}

/// Labels of one kind as a bar: positive, then negative, then missing.
enum LabelBar {
  static func text(_ counts: LabelCounts, width: Int, _ glyphs: GlyphSet) -> String {
    guard width > 0, counts.total > 0 else { return "" }
    let positive = cells(counts.positive, counts.total, width)
    let negative = min(width - positive, cells(counts.negative, counts.total, width))
    let other = min(width - positive - negative, cells(counts.other, counts.total, width))
    return String(repeating: glyphs.label(.positive), count: positive)
      + String(repeating: glyphs.label(.negative), count: negative)
      + String(repeating: glyphs.label(.masked), count: other)
      + String(
        repeating: glyphs.label(.missing), count: width - positive - negative - other)
  }

  /// At least one cell for anything there is.
  private static func cells(_ part: Int, _ total: Int, _ width: Int) -> Int {
    guard part > 0 else { return 0 }
    return max(1, Int((Double(part) / Double(total) * Double(width)).rounded()))
  }
}

/// How a table of classes is sorted.
enum ClassOrder: String, Sendable, CaseIterable {
  case dataset = "data set"
  case missing
  case positives
  case name

  /// The letter in the menu of `s`.
  var key: Character {
    switch self {
    case .dataset: "d"
    case .missing: "m"
    case .positives: "p"
    case .name: "n"
    }
  }

  /// Class indices in this order.
  func sorted(_ names: [String], _ counts: [LabelCounts]) -> [Int] {
    let indices = Array(names.indices)
    switch self {
    case .dataset: return indices
    case .name: return indices.sorted { (names[$0], $0) < (names[$1], $1) }
    case .missing:
      return indices.sorted { (-counts[$0].missingShare, $0) < (-counts[$1].missingShare, $1) }
    case .positives:
      return indices.sorted { (-counts[$0].positive, $0) < (-counts[$1].positive, $1) }
    }
  }
}
