import Canvas
import Foundation
import Lab
import Metrics

/// Test scores of the open session's finished runs by the value of a setting that was varied: one
/// curve a row of the table, the mean over seeds with one standard deviation to both sides.
struct VariedScores {
  struct Curve {
    let name: String
    /// By place among `values`; nil where no run has the value.
    let spreads: [Spread?]
  }

  /// A dotted recipe key.
  let key: String
  /// Metric id.
  let metric: String
  /// As they are written in recipes, numbers in ascending order.
  let values: [String]
  let curves: [Curve]
  /// Finished runs with a score.
  let runs: Int

  /// Nil while the curves of runs are shown.
  init?(_ bench: Workbench) {
    guard let key = bench[.compare].varied, let metric = CompareScreen.listedMetric(bench) else {
      return nil
    }
    let rows = Self.rows(bench)
    values = Self.sorted(Set(rows.compactMap { $0.settings?[key] }))
    var names: [String] = []
    var groups: [String: [String: [Double]]] = [:]
    var runs = 0
    for row in rows {
      let scores = row.summary.scores(of: bench[.compare].network)
      guard let value = row.settings?[key], let score = scores[metric] else { continue }
      let name = bench[.compare].group.name(row, leavingOut: key)
      if groups[name] == nil { names.append(name) }
      groups[name, default: [:]][value, default: []].append(score)
      runs += 1
    }
    let places = values
    curves = names.map { name in
      Curve(name: name, spreads: places.map { groups[name]?[$0].flatMap { Spread($0) } })
    }
    (self.key, self.metric, self.runs) = (key, metric, runs)
  }

  /// Finished runs of the open session that pass the filter of the list.
  private static func rows(_ bench: Workbench) -> [RunRow] {
    let filter = bench.filter(of: .compared)
    return bench.sessionRuns.filter {
      $0.summary.state == "done" && (filter.isEmpty || filter.passes($0.filterTexts))
    }
  }

  /// Settings with several values among the finished runs of one method: swept ones first.
  static func keys(_ bench: Workbench) -> [String] {
    let rows = rows(bench)
    let swept = bench.sessions?.first { $0.name == bench.sessionName }?.sweptKeys ?? []
    let passed = Set(["seed", "dataset.testFold", "method.id", "dataset.patch"] + swept)
    var seen: [String: String] = [:]
    var varied: Set<String> = []
    for row in rows {
      for (key, value) in row.settings ?? [:] where !passed.contains(key) {
        let place = "\(row.summary.method) \(key)"
        if let other = seen[place], other != value { varied.insert(key) }
        seen[place] = value
      }
    }
    return swept.filter { key in rows.contains { $0.settings?[key] != nil } } + varied.sorted()
  }

  private static func sorted(_ values: Set<String>) -> [String] {
    values.sorted {
      switch (Double($0), Double($1)) {
      case (let a?, let b?): a < b
      case (nil, nil): $0 < $1
      case (let a, _): a != nil
      }
    }
  }

  // MARK: pictures

  var measure: String { ScoreOrder.short(metric) }
  var title: String { "test \(measure) by \(Self.name(key))" }

  /// "method" of `method.id`, else the last part of the key.
  static func name(_ key: String) -> String {
    let parts = key.split(separator: ".").map(String.init)
    return (parts.last == "id" ? parts.first : parts.last) ?? key
  }

  /// Numbers where they belong, words side by side.
  private var places: [Double] {
    let numbers = values.compactMap { Double($0) }
    return numbers.count == values.count ? numbers : values.indices.map(Double.init)
  }

  /// A logarithmic axis where the values span more than a factor of 20.
  private var isLogarithmic: Bool {
    guard let low = places.first, let high = places.last, places.count > 2 else { return false }
    return low > 0 && high / low > 20
  }

  func plot(_ bench: Workbench) -> LinePlot {
    let places = places
    let shown = curves.enumerated().map { number, curve in
      line(curve, at: places, role: role(curve.name, number, bench))
    }
    var plot = LinePlot(
      shown, logarithmicX: isLogarithmic, xName: Self.name(key),
      emptyText: "no finished run has a test \(measure)")
    plot.xTicks = zip(places, values).map { place, value in
      LinePlot.Mark(x: place, text: value.hasSuffix(".0") ? String(value.dropLast(2)) : value)
    }
    return plot
  }

  /// At each value from the mean down, up and back, which is a stroke from one standard deviation
  /// below to one above.
  private func line(_ curve: Curve, at places: [Double], role: Role) -> Canvas.Curve {
    var x: [Double] = [], y: [Double] = []
    for (place, spread) in zip(places, curve.spreads) {
      guard let spread else { continue }
      let reach = spread.std ?? 0
      let stroke = [spread.mean, spread.mean - reach, spread.mean + reach, spread.mean]
      x += stroke.map { _ in place }
      y += stroke
    }
    return Canvas.Curve(curve.name, ink: .role(role), x: x, y: y)
  }

  /// That of its first run beside the others, so that list and plot agree.
  private func role(_ name: String, _ number: Int, _ bench: Workbench) -> Role {
    let records = CompareScreen.compared(bench)
    let rows = (bench.sessions ?? []).flatMap(\.runs)
    let place = records.firstIndex { record in
      rows.contains { row in
        row.folder == record.folder && bench[.compare].group.name(row, leavingOut: key) == name
      }
    }
    return RunMark.role(place ?? records.count + number)
  }

  /// A row a value, a column a group of runs.
  func table(_ width: Int, selection: Int?) -> TableWidget {
    let room = (width - 3 - Self.valueColumns) / max(1, curves.count) - 1
    let hasSpread = room >= 13
    let columns = curves.map {
      TableWidget.Column($0.name, .fixed(max(5, min(16, room))), .right)
    }
    let name = Self.name(key)
    return TableWidget(
      [.init(name, .fixed(max(Self.valueColumns, min(name.columns, 12))))] + columns,
      rows: values.indices.map { place in
        [StyledText(values[place])]
          + curves.map { StyledText(text($0.spreads[place], hasSpread)) }
      }, selection: selection, emptyText: "no finished run has a test \(measure)")
  }

  private static let valueColumns = 8

  private func text(_ spread: Spread?, _ hasSpread: Bool) -> String {
    guard let spread else { return "-" }
    return hasSpread ? spread.text(false) : spread.mean.fixed(3)
  }
}

extension CompareScreen {
  /// `I`: from the curves to the first setting, and back.
  static func showBySetting(_ bench: inout Workbench) -> [Effect] {
    if bench[.compare].varied != nil {
      bench[.compare].varied = nil
      return []
    }
    guard let key = VariedScores.keys(bench).first else {
      return bench.said("no setting was varied among this session's finished runs")
    }
    bench[.compare].varied = key
    return []
  }

  /// `X`: the x axis of the curves, or the next setting.
  static func nextAxis(_ bench: inout Workbench) -> [Effect] {
    guard let key = bench[.compare].varied else {
      bench[.compare].axis = bench[.compare].axis.next
      return []
    }
    let keys = VariedScores.keys(bench)
    guard keys.count > 1 else { return bench.said("no other setting was varied") }
    bench[.compare].varied = keys.next(after: key)
    return []
  }
}
