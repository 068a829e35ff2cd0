// The figures of a session: validation scores over epochs, scores over a swept value, classes.
import Foundation
import Lab

struct SessionFigures {
  private let session: Session
  private let table: ResultsTable
  private let records: [String: RunRecord]
  private let metric: String
  private let best: ResultsTable.Row?

  init(_ report: borrowing SessionReport) {
    (session, table, records) = (report.session, report.table, report.records)
    (metric, best) = (report.metric, report.bestRow)
  }

  /// Lines that can be told apart in a plot.
  private static let mostLines = 8
  /// Marks that can be told apart in a row.
  private static let mostMarks = 5

  /// Rows at the swept values of the best row, the best first, in the order of the table.
  private func rows(_ most: Int) -> [ResultsTable.Row] {
    let same = table.rows.filter { $0.sweep == best?.sweep }
    let ranked = same.sorted {
      (SessionReport.mean($0, metric) ?? -1) > (SessionReport.mean($1, metric) ?? -1)
    }
    let kept = Set(ranked.prefix(most).map(\.name))
    return same.filter { kept.contains($0.name) }
  }

  private func records(of row: ResultsTable.Row) -> [RunRecord] {
    session.runs.filter {
      ($0.variant ?? $0.recipe.method) == row.name && $0.sweep == row.sweep
    }.compactMap { records[$0.name] }
  }

  private func omitted(_ shown: Int) -> String {
    let left = table.rows.count { $0.sweep == best?.sweep } - shown
    return left > 0 ? " The \(shown) rows with the highest test score; \(left) are left out." : ""
  }

  // MARK: curves

  var curves: [Figure] { [sweep, validation].compactMap(\.self) }

  private var validation: Figure? {
    let rows = rows(Self.mostLines)
    let at = (best?.sweep ?? [:]).isEmpty ? "" : ", \(best.map(SessionReport.title) ?? "")"
    return LinePlot(
      id: "validation", title: "\(metric) on validation clips\(at)",
      caption:
        "Mean over runs; the band reaches from the lowest to the highest run. A network that "
        + "a method trains after another one begins where that one ends." + omitted(rows.count),
      x: "epoch", y: metric,
      lines: rows.map { PlotLine(name: $0.name, points: points(records(of: $0))) }
    ).figure
  }

  /// Mean and range over runs, by epoch.
  private func points(_ records: [RunRecord]) -> [PlotLine.Point] {
    var values: [Int: [Double]] = [:]
    for record in records {
      for point in record.curve(metric, of: .result) where point.value.isFinite {
        values[point.epoch, default: []].append(point.value)
      }
    }
    return values.sorted { $0.key < $1.key }.map { epoch, values in
      PlotLine.Point(
        x: Double(epoch), y: values.reduce(0, +) / Double(values.count),
        low: values.min() ?? 0, high: values.max() ?? 0)
    }
  }

  /// The test score over the swept value; nil unless exactly one key with numbers is swept.
  private var sweep: Figure? {
    let keys = Set(table.rows.flatMap(\.sweep.keys))
    guard keys.count == 1, let key = keys.first, Set(table.rows.map(\.sweep)).count > 1 else {
      return nil
    }
    var lines: [PlotLine] = []
    for row in table.rows {
      guard let x = row.sweep[key].flatMap(Double.init), let cell = SessionReport.cell(row, metric)
      else { return nil }
      let point = PlotLine.Point(
        x: x, y: cell.mean, low: cell.values.min() ?? cell.mean,
        high: cell.values.max() ?? cell.mean)
      if let index = lines.firstIndex(where: { $0.name == row.name }) {
        lines[index].points.append(point)
      } else {
        lines.append(PlotLine(name: row.name, points: [point]))
      }
    }
    for index in lines.indices { lines[index].points.sort { $0.x < $1.x } }
    return LinePlot(
      id: "sweep", title: "\(metric) in the test over \(key)",
      caption: "Mean over runs; the band reaches from the lowest to the highest run.", x: key,
      y: metric, lines: Array(lines.prefix(Self.mostLines)), hasMarks: true
    ).figure
  }

  // MARK: classes

  var classes: [Figure] {
    let rows = rows(Self.mostMarks)
    let values = rows.map { classValues($0) }
    guard let names = records(of: rows.first).first?.test(of: .result)?.perClass, !rows.isEmpty
    else { return [] }
    let lines = names.map { part in
      DotRow(
        name: part.name, note: "\(part.positives)", dots: values.map { $0[part.name] })
    }
    let sorted = lines.sorted { (Self.mean($0), $1.name) > (Self.mean($1), $0.name) }
    let figure = DotPlot(
      id: "class-scores", title: "\(ClassScore.title(of: metric)) of each class in the test",
      caption: "Mean over runs, with the range over runs; beside each class its positives."
        + omitted(rows.count), axis: ClassScore.title(of: metric), series: rows.map(\.name),
      rows: sorted
    ).figure
    return [figure].compactMap(\.self)
  }

  private func records(of row: ResultsTable.Row?) -> [RunRecord] { row.map(records(of:)) ?? [] }

  private static func mean(_ row: DotRow) -> Double {
    let values = row.dots.compactMap { $0?.value }
    return values.isEmpty ? -1 : values.reduce(0, +) / Double(values.count)
  }

  private func classValues(_ row: ResultsTable.Row) -> [String: DotRow.Dot] {
    var values: [String: [Double]] = [:]
    for part in records(of: row).flatMap({ $0.test(of: .result)?.perClass ?? [] }) {
      if let value = part.value(of: metric) { values[part.name, default: []].append(value) }
    }
    return values.mapValues { all in
      DotRow.Dot(
        value: all.reduce(0, +) / Double(all.count), low: all.min() ?? 0, high: all.max() ?? 0)
    }
  }
}
