import Canvas
import Foundation
import TestSupport
import Testing

/// Bars, dots and intervals, with and without a theme's own colours.
@Suite struct BarTests {
  private let painted = GlyphSet(tier: .unicode, color: .direct, hasPapers: true)

  @Test func aBarHasATrackAndABlendedEnd() {
    let cells = row(painted) { $0.bar(0.25, in: Rect(x: 0, y: 0, width: 6, height: 1)) }
    #expect(cells.allSatisfy { $0.glyph == "▆" })
    #expect(cells[0].ink == .ramp(.value, 0))
    #expect(cells[1].ink == Ink.ramp(.value, 13).mixed(with: .role(.track), 0.5))
    #expect(cells[2...].allSatisfy { $0.ink == .role(.track) })
  }

  @Test func withoutATrackTheRestIsDotted() {
    let bar = Rect(x: 0, y: 0, width: 6, height: 1)
    #expect(String(row(.unicode) { $0.bar(0.5, in: bar) }.map(\.glyph)) == "■■■···")
    #expect(String(row(.ascii) { $0.bar(0.5, in: bar) }.map(\.glyph)) == "###...")
    #expect(String(row(.unicode) { $0.bar(.nan, in: bar) }.map(\.glyph)) == "······")
    #expect(String(row(.unicode) { $0.bar(7, in: bar) }.map(\.glyph)) == "■■■■■■")
  }

  @Test func stackedBarsKeepTheirOrder() {
    let cells = row(painted) {
      $0.stackedBar(
        [(0.5, .positive), (1.0 / 3, .negative)], in: Rect(x: 0, y: 0, width: 6, height: 1))
    }
    let roles = cells.map(\.ink)
    #expect(roles[0] == .role(.positive) && roles[2] == .role(.positive))
    #expect(roles[3] == .role(.negative) && roles[5] == .role(.track))
  }

  @Test func intervalsReachToBothSides() {
    let cells = row(.unicode) {
      $0.interval(0.2, 0.4, 0.6, ink: .role(.series2), in: Rect(x: 0, y: 0, width: 6, height: 1))
    }
    #expect(String(cells.map(\.glyph)) == "┈─●─┈┈")
  }

  /// A dialog's backdrop keeps its glyphs and loses its colour.
  @Test func whatLiesBehindFades() {
    var grid = Grid(width: 2, height: 1, glyphs: painted)
    grid.text("ab", x: 0, y: 0, ink: .role(.good))
    grid.fade()
    #expect(grid.lines == ["ab"])
    #expect(grid[0, 0].ink == Ink.role(.good).mixed(with: .role(.page), 0.62))
    var plain = Grid(width: 2, height: 1)
    plain.text("ab", x: 0, y: 0, ink: .role(.good))
    plain.fade()
    #expect(plain[0, 0].ink == .role(.good))
  }

  @Test func selectedRowsKeepTheirInks() {
    var grid = Grid(width: 4, height: 1, glyphs: painted)
    grid.text("ab", x: 0, y: 0, ink: .role(.good))
    grid.put("c", x: 2, y: 0, ink: .role(.faint))
    grid.select(grid.bounds)
    #expect(grid[0, 0] == Cell("a", ink: .role(.good), paper: .role(.selection)))
    #expect(grid[2, 0].ink == .role(.muted))
    grid.restSelection(in: grid.bounds)
    #expect(grid[0, 0].paper == .role(.selectionIdle))
  }

  @Test func aFrameBecomesAPicture() throws {
    let theme = try ThemeLibrary(folders: [ThemeTests.folder]).load("dark").theme
    var grid = Grid(width: 8, height: 2, glyphs: theme.glyphSet(tier: .unicode, color: .direct))
    grid.text("a<b", x: 0, y: 0, ink: .role(.good), paper: .role(.selection))
    grid.put("▆", x: 4, y: 0, ink: .role(.student))
    grid.put("⠁", x: 5, y: 1, ink: .role(.teacher))
    let text = SVGFrame(theme, .direct).text(of: grid)
    #expect(text.hasPrefix("<svg xmlns=") && text.hasSuffix("</svg>\n"))
    #expect(text.contains(">a&lt;b</text>") && text.contains("fill=\"#26304a\""))
    #expect(text.contains("fill=\"#5ba2ef\"") && text.contains("<circle"))
    let node = try XMLNames.roots(of: text)
    #expect(node == ["svg"])
  }

  private func row(_ glyphs: GlyphSet, _ draw: (inout Grid) -> Void) -> [Cell] {
    var grid = Grid(width: 6, height: 1, glyphs: glyphs)
    draw(&grid)
    return grid.cells
  }
}

/// Whether a text is balanced XML: the names of elements left open or at the root.
private enum XMLNames {
  static func roots(of text: String) throws -> [String] {
    var open: [String] = [], roots: [String] = []
    for match in text.matches(of: /<(\/?)([a-z]+)[^>]*?(\/?)>/) {
      if match.1 == "/" {
        #expect(open.last == String(match.2))
        open.removeLast()
      } else {
        if open.isEmpty { roots.append(String(match.2)) }
        if match.3 != "/" { open.append(String(match.2)) }
      }
    }
    #expect(open.isEmpty)
    return roots
  }
}
