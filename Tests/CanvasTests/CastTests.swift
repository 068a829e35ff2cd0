import Canvas
import Foundation
import Testing

/// Recordings of pictures: asciicast, version 2.
@Suite struct CastTests {
  private func lines(_ cast: Asciicast) throws -> [Any] {
    try cast.text.split(separator: "\n").map {
      try JSONSerialization.jsonObject(with: Data($0.utf8))
    }
  }

  private func picture(_ word: String, width: Int = 20, ink: Ink = .role(.fault)) -> Grid {
    var grid = Grid(width: width, height: 3)
    grid.text(word, x: 2, y: 1, ink: ink)
    return grid
  }

  @Test func castFollowsTheAsciicastFormat() throws {
    let theme = try #require(ThemeLibrary.builtIn)
    var cast = Asciicast(Palette(theme, .indexed), width: 20, height: 3, title: "a \"b\"")
    cast.add(picture("one"), at: 7)
    cast.add(picture("one"), at: 8)
    cast.add(picture("two"), at: 9.5)
    cast.add(picture("two", width: 30), at: 10)
    let lines = try lines(cast)
    let header = try #require(lines[0] as? [String: Any])
    #expect(header["version"] as? Int == 2 && header["width"] as? Int == 20)
    #expect(header["height"] as? Int == 3 && header["title"] as? String == "a \"b\"")
    let events = try lines.dropFirst().map { try #require($0 as? [Any]) }
    #expect(events.map { $0[0] as? Double } == [0, 2.5, 3, 3])
    #expect(events.map { $0[1] as? String } == ["o", "o", "r", "o"])
    #expect(events[2][2] as? String == "30x3")
    let first = try #require(events[0][2] as? String)
    #expect(first.contains("\u{1B}[2J") && first.contains("one"))
    // The fault's red among 256, in reverse.
    #expect(first.contains("\u{1B}[0;7;38;5;131mone"))
    let second = try #require(events[1][2] as? String)
    #expect(second.hasPrefix("\u{1B}[2;3H") && !second.contains("\u{1B}[2J"))
    #expect(second.hasSuffix("two\u{1B}[0m"))
  }

  @Test(arguments: [
    (ColorTier.mono, "\u{1B}[0;7m"), (.sixteen, "\u{1B}[0;7;31m"),
    (.direct, "\u{1B}[0;7;38;2;175;95;95m"),
  ]) func castColoursFollowTheColourDepth(tier: ColorTier, code: String) throws {
    var cast = Asciicast(
      Palette(try #require(ThemeLibrary.builtIn), tier), width: 20, height: 3, title: "")
    cast.add(picture("x"), at: 0)
    let event = try #require(try lines(cast)[1] as? [Any])
    #expect((event[2] as? String)?.contains(code + "x") == true)
  }

  @Test func partsOfAFrameExportAsText() {
    let grid = picture("hello")
    #expect(grid.lines(in: Rect(x: 3, y: 1, width: 3, height: 9)) == ["ell", ""])
    #expect(grid.lines(in: Rect(x: 90, y: 90, width: 3, height: 3)) == [])
  }
}
