import Foundation

/// A raster finer than cells: 2×4 Braille dots per cell, or two halves without Braille.
struct DotRaster {
  let width, height: Int
  /// Dots per cell.
  let across, down: Int
  private var masks: [UInt8]
  private var inks: [Ink]
  private let tier: GlyphTier

  /// `width` and `height` in cells.
  init(width: Int, height: Int, tier: GlyphTier) {
    self.width = max(0, width)
    self.height = max(0, height)
    self.tier = tier
    (across, down) = tier == .unicode ? (2, 4) : (1, 2)
    masks = Array(repeating: 0, count: self.width * self.height)
    inks = Array(repeating: .plain, count: self.width * self.height)
  }

  var dotWidth: Int { width * across }
  var dotHeight: Int { height * down }

  /// Sets a dot; (0, 0) is at the upper left. A cell has only one colour, that of its last dot; the
  /// dots of curves that cross add up.
  mutating func set(_ x: Int, _ y: Int, _ ink: Ink) {
    guard x >= 0, y >= 0, x < dotWidth, y < dotHeight else { return }
    let i = y / down * width + x / across
    inks[i] = ink
    masks[i] |= bit(x, y)
  }

  /// Adds a dot below each dot of another raster of the same size.
  mutating func thicken(_ other: DotRaster) {
    guard tier == .unicode, dotHeight > 1 else { return }
    for y in 0..<dotHeight - 1 {
      for x in 0..<dotWidth where other.isSet(x, y) {
        set(x, y + 1, other.inks[y / down * width + x / across])
      }
    }
  }

  private func isSet(_ x: Int, _ y: Int) -> Bool {
    masks[y / down * width + x / across] & bit(x, y) != 0
  }

  private func bit(_ x: Int, _ y: Int) -> UInt8 {
    tier == .unicode ? Braille.bit(x % 2, y % 4) : 1 << UInt8(y % 2)
  }

  /// The first row of cells in a column of cells that lies under a dot at least by half; nil
  /// without dots.
  func top(ofColumn x: Int) -> Int? {
    guard let y = (0..<height).first(where: { masks[$0 * width + x] != 0 }) else { return nil }
    let upper = (0..<down / 2).contains { row in
      (0..<across).contains { isSet(x * across + $0, y * down + row) }
    }
    return upper ? y : y + 1
  }

  mutating func vertical(_ x: Int, _ range: ClosedRange<Int>, _ ink: Ink) {
    for y in range.clamped(to: 0...max(0, dotHeight - 1)) { set(x, y, ink) }
  }

  /// Bresenham's line.
  mutating func line(_ x0: Int, _ y0: Int, _ x1: Int, _ y1: Int, _ ink: Ink) {
    let dx = abs(x1 - x0), dy = -abs(y1 - y0)
    let stepX = x0 < x1 ? 1 : -1, stepY = y0 < y1 ? 1 : -1
    var x = x0, y = y0, error = dx + dy
    while true {
      set(x, y, ink)
      if x == x1, y == y1 { return }
      let twice = 2 * error
      if twice >= dy { (error, x) = (error + dy, x + stepX) }
      if twice <= dx { (error, y) = (error + dx, y + stepY) }
    }
  }

  func draw(at left: Int, _ top: Int, on grid: inout Grid) {
    for y in 0..<height {
      for x in 0..<width where masks[y * width + x] != 0 {
        let i = y * width + x
        grid.put(glyph(masks[i]), x: left + x, y: top + y, ink: inks[i])
      }
    }
  }

  private func glyph(_ mask: UInt8) -> Character {
    switch tier {
    case .unicode: Braille.glyph(mask)
    case .block: HalfBlock.glyph(upper: mask & 1 != 0, lower: mask & 2 != 0)
    case .ascii: mask == 1 ? "'" : mask == 2 ? "." : ":"
    }
  }
}

enum Math {
  static func log10(_ x: Double) -> Double { Foundation.log10(x) }

  static func pow(_ base: Double, _ exponent: Double) -> Double { Foundation.pow(base, exponent) }

  static func pow10(_ exponent: Int) -> Double { Foundation.pow(10, Double(exponent)) }
}
