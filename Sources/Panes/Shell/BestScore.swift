import Foundation
import Lab

/// The best validation score of the run that is shown, and how far it is from the best one of
/// another run: the pinned run of 6 Compare, else the session's first method with the same seed.
struct BestScore {
  let metric: String
  let value: Double
  /// The name of the other run or its method, and its best score; nil while it is not known.
  let reference: (name: String, value: Double)?

  /// Nil before the first evaluation.
  init?(_ bench: Workbench) {
    guard let started = bench.run.started else { return nil }
    let result = ResultNetwork.of(started.method)
    let found = [result, ResultNetwork.other(than: result)].lazy.compactMap {
      Self.best(bench, of: $0)
    }.first
    guard let found else { return nil }
    (metric, value) = found
    reference = Self.row(bench).flatMap { row, isPinned in
      let record = bench[.compare].records[row.folder]
      let best = record?.curve(found.metric, of: .result).map(\.value).max()
      return best.map { (isPinned ? row.summary.name : row.summary.method, $0) }
    }
  }

  private static func best(
    _ bench: Workbench, of network: String
  ) -> (metric: String, value: Double)? {
    let prefix = "validation/\(network)/"
    let ids = bench.run.series.keys.filter { $0.hasPrefix(prefix) }
      .map { String($0.dropFirst(prefix.count)) }
    guard !ids.isEmpty else { return nil }
    let metric = Headline.metric(bench.runColumns, among: ids)
    let values = bench.run.series[prefix + metric]?.values.filter(\.isFinite)
    return values?.max().map { (metric, Double($0)) }
  }

  /// "best F1 0.667, +0.024 to b0".
  var text: String { "best \(ScoreOrder.short(metric)) \(numbers)" }
  /// The same without the name of the metric.
  var shortText: String { "best \(numbers)" }

  private var numbers: String {
    guard let reference else { return value.fixed(3) }
    let change = value - reference.value
    return "\(value.fixed(3)), \(change < 0 ? "" : "+")\(change.fixed(3)) to \(reference.name)"
  }
}

extension BestScore {
  /// The run that the shown one is compared with; nil without one, and for the first method's own
  /// runs.
  static func row(_ bench: Workbench) -> (row: RunRow, isPinned: Bool)? {
    let sessions = bench.sessions ?? []
    let shown = bench.replay?.recording.folder
    if let pinned = bench[.compare].pinned, pinned != shown,
      let row = sessions.lazy.flatMap(\.runs).first(where: { $0.folder == pinned }),
      row.summary.name != bench.run.run
    {
      return (row, true)
    }
    let home = sessions.first { session in
      shown.map { folder in session.runs.contains { $0.folder == folder } }
        ?? (session.name == bench.sessionName)
    }
    return home.flatMap { baseline(in: $0, bench) }.map { ($0, false) }
  }

  /// The finished run of the session's first method with the same seed, fold and swept values.
  private static func baseline(in session: SessionRow, _ bench: Workbench) -> RunRow? {
    guard let first = session.runs.first?.summary, let started = bench.run.started,
      (first.method, first.model) != (started.method, started.model)
    else { return nil }
    let own = session.runs.first { $0.summary.name == bench.run.run }
    let keys = (session.sweptKeys ?? []) + ["dataset.testFold"]
    return session.runs.first { row in
      row.summary.method == first.method && row.summary.model == first.model
        && row.summary.seed == started.seed && row.summary.state == "done"
        && keys.allSatisfy { own == nil || row.settings?[$0] == own?.settings?[$0] }
    }
  }

  /// Asks for the curves of that run if they are not known.
  static func ask(_ bench: Workbench) -> [Effect] {
    guard bench.run.started != nil else { return [] }
    guard bench.sessions != nil else { return [.engine(.sessions(.list))] }
    guard let row = row(bench)?.row, bench[.compare].records[row.folder] == nil,
      row.summary.state == "done"
    else { return [] }
    return [.engine(.sessions(.compare([row.folder])))]
  }
}
