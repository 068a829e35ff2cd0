/// The 256 colours of xterm. The user defines the first sixteen, so colours map to them only on
/// terminals with no others.
public enum XtermPalette {
  /// The colour of an index; for 0...15 xterm's default.
  public static func color(_ index: UInt8) -> RGB {
    switch index {
    case ..<16: ansi[Int(index)]
    case ..<232: cube(Int(index) - 16)
    default: grey(Int(index) - 232)
    }
  }

  /// The perceptually nearest of 16...255.
  public static func nearest(to color: RGB) -> UInt8 {
    let target = color.lab
    var best = (index: UInt8(16), distance: Double.infinity)
    for (i, lab) in labs.enumerated() {
      let d = lab - target
      let distance = (d * d).sum()
      if distance < best.distance { best = (UInt8(i + 16), distance) }
    }
    return best.index
  }

  /// The nearest of the first sixteen. Only very dark colours map to black.
  static func nearestANSI(to color: RGB) -> UInt8 {
    let choices = color.luminance < 0.005 ? 0..<16 : 1..<16
    let best = choices.min { ansi[$0].distance(to: color) < ansi[$1].distance(to: color) }
    return UInt8(best ?? 7)
  }

  static let names: [String: UInt8] = {
    let base = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"]
    var names: [String: UInt8] = [:]
    for (i, name) in base.enumerated() {
      names[name] = UInt8(i)
      names["bright" + name] = UInt8(i + 8)
    }
    return names
  }()

  private static let labs: [SIMD3<Double>] = (16...255).map { color(UInt8($0)).lab }

  private static func cube(_ i: Int) -> RGB {
    func level(_ n: Int) -> UInt8 { n == 0 ? 0 : UInt8(55 + 40 * n) }
    return RGB(level(i / 36), level(i / 6 % 6), level(i % 6))
  }

  private static func grey(_ i: Int) -> RGB {
    let level = UInt8(8 + 10 * i)
    return RGB(level, level, level)
  }

  private static let ansi: [RGB] = [
    RGB(0, 0, 0), RGB(205, 0, 0), RGB(0, 205, 0), RGB(205, 205, 0),
    RGB(0, 0, 238), RGB(205, 0, 205), RGB(0, 205, 205), RGB(229, 229, 229),
    RGB(127, 127, 127), RGB(255, 0, 0), RGB(0, 255, 0), RGB(255, 255, 0),
    RGB(92, 92, 255), RGB(255, 0, 255), RGB(0, 255, 255), RGB(255, 255, 255),
  ]
}
