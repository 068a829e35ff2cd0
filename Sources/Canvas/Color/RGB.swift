import Foundation

/// A colour in sRGB, and its perceptual distance from others.
public struct RGB: Sendable, Hashable {
  public let red, green, blue: UInt8

  public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
    (self.red, self.green, self.blue) = (red, green, blue)
  }

  /// Parses "#rrggbb", or "#gg" for a grey; nil for anything else.
  public init?(hex text: String) {
    guard text.hasPrefix("#"), let value = UInt32(text.dropFirst(), radix: 16) else { return nil }
    switch text.utf8.count {
    case 3: self.init(UInt8(value), UInt8(value), UInt8(value))
    case 7: self.init(UInt8(value >> 16), UInt8(value >> 8 & 255), UInt8(value & 255))
    default: return nil
    }
  }

  /// 0xRRGGBB, as direct-colour terminals take it.
  public var packed: Int { Int(red) << 16 | Int(green) << 8 | Int(blue) }

  /// Relative luminance, 0…1 (WCAG 2.2).
  public var luminance: Double {
    let (r, g, b) = linear
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }

  /// The contrast ratio, 1…21 (WCAG 2.2).
  public func contrast(with other: RGB) -> Double {
    let (a, b) = (luminance, other.luminance)
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)
  }

  /// The distance in CIELAB (CIE 1976, white D65); about 2 is just visible.
  public func distance(to other: RGB) -> Double {
    let d = lab - other.lab
    return (d * d).sum().squareRoot()
  }

  /// The colour at the fraction `share` of the way to another, interpolated in CIELAB.
  func mixed(with other: RGB, _ share: Double) -> RGB { RGB(lab: lab + (other.lab - lab) * share) }

  /// Linear red, green and blue, 0...1.
  var linear: (Double, Double, Double) {
    func line(_ c: UInt8) -> Double {
      let x = Double(c) / 255
      return x <= 0.04045 ? x / 12.92 : Foundation.pow((x + 0.055) / 1.055, 2.4)
    }
    return (line(red), line(green), line(blue))
  }

  var lab: SIMD3<Double> {
    let (r, g, b) = linear
    let x = (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047
    let y = 0.2126729 * r + 0.7151522 * g + 0.0721750 * b
    let z = (0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883
    func f(_ t: Double) -> Double {
      t > 216.0 / 24389 ? Foundation.cbrt(t) : (24389.0 / 27 * t + 16) / 116
    }
    return SIMD3(116 * f(y) - 16, 500 * (f(x) - f(y)), 200 * (f(y) - f(z)))
  }

  private init(lab: SIMD3<Double>) {
    let fy = (lab.x + 16) / 116
    func inverse(_ f: Double) -> Double {
      f * f * f > 216.0 / 24389 ? f * f * f : (116 * f - 16) * 27 / 24389
    }
    let x = inverse(fy + lab.y / 500) * 0.95047
    let y = inverse(fy)
    let z = inverse(fy - lab.z / 200) * 1.08883
    self.init(
      linear: 3.2404542 * x - 1.5371385 * y - 0.4985314 * z,
      -0.9692660 * x + 1.8760108 * y + 0.0415560 * z,
      0.0556434 * x - 0.2040259 * y + 1.0572252 * z)
  }

  /// From linear values, which are clipped to 0...1.
  init(linear red: Double, _ green: Double, _ blue: Double) {
    func byte(_ l: Double) -> UInt8 {
      let c = l <= 0.0031308 ? 12.92 * l : 1.055 * Foundation.pow(l, 1 / 2.4) - 0.055
      return UInt8(min(255, max(0, (c * 255).rounded())))
    }
    self.init(byte(red), byte(green), byte(blue))
  }
}

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

/// Simulation of colour vision deficiencies.
///
/// Machado, Oliveira, Fernandes: "A Physiologically-based Model for Simulation of Color Vision
/// Deficiency", IEEE Transactions on Visualization and Computer Graphics 15(6), 2009,
/// doi 10.1109/TVCG.2009.113; their matrices for severity 1, applied to linear sRGB.
public enum ColorVision: String, Sendable, CaseIterable {
  /// All three kinds of cones.
  case normal
  /// Without cones for long, middle and short wavelengths.
  case protan, deutan, tritan

  /// The colour as a person with this vision sees it.
  public func sees(_ color: RGB) -> RGB {
    guard self != .normal else { return color }
    let light = color.linear
    let seen = rows.map { row in row.0 * light.0 + row.1 * light.1 + row.2 * light.2 }
    return RGB(linear: seen[0], seen[1], seen[2])
  }

  private typealias Row = (Double, Double, Double)

  private var rows: [Row] {
    switch self {
    case .normal: [(1, 0, 0), (0, 1, 0), (0, 0, 1)]
    case .protan:
      [
        (0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
      ]
    case .deutan:
      [
        (0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
      ]
    case .tritan:
      [
        (1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
      ]
    }
  }
}
