import Foundation
import Lab

/// The order of sessions, and of the runs below each, on 7 Sessions.
struct SessionOrder {
  private let key: Character?

  init(_ bench: Workbench) { key = bench.order(of: .sessionList) }

  func sorted(_ sessions: [SessionRow]) -> [SessionRow] {
    switch key {
    case "n": sessions.sorted { $0.name < $1.name }
    case "c":
      sorted(sessions) { row in -(row.runs.compactMap { $0.score(row.columns) }.max() ?? -.infinity)
      }
    case "w": sorted(sessions) { $0.runs.compactMap(\.age).min() ?? .infinity }
    case "z": sorted(sessions) { -Double($0.runs.reduce(0) { $0 + $1.bytes }) }
    default: sessions
    }
  }

  /// Lessons by the number that their names begin with, unless another order was chosen.
  func lessons(_ rows: [SessionRow]) -> [SessionRow] {
    guard key == ListOrder.given.key else { return rows }
    return sorted(rows) { Double($0.name.prefix { $0.isNumber }) ?? .infinity }
  }

  func sorted(_ runs: [RunRow], _ columns: [String]) -> [RunRow] {
    switch key {
    case "n": runs.sorted { $0.summary.name < $1.summary.name }
    case "t":
      runs.sorted { ($0.summary.state, $0.summary.name) < ($1.summary.state, $1.summary.name) }
    case "c": sorted(runs) { -($0.score(columns) ?? -.infinity) }
    case "w": sorted(runs) { $0.age ?? .infinity }
    case "z": sorted(runs) { -Double($0.bytes) }
    default: runs
    }
  }

  /// The smallest value first; equal ones keep their order.
  private func sorted<Row>(_ rows: [Row], by value: (Row) -> Double) -> [Row] {
    let values = rows.map(value)
    return rows.indices.sorted { (values[$0], $0) < (values[$1], $1) }.map { rows[$0] }
  }
}

extension RunRow {
  /// The name of the session's folder.
  var session: String {
    // SESSION/runs/RUN. A filter asks this of a thousand runs at each key, and URLs are slow.
    folder.path.split(separator: "/").dropLast(2).last.map(String.init) ?? ""
  }

  /// What a filter looks at.
  var filterTexts: [String] {
    [
      summary.name, summary.method, summary.model, session,
      summary.state == "absent" ? "to do" : summary.state, note ?? "",
    ]
  }
}
