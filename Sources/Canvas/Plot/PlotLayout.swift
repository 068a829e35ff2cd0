/// The layout of a plot at a given size, and the mapping of values to dots.
struct PlotLayout {
  let rect: Rect
  let area: Rect
  let x, y: Axis
  /// The rows and texts of the ticks on the left; empty without room.
  let ticks: [(row: Int, label: String)]
  let hasXLabels: Bool
  /// Whether the column to the right of the area shows the letters of the curves.
  let hasLetters: Bool
  /// The columns to the right of the area for names and last values; 0 without room for them.
  let names: Int

  /// Narrower plots show letters in place of names.
  private static let leastWidth = 44, leastArea = 24, mostNames = 22

  init(_ plot: LinePlot, in rect: Rect) {
    self.rect = rect
    hasXLabels = rect.height >= 4
    let rows = rect.height - (hasXLabels ? 1 : 0)
    let count = max(2, min(5, rows / 3))
    x = plot.xRange.map { Axis($0, logarithmic: plot.logarithmicX) } ?? PlotLayout.extent(plot)
    y =
      plot.yRange.map { Axis($0, logarithmic: plot.logarithmicY) }
      ?? Axis(fitting: PlotLayout.shown(plot), logarithmic: plot.logarithmicY, ticks: count)
    let axis = y
    let labels = axis.ticks(count).map { (value: $0, label: axis.label($0, of: count)) }
    let margin = (labels.map(\.label.columns).max() ?? 0) + 1
    let hasTicks = rect.width >= margin + 8 && rows >= 2
    let left = hasTicks ? margin : 0
    names = PlotLayout.columns(of: plot, in: rect.width, beside: left)
    hasLetters = names == 0 && plot.curves.count > 1 && rect.width - left >= 8
    let right = names > 0 ? names + 1 : hasLetters ? 1 : 0
    let place = Rect(x: rect.x + left, y: rect.y, width: rect.width - left - right, height: rows)
    area = place
    ticks =
      hasTicks
      ? labels.compactMap { tick in
        PlotLayout.row(tick.value, axis, place).map { (row: $0, label: tick.label) }
      } : []
  }

  /// The row of a value; nil if outside.
  func row(_ value: Double) -> Int? { PlotLayout.row(value, y, area) }

  /// The row nearest to a value.
  func nearestRow(_ value: Double) -> Int? {
    row(min(y.high, max(y.low, value)))
  }

  /// The column of an x position; nil if outside.
  func column(_ value: Double) -> Int? {
    guard let p = x.position(value), p >= 0, p <= 1, area.width > 0 else { return nil }
    return area.x + min(area.width - 1, Int(p * Double(area.width)))
  }

  private static func row(_ value: Double, _ axis: Axis, _ area: Rect) -> Int? {
    guard let p = axis.position(value), p >= -1e-9, p <= 1 + 1e-9, area.height > 0 else {
      return nil
    }
    return area.y + area.height - 1 - min(area.height - 1, Int(p * Double(area.height)))
  }

  /// As wide as the widest name with its value, if both the names and the curves have room.
  private static func columns(of plot: LinePlot, in width: Int, beside left: Int) -> Int {
    let widest = plot.curves.compactMap { curve in
      curve.last.map { curve.name.columns + 1 + $0.short.columns }
    }.max()
    guard let widest, width >= leastWidth else { return 0 }
    let columns = min(mostNames, widest)
    return width - left - columns - 1 >= leastArea ? columns : 0
  }

  /// The values that the y axis must reach. Of a long curve, those after the first 2 % of its
  /// points, without the peaks of single ones; its last value in any case.
  private static func shown(_ plot: LinePlot) -> [Double] {
    plot.curves.flatMap { curve -> [Double] in
      guard curve.y.count >= 50 else { return curve.y }
      let settled = curve.y.dropFirst(curve.y.count / 50)
      guard let middle = settled.middle, let last = curve.last else { return curve.y }
      return [middle.lowerBound, middle.upperBound, last]
    }
  }

  private static func extent(_ plot: LinePlot) -> Axis {
    let all = plot.curves.flatMap(\.x).filter { $0.isFinite && (!plot.logarithmicX || $0 > 0) }
    guard let low = all.min(), let high = all.max() else {
      return Axis(plot.logarithmicX ? 1...10 : 0...1, logarithmic: plot.logarithmicX)
    }
    return Axis(low...high, logarithmic: plot.logarithmicX)
  }
}
