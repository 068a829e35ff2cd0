import Canvas
import Foundation
import Terminal
import TestSupport
import Testing

/// Pictures in pixels: the bytes that terminals are sent.
@Suite struct PictureBytesTests {
  private let palette: Palette
  private let glyphs: GlyphSet

  init() throws {
    let library = ThemeLibrary(folders: [SharedData.packageRoot.appendingPathComponent("themes")])
    let theme = try library.load("dark").theme
    palette = Palette(theme, .direct)
    glyphs = theme.glyphSet(tier: .unicode, color: .direct)
  }

  /// 16 bands, 40 frames, every level.
  private static let map = HeatMap(
    rows: 16, columns: 40, values: (0..<640).map { Float($0 % 64) }, range: 0...63,
    isPicture: true)

  private func picture(_ kind: ImageProtocol, width: Int = 30, height: Int = 6) throws
    -> GridPicture
  {
    var glyphs = glyphs
    glyphs.images = kind
    var grid = Grid(width: width, height: height, glyphs: glyphs)
    grid.draw(Self.map, in: grid.bounds)
    return try #require(grid.pictures.first)
  }

  @Test func kittyGetsEveryPixelInChunks() throws {
    let bytes = KittyPicture.show(try picture(.kitty), id: 9, palette)
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(
      text.hasPrefix("\u{1B}7\u{1B}[1;1H\u{1B}_Ga=T,f=24,s=40,v=16,i=9,c=30,r=6,z=-1,C=1,q=2,"))
    #expect(text.hasSuffix("\u{1B}\\\u{1B}8"))
    let parts = text.components(separatedBy: "\u{1B}_G").dropFirst()
    let chunks = parts.compactMap { part -> Substring? in
      guard let start = part.firstIndex(of: ";") else { return nil }
      return part[part.index(after: start)...].prefix { $0 != "\u{1B}" }
    }
    #expect(chunks.allSatisfy { $0.utf8.count <= 4096 })
    #expect(parts.dropLast().allSatisfy { $0.contains("m=1;") })
    #expect(parts.last?.contains("m=0;") == true)
    let pixels = try #require(Data(base64Encoded: chunks.joined()))
    #expect(pixels.count == 40 * 16 * 3)
    // The last level of the ramp is the theme's brightest sound; level 0 is the page.
    #expect(Array(pixels[0..<3]) == [0x0F, 0x14, 0x1B])
    #expect(Array(pixels[63 * 3..<64 * 3]) == [0xFF, 0xF8, 0xCF])
  }

  @Test func kittyIsToldWhatToForget() {
    #expect(KittyPicture.remove(id: 9) == Array("\u{1B}_Ga=d,d=I,i=9,q=2\u{1B}\\".utf8))
  }

  /// Read back as a terminal would: every pixel has the color of its level.
  @Test func sixelsGiveThePictureBack() throws {
    let picture = try picture(.sixel)
    let cell = (width: 4, height: 9)
    let bytes = SixelPicture.show(picture, cell: cell, palette)
    let read = try #require(Sixels(String(decoding: bytes, as: UTF8.self)))
    #expect(read.width == 120 && read.height == 54)
    for y in 0..<54 {
      for x in 0..<120 {
        let level = picture.levels[
          y * picture.height / 54 * picture.width + x * picture.width / 120]
        #expect(read.pixels[y * 120 + x] == Int(level), "\(x),\(y)")
      }
    }
  }

  /// In a pane of 78 by 17 cells with a clip of 64 bands and 130 frames.
  @Test func aPictureStaysSmall() throws {
    let values = (0..<64 * 130).map { (i: Int) -> Float in
      let (band, frame) = i.quotientAndRemainder(dividingBy: 130)
      return Float(sin(Double(frame) / 9)) + Float(cos(Double(band) / 5))
    }
    for (kind, most) in [(ImageProtocol.kitty, 40_000), (.sixel, 200_000)] {
      var glyphs = glyphs
      glyphs.images = kind
      var grid = Grid(width: 78, height: 17, glyphs: glyphs)
      grid.draw(
        HeatMap(rows: 64, columns: 130, values: values, isPicture: true), in: grid.bounds)
      let picture = try #require(grid.pictures.first)
      let bytes =
        kind == .kitty
        ? KittyPicture.show(picture, id: 1, palette)
        : SixelPicture.show(picture, cell: (9, 20), palette)
      #expect(bytes.count < most, "\(kind): \(bytes.count) bytes")
    }
  }

  @Test func picturesGiveWayToCells() {
    var grid = Grid(width: 30, height: 6, glyphs: glyphs)
    grid.draw(Self.map, in: grid.bounds)
    #expect(grid.pictures.isEmpty && grid.cells.contains { $0.glyph == "▀" })
    var sixel = glyphs
    sixel.images = .sixel
    var playing = Self.map
    playing.head = 12
    var other = Grid(width: 30, height: 6, glyphs: sixel)
    other.draw(playing, in: other.bounds)
    #expect(other.pictures.isEmpty)
  }

  @Test func whatLiesOverAPictureIsSeen() {
    var kitty = glyphs
    kitty.images = .kitty
    var grid = Grid(width: 30, height: 6, glyphs: kitty)
    var playing = Self.map
    playing.head = 12
    grid.draw(playing, in: grid.bounds)
    #expect(grid.pictures.count == 1 && grid.hasWholePictures)
    grid.text("toast", x: 20, y: 3)
    #expect(!grid.hasWholePictures)
  }
}

/// A reader of sixels.
private struct Sixels {
  private(set) var width = 0, height = 0
  /// The number of the color; -1 where nothing was drawn.
  private(set) var pixels: [Int] = []

  init?(_ text: String) {
    guard let start = text.range(of: "\u{1B}P0;1;0q\"1;1;"), let end = text.range(of: "\u{1B}\\")
    else { return nil }
    var body = text[start.upperBound..<end.lowerBound]
    func number() -> Int {
      let digits = body.prefix { $0.isNumber }
      body = body.dropFirst(digits.count)
      return Int(digits) ?? 0
    }
    width = number()
    body = body.dropFirst()
    height = number()
    pixels = Array(repeating: -1, count: width * height)
    var (x, y, color) = (0, 0, 0)
    while let first = body.first {
      body = body.dropFirst()
      switch first {
      case "#":
        color = number()
        while body.first == ";" {
          body = body.dropFirst()
          _ = number()
        }
      case "$": x = 0
      case "-": (x, y) = (0, y + 6)
      case "!":
        let count = number()
        guard let sixel = body.first else { return nil }
        body = body.dropFirst()
        for _ in 0..<count { put(sixel, &x, y, color) }
      default: put(first, &x, y, color)
      }
    }
  }

  private mutating func put(_ sixel: Character, _ x: inout Int, _ y: Int, _ color: Int) {
    let bits = Int(sixel.asciiValue ?? 63) - 63
    for row in 0..<6 where bits >> row & 1 == 1 && x < width && y + row < height {
      pixels[(y + row) * width + x] = color
    }
    x += 1
  }
}
