import Canvas
import Lab

/// The order in which scores are shown: that of a table of results whose session names no other.
enum ScoreOrder {
  static let order = [
    "accuracy", "f1-macro-both", "ap-macro", "f1-macro", "roc-auc-macro", "f1-micro",
    "f1-instance", "ap-micro",
  ]

  /// For the head of a column, up to seven letters.
  static func short(_ id: String) -> String {
    switch id {
    case "accuracy": "acc"
    case "f1-macro-both": "F1 both"
    case "f1-macro": "F1"
    case "f1-micro": "F1 mic"
    case "f1-instance": "F1 clip"
    case "ap-macro": "AP"
    case "ap-micro": "AP mic"
    case "roc-auc-macro": "ROC AUC"
    default: String(id.prefix(7))
    }
  }

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

extension EvalEnd {
  /// "0.05-0.93": where the metric lies whatever the missing labels are; nil where none is missing.
  func band(_ metric: String) -> String? {
    guard let bounds = bounds?[metric], bounds.count == 2 else { return nil }
    return "\(bounds[0].fixed(2))-\(bounds[1].fixed(2))"
  }
}
