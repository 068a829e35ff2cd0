/// Something the screen must not cost more than: a target, and what was measured.
import Foundation
import Output

struct Goal: Encodable {
  /// As in the table of goals.
  let id: String
  let what: String
  let unit: String
  /// At most this.
  let target: Double
  let value: Double
  /// How the value came about.
  var detail = ""

  var isMet: Bool { value <= target }

  init(
    _ id: String, _ what: String, _ value: Double, atMost target: Double, _ unit: String,
    _ detail: String = ""
  ) {
    self.id = id
    self.what = what
    self.value = value
    self.target = target
    self.unit = unit
    self.detail = detail
  }

  private enum Key: String, CodingKey { case id, what, unit, target, value, met, detail }

  func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Key.self)
    try fields.encode(id, forKey: .id)
    try fields.encode(what, forKey: .what)
    try fields.encode(unit, forKey: .unit)
    try fields.encode(target, forKey: .target)
    try fields.encode(value, forKey: .value)
    try fields.encode(isMet, forKey: .met)
    try fields.encode(detail, forKey: .detail)
  }
}

/// All goals that were measured.
struct GoalReport: Encodable {
  let program = BenchCommand.program
  let workload = "ui"
  var goals: [Goal] = []
  /// Of the machine while they were measured, as the kernel says it: 1, 5 and 15 minutes.
  let load = (try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8))?
    .split(separator: " ").prefix(3).compactMap { Double($0) }

  var text: String {
    var table = ConsoleTable(["goal", "what", "target", "measured", "", ""], numbers: [2, 3])
    for goal in goals {
      table.append([
        goal.id, goal.what, "≤ \(Self.number(goal.target)) \(goal.unit)",
        "\(Self.number(goal.value)) \(goal.unit)", goal.isMet ? "met" : "missed", goal.detail,
      ])
    }
    return table.text
  }

  private static func number(_ value: Double) -> String {
    guard value.isFinite else { return "-" }
    if abs(value) >= 100 || value == value.rounded() { return String(format: "%.0f", value) }
    return String(format: "%.3g", value)
  }
}

extension [Double] {
  /// The smallest value that so large a share of them does not exceed.
  func quantile(_ share: Double) -> Double {
    guard !isEmpty else { return .nan }
    let place = Int((share * Double(count)).rounded(.up)) - 1
    return sorted()[Swift.min(count - 1, Swift.max(0, place))]
  }

  var median: Double { quantile(0.5) }
}
