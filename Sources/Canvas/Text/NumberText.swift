/// Numbers as short text, independent of the locale.
extension Double {
  /// A fixed number of decimals; "-" for a non-finite number.
  public func fixed(_ decimals: Int) -> String {
    guard isFinite else { return "-" }
    let places = Swift.max(0, Swift.min(9, decimals))
    var power = 1.0
    for _ in 0..<places { power *= 10 }
    let scaled = (magnitude * power).rounded()
    guard scaled < 1e15 else { return scientific }
    let digits = String(Int(scaled))
    let sign = self < 0 && scaled > 0 ? "-" : ""
    guard places > 0 else { return sign + digits }
    let padded = String(repeating: "0", count: Swift.max(0, places + 1 - digits.count)) + digits
    return sign + padded.dropLast(places) + "." + padded.suffix(places)
  }

  /// About three significant digits: 0.0127, 3.41, 418, 20.9k, 1e-7.
  public var short: String {
    guard isFinite else { return "-" }
    switch magnitude {
    case 0: return "0"
    case ..<0.0005: return scientific
    case ..<1: return fixed(magnitude < 0.1 ? 4 : 3)
    case ..<10: return fixed(2)
    case ..<100: return fixed(1)
    case ..<10_000: return fixed(0)
    case ..<1_000_000: return (self / 1e3).fixed(1) + "k"
    default: return scientific
    }
  }

  /// As `short`, but whole numbers below 10,000 have no decimals, for steps and epochs.
  public var shortPlace: String {
    magnitude < 10_000 && self == rounded() ? fixed(0) : short
  }

  /// Mantissa with one decimal, if any, and exponent: 2.5e-7.
  public var scientific: String {
    guard isFinite else { return "-" }
    guard self != 0 else { return "0" }
    var exponent = 0, mantissa = magnitude
    while mantissa >= 9.95 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    while mantissa < 0.995 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
    var text = mantissa.fixed(1)
    if text.hasSuffix(".0") { text.removeLast(2) }
    return (self < 0 ? "-" : "") + text + "e" + String(exponent)
  }
}
