import Canvas
import Testing

/// Widths, cutting, wrapping and writing of text.
@Suite struct TextTests {
  @Test(arguments: [
    ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("a日", 3), ("😀", 2), ("", 0),
    ("\u{1B}[31m", 4), ("a\tb", 2), ("●■▲θ‖…", 6), ("⣿▀█", 3), ("한", 2), ("\u{200B}", 0),
  ]) func columns(text: String, columns: Int) {
    #expect(text.columns == columns)
  }

  @Test func controlCharactersAreStripped() {
    #expect("a\u{1B}[31mb\u{7}".printable == "a[31mb")
    #expect("two\nlines\tand tab".printable == "two lines and tab")
    #expect("\u{9B}31m".printable == "31m")
  }

  @Test func clustersAreReducedToOneCell() {
    #expect("👨‍👩‍👧".printable == "👨")
    #expect("🇩🇪".printable == "?")
    #expect("❤\u{FE0F}".printable == "❤")
    #expect("e\u{301}\u{302}".printable.unicodeScalars.map(\.value) == [0xE9, 0x302])
    #expect("\u{301}".printable == "◌\u{301}")
    #expect("x\u{FE0F}".printable.unicodeScalars.count == 1)
  }

  @Test(arguments: [
    ("abcdef", 4, "abc…"), ("abc", 3, "abc"), ("abc", 0, ""), ("日本語", 5, "日本…"),
    ("日本語", 4, "日…"), ("ab", 1, "…"), ("日", 1, "…"), ("one two three", 9, "one two …"),
    ("one two three", 11, "one two …"), ("label-enhancing-s0", 12, "label-…-s0"),
    ("mallet_perc", 8, "mallet_…"), ("validation epoch 4", 6, "valid…"),
  ]) func fitting(text: String, width: Int, expected: String) {
    #expect(text.fitted(to: width) == expected)
    #expect(text.fitted(to: width).columns <= width)
  }

  @Test func padding() {
    #expect("ab".padded(to: 5, .right) == "   ab")
    #expect("ab".padded(to: 5, .center) == " ab  ")
    #expect("日本語".padded(to: 6) == "日本語")
    #expect("日本語x".padded(to: 6) == "日本… ")
  }

  @Test func wrapping() {
    #expect("one two three".wrapped(to: 7) == ["one two", "three"])
    #expect("abcdefgh ij".wrapped(to: 3) == ["abc", "def", "gh", "ij"])
    #expect("a\n\nb".wrapped(to: 9) == ["a", "", "b"])
    #expect("  in out".wrapped(to: 5) == ["  in", "out"])
    #expect("日本語".wrapped(to: 4) == ["日本", "語"])
    #expect("x".wrapped(to: 0) == [])
  }

  @Test func textIsClippedOnAllSides() {
    var grid = Grid(width: 4, height: 2)
    #expect(grid.text("hello", x: -2, y: 0) == 5)
    grid.text("below", x: 0, y: 2)
    grid.text("abc", x: 2, y: 1)
    grid.text("no", x: 0, y: 0, maxWidth: -3)
    #expect(text(grid) == ["llo ", "  ab"])
  }

  @Test func wideCharactersAreNeverHalved() {
    var grid = Grid(width: 4, height: 1)
    grid.text("日本", x: 0, y: 0)
    grid.text("x", x: 1, y: 0)
    #expect(text(grid) == [" x本"])
    grid.text("語", x: 1, y: 0)
    #expect(text(grid) == [" 語 "])
    #expect((0..<4).map { grid[$0, 0].width } == [1, 2, 0, 1])
  }

  @Test func wideCharactersAtTheEdgeBecomeSpaces() {
    var grid = Grid(width: 3, height: 1)
    grid.text("a日本", x: 0, y: 0)
    #expect((0..<3).map { grid[$0, 0].width } == [1, 2, 0])
    grid = Grid(width: 2, height: 1)
    grid.text("a日", x: 0, y: 0)
    #expect((0..<2).map { grid[$0, 0].width } == [1, 1])
  }

  @Test func clippingNestsAndEnds() {
    var grid = Grid(width: 3, height: 1)
    grid.clipped(to: Rect(x: 1, y: 0, width: 2, height: 1)) { grid in
      grid.clipped(to: Rect(x: 0, y: 0, width: 2, height: 1)) { $0.text("abc", x: 0, y: 0) }
    }
    #expect(text(grid) == [" b "])
    grid.put("z", x: 0, y: 0)
    #expect(text(grid) == ["zb "])
  }

  @Test func changesAreGroupedIntoRuns() {
    var old = Grid(width: 6, height: 2)
    old.text("日", x: 0, y: 0)
    var new = old
    #expect(new.changes(from: old).isEmpty)
    new.text("ab", x: 3, y: 1)
    new.restyle(Rect(x: 1, y: 0, width: 1, height: 1), ink: .role(.warn))
    let runs = new.changes(from: old)
    #expect(runs.map { [$0.x, $0.y, $0.cells.count] } == [[0, 0, 2], [3, 1, 2]])
    #expect(new.changes(from: nil).count == 2)
    #expect(new.changes(from: Grid(width: 5, height: 2)).count == 2)
  }

  @Test(arguments: [
    (0.0, "0"), (0.7123, "0.712"), (3.4127, "3.41"), (20_900, "20.9k"), (1e-7, "1e-7"),
    (-0.0031, "-0.0031"), (418, "418"), (99.97, "100.0"), (.nan, "-"), (-2.5e-9, "-2.5e-9"),
    (1e12, "1e12"),
  ]) func shortNumbers(value: Double, text: String) {
    #expect(value.short == text)
  }

  @Test func fixedNumbers() {
    #expect((-0.04).fixed(1) == "0.0")
    #expect((-0.06).fixed(1) == "-0.1")
    #expect(0.05.fixed(3) == "0.050")
    #expect(12.0.fixed(0) == "12")
    #expect(Double.infinity.fixed(2) == "-")
  }

  @Test func replacementGlyphsAreASCII() {
    let line = "╔═►▓…é日θ✓"
    #expect(String(line.map(\.asciiStandIn)) == "+=>#~e?T*")
  }

  private func text(_ grid: Grid) -> [String] {
    (0..<grid.height).map { y in
      String((0..<grid.width).filter { grid[$0, y].width > 0 }.map { grid[$0, y].glyph })
    }
  }
}
