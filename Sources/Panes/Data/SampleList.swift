import Canvas
import Lab

/// The clips of the open data set; `Enter` shows one on 4 Clips.
struct SampleList: PaneView {
  let bench: Workbench
  let glyphs: GlyphSet

  var title: String { "Clips" }
  var note: String { bench.dataset.map { "\($0.clips.count)" } ?? "" }

  func draw(in rect: Rect, on grid: inout Grid) {
    guard let dataset = bench.dataset else {
      let text = bench.preparation == nil ? "no data set is open" : "reading …"
      grid.draw(Notice([StyledText(text, ink: .role(.muted))], glyphs: glyphs), in: rect)
      return
    }
    let window = window(rect)
    let table = Table(
      [
        .init("", .fixed(min(18, max(14, rect.width - 18)))), .init("", .fixed(5), .right),
        .init("", .flexible),
      ],
      texts: window.range.map { i in
        let clip = dataset.clips[i]
        return [clip.id, clip.seconds.fixed(1) + "s", observed(clip, dataset.classes)]
      }, selection: window.selection, hasHeader: false, emptyText: "no clips", glyphs: glyphs)
    grid.draw(table, in: rect)
  }

  func line(at y: Int, in rect: Rect) -> Int? { window(rect).line(at: y, top: rect.y) }

  private func window(_ rect: Rect) -> ListWindow {
    ListWindow(
      cursor: bench.cursor(.sample), count: bench.dataset?.clips.count ?? 0, rows: rect.height)
  }

  /// Names of the positive classes, then how many labels are missing.
  private func observed(_ clip: ClipRow, _ classes: [String]) -> String {
    let names = zip(clip.labels, classes).filter { $0.0.isPositive }.map(\.1)
    let missing = clip.labels.count { $0 == .missing }
    let hole = missing > 0 ? "\(glyphs.label(.missing))\(missing)" : ""
    return (names + [hole]).filter { !$0.isEmpty }.joined(separator: " ")
  }
}

/// The part of a long list that is drawn: the cursor stays in the middle where it can.
struct ListWindow {
  let range: Range<Int>
  /// The cursor's line within the window.
  let selection: Int?

  init(cursor: Int, count: Int, rows: Int) {
    let rows = max(0, rows)
    let first = min(max(0, cursor - rows / 2), max(0, count - rows))
    range = first..<min(count, first + rows)
    selection = range.contains(cursor) ? cursor - first : nil
  }

  /// The line drawn on row `y` of a screen where the window begins at row `top`.
  func line(at y: Int, top: Int) -> Int? {
    let line = range.lowerBound + y - top
    return y >= top && range.contains(line) ? line : nil
  }
}
