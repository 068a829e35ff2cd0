import Canvas
import Foundation
import TestSupport
import Testing

/// Every widget as a golden picture, and at sizes where nothing fits.
@Suite struct WidgetTests {
  static let tiers: [(String, GlyphSet)] = [
    ("unicode", .unicode), ("block", .block), ("ascii", .ascii),
    ("unicode-mono", GlyphSet(tier: .unicode, color: .mono)),
  ]

  @Test(arguments: ["unicode", "ascii"], [[60, 14], [24, 6]])
  func goldens(tier: String, size: [Int]) throws {
    let glyphs = try #require(Self.tiers.first { $0.0 == tier }).1
    for (name, widget) in Samples.widgets {
      var grid = Grid(width: size[0], height: size[1], glyphs: glyphs)
      widget.draw(in: grid.bounds, on: &grid)
      #expect(
        Screen.mismatch(grid, golden: "Canvas/\(name)-\(tier)-\(size[0])x\(size[1])") == nil)
    }
  }

  /// What lies outside a widget's place stays as it was, at every small size and odd place.
  @Test(arguments: 0..<4) func widgetsStayInsideTheirRectangle(tier: Int) {
    let marker = Cell("Z", ink: .role(.fault))
    for (name, widget) in Samples.widgets {
      for width in 0...9 {
        for height in 0...5 {
          var grid = Grid(width: 12, height: 8, glyphs: Self.tiers[tier].1)
          grid.fill(grid.bounds, with: marker)
          let place = Rect(x: 2, y: 1, width: width, height: height)
          widget.draw(in: place, on: &grid)
          var touched: [String] = []
          for y in 0..<8 {
            for x in 0..<12 where !place.contains(x: x, y: y) && grid[x, y] != marker {
              touched.append("\(x),\(y)")
            }
          }
          #expect(touched.isEmpty, "\(name) at \(width)x\(height)")
        }
      }
    }
  }

  @Test func drawsNothingOnAnEmptyGrid() {
    for (_, widget) in Samples.widgets {
      for (width, height) in [(0, 0), (1, 0), (0, 1), (1, 1), (2, 2), (500, 1), (1, 200)] {
        var grid = Grid(width: width, height: height)
        widget.draw(in: Rect(x: 0, y: 0, width: 80, height: 24), on: &grid)
        widget.draw(in: Rect(x: -5, y: -5, width: 9, height: 9), on: &grid)
        #expect(grid.cells.count == width * height)
      }
    }
  }

  @Test func asciiGlyphSetIsASCII() {
    for (name, widget) in Samples.widgets where name != "table" && name != "bars" {
      var grid = Grid(width: 60, height: 14, glyphs: .ascii)
      widget.draw(in: grid.bounds, on: &grid)
      let odd = grid.cells.filter { !$0.glyph.isASCII && !"日本の笛".contains($0.glyph) }
      #expect(odd.isEmpty, "\(name)")
    }
  }

  @Test func scrollingMovesAsLittleAsPossible() {
    #expect(Scroll(first: 3).showing(4, of: 20, in: 5).first == 3)
    #expect(Scroll(first: 3).showing(9, of: 20, in: 5).first == 5)
    #expect(Scroll(first: 3).showing(0, of: 20, in: 5).first == 0)
    #expect(Scroll(first: 30).showing(nil, of: 20, in: 5).first == 15)
    #expect(Scroll(first: 3).showing(99, of: 0, in: 5).first == 0)
    #expect(Scroll(first: 3).showing(2, of: 20, in: 0).first == 0)
  }

  @Test func tableShowsSelectionAndHint() {
    var grid = Grid(width: 30, height: 5)
    Samples.table.draw(in: grid.bounds, on: &grid)
    let lines = Screen.text(grid)
    #expect(lines[0].contains("class") && lines[0].contains("miss"))
    #expect(lines[3].hasPrefix("► 日本の笛"))
    #expect(grid[10, 3].paper == .role(.selection))
    #expect(lines[4].contains("3-5 of 8"))
  }

  @Test func bars() {
    #expect(GlyphSet.unicode.bar(0.5, width: 4) == "■■··")
    #expect(GlyphSet.unicode.bar(0.3125, width: 2) == "■·")
    #expect(GlyphSet.ascii.bar(0.5, width: 4) == "##..")
    #expect(GlyphSet.unicode.bar(.nan, width: 2) == "··")
    #expect(GlyphSet.unicode.bar(9, width: 2) == "■■")
    #expect(GlyphSet.unicode.bar(1, width: -2) == "")
  }

  @Test func labelsDifferWithoutColour() {
    for (_, glyphs) in Self.tiers {
      #expect(Set(LabelMark.allCases.map(glyphs.label)).count == LabelMark.allCases.count)
    }
  }
}
