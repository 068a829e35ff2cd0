import Canvas
import Foundation

/// Frames with everything that is hard for a terminal: wide and combining characters, borders,
/// half blocks, Braille, reverse, runs of equal cells, the lower right corner.
enum Pictures {
  static func frame(_ n: Int, _ glyphs: GlyphSet, width: Int, height: Int) -> Grid {
    var grid = Grid(width: width, height: height, glyphs: glyphs)
    grid.border(grid.bounds, Caption("Frame \(n)", note: "note"), focused: n % 2 == 0)
    let names = glyphs.isASCII ? "plain" : "日本の笛 e\u{301} ▲"
    grid.text(names, x: 2 + n, y: 1, ink: .role(.warn))
    grid.text(String(repeating: "=", count: 30), x: 2, y: 2, ink: .role(.muted))
    let values = (0..<200).map { Float(sin(Double($0 + 5 * n) / 9)) }
    grid.draw(
      HeatMap(rows: 10, columns: 20, values: values),
      in: Rect(x: 2, y: 4, width: 20, height: 5))
    let x = (0..<60).map(Double.init)
    let curve = Curve("c", x: x, y: x.map { cos(($0 + Double(n)) / 7) })
    let plot = LinePlot([curve, curve])
    grid.draw(plot, in: Rect(x: 24, y: 4, width: 30, height: 8))
    for (i, role) in Role.allCases.enumerated() {
      grid.text("\(i)", x: 2 + 3 * (i % 15), y: 13 + i / 15, ink: .role(role))
    }
    grid.restyle(Rect(x: 1, y: 14, width: width - 2, height: 1), paper: .role(.selection))
    grid.put("X", x: width - 1, y: height - 1, ink: .role(.fault))
    return grid
  }
}
