import Canvas

/// The order in which scores are shown: F1 first, AP beside it.
enum ScoreOrder {
  static let order = [
    "f1-macro", "ap-macro", "f1-macro-both", "roc-auc-macro", "accuracy", "f1-micro",
    "f1-instance", "ap-micro",
  ]

  static func sorted(_ ids: [String]) -> [String] {
    func rank(_ id: String) -> Int { order.firstIndex(of: id) ?? order.count }
    return ids.sorted { (rank($0), $0) < (rank($1), $1) }
  }
}

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
}
