/// Numbers in words: times, shares, sizes.
import Canvas

extension Double {
  /// Seconds as `51s`, `18m22s`, `3h05m`; "-" when unknown.
  var clock: String {
    guard isFinite, self >= 0, self < 3.6e8 else { return "-" }
    let s = Int(rounded())
    func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
    if s < 60 { return "\(s)s" }
    if s < 3600 { return "\(s / 60)m\(two(s % 60))s" }
    return "\(s / 3600)h\(two(s % 3600 / 60))m"
  }

  /// A share 0…1 as a whole percentage, but never a rounded 0% or 100% that is not one.
  var percent: String {
    guard isFinite else { return "-" }
    if self > 0, self < 0.01 { return "<1%" }
    if self > 0.99, self < 1 { return ">99%" }
    return (self * 100).fixed(0) + "%"
  }

  /// Seconds as "now", "12m ago" …
  var ago: String {
    switch self {
    case ..<60: "now"
    case ..<3600: "\(Int(self / 60))m ago"
    case ..<86_400: "\(Int(self / 3600))h ago"
    default: "\(min(999, Int(self / 86_400)))d ago"
    }
  }

  /// Two decimals with their sign: +0.21.
  var signed: String { (self > 0 ? "+" : "") + fixed(2) }
}

extension Int {
  /// "1 run", "2 runs".
  func of(_ noun: String) -> String { "\(self) \(noun)\(self == 1 ? "" : "s")" }

  /// Bytes as "18 MB".
  var size: String {
    switch self {
    case ..<1000: "\(self) B"
    case ..<1_000_000: "\(self / 1000) kB"
    case ..<10_000_000_000: "\(self / 1_000_000) MB"
    default: "\(self / 1_000_000_000) GB"
    }
  }
}
