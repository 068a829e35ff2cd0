/// Bars with a resolution of an eighth of a cell, or of a whole cell in ASCII.
extension GlyphSet {
  /// A horizontal bar of `width` cells. `fraction` of it is filled, the rest dotted.
  public func bar(_ fraction: Double, width: Int) -> String {
    guard width > 0 else { return "" }
    let share = fraction.isFinite ? min(1, max(0, fraction)) : 0
    let cells = share * Double(width)
    let full = Int(cells)
    guard !isASCII else {
      let filled = Int(cells.rounded())
      return String(repeating: "#", count: filled)
        + String(repeating: ".", count: width - filled)
    }
    let eighth = Int((cells - Double(full)) * 8)
    var text = String(repeating: "█", count: full)
    if full < width {
      text.append(eighth == 0 ? dot : Array("▏▎▍▌▋▊▉")[eighth - 1])
      text += String(repeating: String(dot), count: width - full - 1)
    }
    return text
  }

  /// A vertical bar in one cell: level 0...8.
  func column(_ level: Int) -> Character {
    let steps = pick(" ▁▂▃▄▅▆▇█", " ..::||##")
    return Array(steps)[min(8, max(0, level))]
  }

  /// Level 0...15 of a ramp as a shade, for terminals without enough colours.
  public func shade(_ level: UInt8) -> Character {
    let shades = pick(Shapes.shades, ASCII.shades)
    let step = (Double(min(15, level)) / 15 * Double(shades.count - 1)).rounded()
    return shades[Int(step)]
  }

  /// Level 0...15 of a diverging ramp as a sign, for terminals without enough colours.
  public func signedShade(_ level: UInt8) -> Character {
    switch level {
    case ..<3: "="
    case ..<6: "-"
    case ..<10: " "
    case ..<13: "+"
    default: "#"
    }
  }
}
