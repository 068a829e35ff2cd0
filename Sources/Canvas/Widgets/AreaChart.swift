/// Values over time as an area, filled from below, the newest value at the right. The colour is the
/// height in a ramp.
public struct AreaChart: Widget, Sendable, Hashable {
  public var values: [Double]
  /// The values at the lower and at the upper edge.
  public var range: ClosedRange<Double>
  public var ramp: ColorRamp

  /// A value that is not finite leaves a gap.
  public init(_ values: [Double], range: ClosedRange<Double>, ramp: ColorRamp = .cost) {
    self.values = values
    self.range = range
    self.ramp = ramp
  }

  public func draw(in rect: Rect, on grid: inout Grid) {
    let span = range.upperBound - range.lowerBound
    guard !rect.isEmpty, span > 0 else { return }
    var raster = DotRaster(width: rect.width, height: rect.height, tier: grid.glyphs.tier)
    let shown = values.suffix(raster.dotWidth)
    let left = raster.dotWidth - shown.count
    let inks = (0..<rect.height).map { row in
      Ink.ramp(ramp, ColorRamp.level(1 - (Double(row) + 0.5) / Double(rect.height)))
    }
    for (i, value) in shown.enumerated() where value.isFinite {
      let share = min(1, max(0, (value - range.lowerBound) / span))
      // Something that is small but not nothing has a dot.
      let dots = max(value > range.lowerBound ? 1 : 0, Int(share * Double(raster.dotHeight) + 0.5))
      for y in (raster.dotHeight - dots)..<raster.dotHeight {
        raster.set(left + i, y, inks[y / raster.down])
      }
    }
    raster.draw(at: rect.x, rect.y, on: &grid)
  }
}
