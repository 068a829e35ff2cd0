// Curves over steps, epochs or labels: one line a series, named at its end.
import Foundation

/// One curve with what surrounds it.
package struct PlotLine: Sendable, Equatable {
  package struct Point: Sendable, Equatable {
    package var x, y: Double
    /// Ends of an interval or of the range over runs; equal to `y` without one.
    package var low, high: Double

    package init(x: Double, y: Double, low: Double, high: Double) {
      (self.x, self.y, self.low, self.high) = (x, y, low, high)
    }
  }

  package var name: String
  package var points: [Point]

  package init(name: String, points: [Point]) { (self.name, self.points) = (name, points) }
}

/// Draws lines with their bands, axes with round numbers and a name at each line's end.
package struct LinePlot {
  let id, title, caption: String
  let x, y: String
  let lines: [PlotLine]
  /// Whether each point has a mark.
  let hasMarks: Bool

  package init(
    id: String, title: String, caption: String, x: String, y: String, lines: [PlotLine],
    hasMarks: Bool = false
  ) {
    (self.id, self.title, self.caption) = (id, title, caption)
    (self.x, self.y, self.lines, self.hasMarks) = (x, y, lines, hasMarks)
  }

  private static let width = 720.0, height = 340.0
  private static let left = 58.0, top = 14.0, bottom = 44.0

  /// nil without a point.
  package var figure: Figure? {
    let drawn = lines.filter { !$0.points.isEmpty }
    guard !drawn.isEmpty else { return nil }
    let names = drawn.map { Shape.width($0.name) }.max() ?? 0
    let right = Self.width - min(names + 24, 220)
    let all = drawn.flatMap(\.points)
    let across = Axis(all.map(\.x), pixels: (Self.left, right), isRounded: false, most: 6)
    let up = Axis(
      all.flatMap { [$0.low, $0.high] }, pixels: (Self.height - Self.bottom, Self.top))
    let content =
      axes(across, up) + drawn.enumerated().flatMap { band($0, $1, across, up) }
      + drawn.enumerated().flatMap { line($0, $1, across, up) } + ends(drawn, across, up)
    return Figure(
      id: id, title: title, description: description(drawn), caption: caption, width: Self.width,
      height: Self.height, content: content)
  }

  private func description(_ lines: [PlotLine]) -> String {
    let ends = lines.compactMap { line in
      line.points.last.map { "\(line.name) ends at \($0.y.fixed(3))" }
    }
    return "\(y) over \(x). " + ends.joined(separator: "; ") + "."
  }

  private func axes(_ across: Axis, _ up: Axis) -> [Markup] {
    let floor = Self.height - Self.bottom
    let rows = up.ticks.flatMap { tick in
      [
        Shape.line((across.pixels.0, up(tick)), (across.pixels.1, up(tick)), "grid"),
        Shape.text(up.label(tick), x: Self.left - 8, y: up(tick) + 4, "end", "soft"),
      ]
    }
    let columns = across.ticks.flatMap { tick in
      [
        Shape.line((across(tick), floor), (across(tick), floor + 5), "axis"),
        Shape.text(across.label(tick), x: across(tick), y: floor + 19, "middle", "soft"),
      ]
    }
    let middle = (across.pixels.0 + across.pixels.1) / 2
    return rows + columns + [
      Shape.line((across.pixels.0, floor), (across.pixels.1, floor), "axis"),
      Shape.text(x, x: middle, y: Self.height - 6, "middle", "soft"),
    ]
  }

  private func band(_ index: Int, _ line: PlotLine, _ across: Axis, _ up: Axis) -> [Markup] {
    guard line.points.contains(where: { $0.high > $0.low }) else { return [] }
    let edge = line.points.map { (across($0.x), up($0.high)) }
    let back = line.points.reversed().map { (across($0.x), up($0.low)) }
    let text = (edge + back).map { "\($0.0.pixel),\($0.1.pixel)" }.joined(separator: " ")
    return [.leaf("polygon", ["points": text, "class": "band fill\(index % Stylesheet.colors)"])]
  }

  /// Broken where a value is not finite.
  private func line(_ index: Int, _ line: PlotLine, _ across: Axis, _ up: Axis) -> [Markup] {
    var path = "", isPenDown = false
    for point in line.points {
      guard point.y.isFinite else {
        isPenDown = false
        continue
      }
      path += "\(isPenDown ? "L" : "M")\(across(point.x).pixel) \(up(point.y).pixel)"
      isPenDown = true
    }
    let style = "line stroke\(index % Stylesheet.colors)"
    let stroke = Markup.tag("path", ["d": path, "class": style], [.tag("title", line.name)])
    let showsMarks = hasMarks || line.points.count == 1
    let marks = showsMarks ? line.points.filter(\.y.isFinite) : []
    return [stroke] + marks.map { Shape.mark(index, x: across($0.x), y: up($0.y)) }
  }

  /// The names at the right, moved apart where lines end close to each other.
  private func ends(_ lines: [PlotLine], _ across: Axis, _ up: Axis) -> [Markup] {
    let wanted = lines.enumerated().compactMap { index, line in
      line.points.last { $0.y.isFinite }.map { (index: index, name: line.name, y: up($0.y)) }
    }.sorted { $0.y < $1.y }
    var last = Self.top - 15, placed: [(index: Int, name: String, y: Double)] = []
    for end in wanted {
      last = max(end.y, last + 15)
      placed.append((end.index, end.name, last))
    }
    let overhang = max(0, last - (Self.height - Self.bottom))
    let shift = min(overhang, (placed.first?.y ?? 0) - Self.top)
    return placed.flatMap { end in
      [
        Shape.mark(end.index, x: across.pixels.1 + 9, y: end.y - shift, radius: 3.5),
        Shape.text(end.name, x: across.pixels.1 + 17, y: end.y - shift + 4),
      ]
    }
  }
}
