/// Curves over a common x axis, in Braille dots or ASCII. Each ends in its name and last value, or
/// in its letter where there is no room.
public struct LinePlot: Widget, Sendable, Hashable {
  /// A highlighted point, such as the best validation score.
  public struct Point: Sendable, Hashable {
    public var x, y: Double

    public init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// An event on the x axis, such as the begin of a stage.
  public struct Mark: Sendable, Hashable {
    public var x: Double
    public var text: String

    public init(x: Double, text: String) {
      self.x = x
      self.text = text
    }
  }

  public var curves: [Curve]
  /// The x range; nil for the range of the data. A live plot should fix it to the planned length,
  /// so that new points do not move the others.
  public var xRange: ClosedRange<Double>?
  /// Places that are named on the x axis; empty for round numbers.
  public var xTicks: [Mark] = []
  /// The y range; nil for round numbers around the data. Of many points, a few peaks may lie
  /// outside; an arrow says how far they go.
  public var yRange: ClosedRange<Double>?
  public var logarithmicX: Bool
  public var logarithmicY: Bool
  /// The smoothing weight on the past, 0 (off) to 0.99. The raw curve stays visible, muted.
  public var smoothing: Double
  public var best: Point?
  /// Events at an x position: a dashed line with a word above it.
  public var marks: [Mark]
  /// The x position of the cursor: a vertical line and the values there.
  public var cursor: Double?
  /// Further x positions to compare with the cursor.
  public var pins: [Double]
  /// The curve that is drawn on top.
  public var selected: Int?
  /// The text before the number at the right end of the x axis.
  public var xName: String
  /// The text for a plot without data.
  public var emptyText: String

  public init(
    _ curves: [Curve], xRange: ClosedRange<Double>? = nil, yRange: ClosedRange<Double>? = nil,
    logarithmicX: Bool = false, logarithmicY: Bool = false, smoothing: Double = 0,
    best: Point? = nil, marks: [Mark] = [], cursor: Double? = nil, pins: [Double] = [],
    selected: Int? = nil,
    xName: String = "", emptyText: String = "no values yet"
  ) {
    self.curves = curves
    self.xRange = xRange
    self.yRange = yRange
    self.logarithmicX = logarithmicX
    self.logarithmicY = logarithmicY
    self.smoothing = smoothing
    self.best = best
    self.marks = marks
    self.cursor = cursor
    self.pins = pins
    self.selected = selected
    self.xName = xName
    self.emptyText = emptyText
  }

  /// The position of a column between the ends of the x axis, 0 to 1, in a plot drawn in `rect`;
  /// nil outside of the axis.
  public func share(ofColumn column: Int, in rect: Rect) -> Double? {
    let area = PlotLayout(self, in: rect).area
    guard column >= area.x, column < area.right else { return nil }
    return (Double(column - area.x) + 0.5) / Double(area.width)
  }

  public func draw(in rect: Rect, on grid: inout Grid) {
    guard !rect.isEmpty else { return }
    grid.clipped(to: rect) { grid in
      let layout = PlotLayout(self, in: rect)
      drawAxes(layout, on: &grid)
      guard curves.contains(where: { $0.last != nil }) else {
        let text = emptyText.fitted(to: layout.area.width, ellipsis: grid.glyphs.ellipsis)
        let x = layout.area.x + (layout.area.width - text.columns) / 2
        grid.text(text, x: x, y: layout.area.y + layout.area.height / 2, ink: .role(.muted))
        return
      }
      drawMarks(layout, on: &grid)
      drawCursor(layout, on: &grid)
      drawCurves(layout, on: &grid)
      drawMarkWords(layout, on: &grid)
      drawPeak(layout, on: &grid)
      drawNames(layout, on: &grid)
      drawReadout(layout, on: &grid)
    }
  }
}
