/// A bar per row: name, value, bar, and a second value as a mark on the bar.
public struct BarChart: Widget, Sendable, Hashable {
  public struct Bar: Sendable, Hashable {
    public var name: String
    /// nil for no value.
    public var value: Double?
    public var second: Double?
    /// The text to the right of the bar.
    public var note: String
    public var paint: BarPaint

    public init(
      _ name: String, _ value: Double?, second: Double? = nil, note: String = "",
      paint: BarPaint = .value
    ) {
      self.name = name
      self.value = value
      self.second = second
      self.note = note
      self.paint = paint
    }
  }

  public var bars: [Bar]
  public var range: ClosedRange<Double>
  public var decimals: Int
  public var selection: Int?
  public var scroll: Scroll

  public init(
    _ bars: [Bar], range: ClosedRange<Double> = 0...1, decimals: Int = 2, selection: Int? = nil,
    scroll: Scroll = Scroll()
  ) {
    self.bars = bars
    self.range = range
    self.decimals = decimals
    self.selection = selection
    self.scroll = scroll
  }

  public func draw(in rect: Rect, on grid: inout Grid) {
    guard !rect.isEmpty, !bars.isEmpty else { return }
    let first = scroll.showing(selection, of: bars.count, in: rect.height).first
    let widths = Widths(self, in: rect.width)
    grid.clipped(to: rect) { grid in
      for i in first..<min(bars.count, first + rect.height) {
        let row = Rect(x: rect.x, y: rect.y + i - first, width: rect.width, height: 1)
        draw(bars[i], widths, in: row, &grid)
        if i == selection { grid.select(row, pointer: false) }
      }
    }
  }

  /// The columns of names, values and notes, which are the same in all rows.
  private struct Widths {
    let names, numbers, notes: Int

    init(_ chart: BarChart, in width: Int) {
      names = min(chart.bars.map(\.name.columns).max() ?? 0, max(4, width / 3))
      notes = min(chart.bars.map(\.note.columns).max() ?? 0, width / 4)
      numbers =
        chart.bars.compactMap(\.value).map { $0.fixed(chart.decimals).columns }.max() ?? 1
    }
  }

  private func draw(_ bar: Bar, _ widths: Widths, in row: Rect, _ grid: inout Grid) {
    grid.text(bar.name, x: row.x, y: row.y, maxWidth: widths.names)
    let number = (bar.value?.fixed(decimals) ?? "-").padded(to: widths.numbers, .right)
    let numberInk: Ink = bar.value == nil ? .role(.muted) : .plain
    grid.text(number, x: row.x + widths.names + 1, y: row.y, ink: numberInk)
    let start = row.x + widths.names + widths.numbers + 2
    let width = row.right - start - (widths.notes > 0 ? widths.notes + 1 : 0)
    guard width > 0 else { return }
    let place = Rect(x: start, y: row.y, width: width, height: 1)
    grid.bar(bar.value.map(share) ?? 0, in: place, paint: bar.paint)
    if let second = bar.second {
      grid.barMark(share(second), in: place, ink: .role(.teacher))
    }
    grid.text(bar.note, x: start + width + 1, y: row.y, ink: .role(.muted), maxWidth: widths.notes)
  }

  private func share(_ value: Double) -> Double {
    let span = range.upperBound - range.lowerBound
    guard value.isFinite, span > 0 else { return 0 }
    return min(1, max(0, (value - range.lowerBound) / span))
  }
}
