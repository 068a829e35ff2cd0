/// A bar per row: name, value, bar, and a second value as a marker on the bar.
public struct BarChart: Widget, Sendable, Hashable {
  public struct Bar: Sendable, Hashable {
    public var name: String
    /// nil for no value.
    public var value: Double?
    public var second: Double?
    /// The text to the right of the bar.
    public var note: String
    public var ink: Ink

    public init(
      _ name: String, _ value: Double?, second: Double? = nil, note: String = "",
      ink: Ink = .role(.series0)
    ) {
      self.name = name
      self.value = value
      self.second = second
      self.note = note
      self.ink = ink
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
        if i == selection { grid.restyle(row, paper: .role(.selection)) }
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
    grid.text(
      grid.glyphs.bar(bar.value.map(share) ?? 0, width: width), x: start, y: row.y, ink: bar.ink)
    if let second = bar.second {
      let at = min(width - 1, Int(share(second) * Double(width)))
      grid.put(grid.glyphs.pick("◆", "|"), x: start + at, y: row.y, ink: .role(.teacher))
    }
    grid.text(bar.note, x: start + width + 1, y: row.y, ink: .role(.muted), maxWidth: widths.notes)
  }

  private func share(_ value: Double) -> Double {
    let span = range.upperBound - range.lowerBound
    guard value.isFinite, span > 0 else { return 0 }
    return min(1, max(0, (value - range.lowerBound) / span))
  }
}

extension Grid {
  /// A curve of one row, with the newest value on the right. `range`: nil for the range of the
  /// finite values.
  public mutating func sparkline(
    _ values: [Double], range: ClosedRange<Double>? = nil, ink: Ink = .role(.series0),
    in rect: Rect
  ) {
    guard !rect.isEmpty else { return }
    let shown = values.suffix(rect.width)
    let finite = shown.filter(\.isFinite)
    guard let low = range?.lowerBound ?? finite.min(), let high = range?.upperBound ?? finite.max()
    else { return }
    for (i, value) in shown.enumerated() where value.isFinite {
      let share = high > low ? (value - low) / (high - low) : 0.5
      let level = 1 + Int((min(1, max(0, share)) * 7).rounded())
      put(glyphs.column(level), x: rect.x + i, y: rect.y, ink: ink)
    }
  }
}
