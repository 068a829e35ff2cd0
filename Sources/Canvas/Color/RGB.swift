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
