// Scores in rows: a line a class or method, a mark a series, with its interval.
import Foundation

/// A row of a dot plot; a series without a value in it is nil.
package struct DotRow: Sendable, Equatable {
  package struct Dot: Sendable, Equatable {
    package var value, low, high: Double

    package init(value: Double, low: Double, high: Double) {
      (self.value, self.low, self.high) = (value, low, high)
    }
  }

  package var name: String
  /// Beside the name, as the number of positives.
  package var note: String
  package var dots: [Dot?]

  package init(name: String, note: String = "", dots: [Dot?]) {
    (self.name, self.note, self.dots) = (name, note, dots)
  }
}

/// Draws rows with a mark a series, moved apart a little, over a common axis.
package struct DotPlot {
  let id, title, caption: String
  /// Of the values.
  let axis: String
  let series: [String]
  let rows: [DotRow]

  package init(
    id: String, title: String, caption: String, axis: String, series: [String], rows: [DotRow]
  ) {
    (self.id, self.title, self.caption) = (id, title, caption)
    (self.axis, self.series, self.rows) = (axis, series, rows)
  }

  private static let width = 720.0, step = 24.0, right = 18.0

  /// nil without a value.
  package var figure: Figure? {
    let dots = rows.flatMap(\.dots).compactMap(\.self)
    guard !dots.isEmpty else { return nil }
    let names = rows.map { Shape.width($0.name + $0.note) + 26 }.max() ?? 0
    let left = min(max(names, 60), 300)
    let legend = legendRows(from: left)
    let top = 10 + 18 * Double(legend.count)
    let floor = top + Self.step * Double(rows.count) + 6
    let across = Axis(
      dots.flatMap { [$0.low, $0.high] }, pixels: (left, Self.width - Self.right), most: 8)
    let content =
      legendMarks(legend, left) + grid(across, top, floor)
      + rows.enumerated().flatMap { row($1, across, top + Self.step * (Double($0) + 0.5)) }
    return Figure(
      id: id, title: title, description: description, caption: caption, width: Self.width,
      height: floor + 38, content: content)
  }

  private var description: String {
    let lines = rows.map { row in
      let values = zip(series, row.dots).compactMap { name, dot in
        dot.map { series.count > 1 ? "\(name) \($0.value.fixed(2))" : $0.value.fixed(2) }
      }
      return "\(row.name): \(values.isEmpty ? "no score" : values.joined(separator: ", "))"
    }
    return "\(axis). " + lines.joined(separator: "; ") + "."
  }

  /// Series and where their names begin, in as many lines as they need; none for a single series.
  private func legendRows(from left: Double) -> [[(index: Int, x: Double)]] {
    guard series.count > 1 else { return [] }
    var lines: [[(index: Int, x: Double)]] = [[]], x = left
    for (index, name) in series.enumerated() {
      let room = Shape.width(name) + 28
      if x + room > Self.width, x > left {
        lines.append([])
        x = left
      }
      lines[lines.count - 1].append((index, x))
      x += room
    }
    return lines
  }

  private func legendMarks(_ lines: [[(index: Int, x: Double)]], _ left: Double) -> [Markup] {
    lines.enumerated().flatMap { line, entries in
      entries.flatMap { entry -> [Markup] in
        let y = 12 + 18 * Double(line)
        return [
          Shape.mark(entry.index, x: entry.x + 5, y: y),
          Shape.text(series[entry.index], x: entry.x + 14, y: y + 4),
        ]
      }
    }
  }

  private func grid(_ across: Axis, _ top: Double, _ floor: Double) -> [Markup] {
    across.ticks.flatMap { tick in
      [
        Shape.line((across(tick), top), (across(tick), floor), "grid"),
        Shape.text(across.label(tick), x: across(tick), y: floor + 15, "middle", "soft"),
      ]
    } + [
      Shape.text(
        axis, x: (across.pixels.0 + across.pixels.1) / 2, y: floor + 33, "middle", "soft")
    ]
  }

  private func row(_ row: DotRow, _ across: Axis, _ y: Double) -> [Markup] {
    let words: [Markup] = [
      Shape.text(row.name, x: 2, y: y + 4),
      Shape.text(row.note, x: across.pixels.0 - 12, y: y + 4, "end", "soft"),
    ]
    guard row.dots.contains(where: { $0 != nil }) else {
      return words + [Shape.text("no score", x: across.pixels.0 + 4, y: y + 4, "start", "soft")]
    }
    // Series share a row, so each is a little lower than the one before.
    let spread = min(13, 3.2 * Double(series.count - 1))
    let marks = row.dots.enumerated().flatMap { index, dot -> [Markup] in
      guard let dot else { return [] }
      let share = series.count > 1 ? Double(index) / Double(series.count - 1) - 0.5 : 0
      let height = y + spread * share
      let range = Shape.line(
        (across(dot.low), height), (across(dot.high), height),
        "line range stroke\(index % Stylesheet.colors)")
      let mark = Shape.mark(index, x: across(dot.value), y: height)
      return dot.high > dot.low ? [range, mark] : [mark]
    }
    return words + marks
  }
}
