import Foundation
import Lab

/// The runs that 6 Compare shows side by side, and its settings.
struct CompareState: ScreenState {
  enum XAxis: String, Sendable, CaseIterable { case step, epoch, time }
  enum Group: String, Sendable, CaseIterable {
    /// The rows of the session's table: methods or variants, at each point of its sweep.
    case row
    case method, model
    case both = "method and model"
  }
  static let mostRuns = 6

  /// Folders of the runs side by side, in the order they were added.
  var chosen: [URL] = []
  var records: [URL: RunRecord] = [:]
  /// The reference run, drawn on top; nil for the first of the chosen runs.
  var pinned: URL?
  var metric: String?
  var axis = XAxis.step
  var group = Group.row
  /// The setting whose values are the x axis; nil while the curves are shown.
  var varied: String?
  /// Which network of each run the curves, the list, the classes and the tests are of.
  var network = NetworkChoice.result
  var showsAllSettings = false
  var showsDeltas = false
  /// Beginnings of names of queued runs that join the others when they have a log.
  var expected: Set<String> = []
  /// Whether runs were chosen, by the program or by hand.
  var hasChosen = false
}

extension StateKey<CompareState> {
  static var compare: Self { Self() }
}

/// Runs side by side.
extension CompareScreen {
  /// Runs with a log: those of the open session first.
  static func comparable(_ bench: Workbench) -> [RunRow] {
    let own = (bench.sessions ?? []).filter { $0.name == bench.sessionName }
    let rest = (bench.sessions ?? []).filter { $0.name != bench.sessionName }
    return (own + rest).flatMap(\.runs).filter { $0.summary.state != "absent" }
  }

  /// Those of them that pass the filter; chosen ones always, so that none is compared unseen.
  static func listed(_ bench: Workbench) -> [RunRow] {
    let filter = bench.filter(of: .compared)
    let all = comparable(bench)
    let found =
      filter.isEmpty
      ? all
      : all.filter { row in
        filter.passes(row.filterTexts) || bench[.compare].chosen.contains(row.folder)
      }
    switch bench.order(of: .compared) {
    case "n": return found.sorted { $0.summary.name < $1.summary.name }
    case "m":
      return found.sorted {
        ($0.summary.method, $0.summary.name) < ($1.summary.method, $1.summary.name)
      }
    case "c":
      let metric = listedMetric(bench)
      let scored = found.map { ($0, testScore(bench, $0, metric) ?? -.infinity) }
      return scored.enumerated().sorted {
        ($1.element.1, $0.offset) < ($0.element.1, $1.offset)
      }.map(\.element.0)
    default: return found
    }
  }

  /// A run's name; with that of its session where another run of the list is called the same.
  static func shownName(_ bench: Workbench, _ row: RunRow, among doubles: Set<String>) -> String {
    let name = row.summary.name
    guard doubles.contains(name), row.session != bench.sessionName else { return name }
    return "\(name) · \(row.session)"
  }

  /// Names that several runs of the list have.
  static func doubles(_ rows: [RunRow]) -> Set<String> {
    var seen: Set<String> = []
    return Set(rows.map(\.summary.name).filter { !seen.insert($0).inserted })
  }

  /// The chosen runs that have been read.
  static func compared(_ bench: Workbench) -> [RunRecord] {
    bench[.compare].chosen.compactMap { bench[.compare].records[$0] }
  }

  /// The run that the others are compared with.
  static func reference(_ bench: Workbench) -> RunRecord? {
    bench[.compare].pinned.flatMap { bench[.compare].records[$0] } ?? compared(bench).first
  }

  /// Metrics of the chosen runs on the validation split, F1 first.
  static func comparedMetrics(_ bench: Workbench) -> [String] {
    let records = compared(bench)
    let own = records.filter { $0.log == nil }.flatMap { $0.curves.keys }
      .filter { $0.hasPrefix("validation/") }.map { String($0.split(separator: "/").last ?? "") }
    let others = records.filter { $0.log != nil }.flatMap { $0.curves.keys }
    return ScoreOrder.sorted(Array(Set(own + others.filter { $0 != "epoch" })))
  }

  static func comparedMetric(_ bench: Workbench) -> String? {
    let all = comparedMetrics(bench)
    if bench[.compare].metric == nil, let first = firstOfLogs(bench, among: all) { return first }
    return bench[.compare].metric
      ?? (all.isEmpty ? nil : bench.headline(of: bench.sessionName, among: all))
  }

  /// Where every run is a log of another program, whose scores have other names: the first curve
  /// of validation that is no loss, else the first of validation, else the first.
  private static func firstOfLogs(_ bench: Workbench, among all: [String]) -> String? {
    let records = compared(bench)
    guard !records.isEmpty, records.allSatisfy({ $0.log != nil }) else { return nil }
    let validation = all.filter(CurveName.isValidation)
    return validation.first { !CurveName.isLoss($0) } ?? validation.first ?? all.first
  }

  /// The metric of the scores in the list; nil while there is nothing to score.
  static func listedMetric(_ bench: Workbench) -> String? {
    comparedMetric(bench) ?? bench.columns(of: bench.sessionName).first
  }

  /// The test score of a run's compared network, by `listedMetric`; nil without one.
  static func testScore(_ bench: Workbench, _ row: RunRow, _ metric: String?) -> Double? {
    guard let metric else { return nil }
    if metric == "loss" {
      return bench[.compare].records[row.folder]?.test(of: bench[.compare].network)?.loss
    }
    return row.summary.scores(of: bench[.compare].network)[metric]
  }

  /// First choice: a finished run of each row of the open session's table.
  static func choose(_ bench: inout Workbench) -> [Effect] {
    let rows = comparable(bench)
    bench[.compare].chosen.removeAll { url in !rows.contains { $0.folder == url } }
    if !bench[.compare].hasChosen {
      var names: Set<String> = []
      for row in bench.sessionRuns
      where (row.summary.state == "done" || row.log != nil) && names.count < 4 {
        let name = row.log == nil ? CompareState.Group.row.name(row) : row.summary.name
        if names.insert(name).inserted { bench[.compare].chosen.append(row.folder) }
      }
      bench[.compare].hasChosen = !bench[.compare].chosen.isEmpty
    }
    for row in rows where bench[.compare].chosen.count < CompareState.mostRuns {
      let name = row.summary.name
      guard let found = bench[.compare].expected.first(where: { name.hasPrefix($0) }) else {
        continue
      }
      bench[.compare].expected.remove(found)
      if !bench[.compare].chosen.contains(row.folder) { bench[.compare].chosen.append(row.folder) }
    }
    return readCompared(bench)
  }

  /// Requests the records of the chosen runs; those of unfinished runs each time.
  static func readCompared(_ bench: Workbench) -> [Effect] {
    let missing = bench[.compare].chosen.filter { url in
      guard let known = bench[.compare].records[url] else { return true }
      return known.summary.state != "done"
    }
    return bench.screen == .compare && !missing.isEmpty
      ? [.engine(.sessions(.compare(missing)))] : []
  }

  static func pinRun(_ bench: inout Workbench) -> [Effect] {
    guard let row = comparedRow(bench) else { return bench.said("no run under the cursor") }
    guard bench[.compare].chosen.contains(row.folder) else {
      return bench.said("press a to add the run first")
    }
    bench[.compare].pinned = bench[.compare].pinned == row.folder ? nil : row.folder
    return []
  }

  static func nextMetric(_ bench: inout Workbench) -> [Effect] {
    let all = comparedMetrics(bench)
    guard all.count > 1 else { return bench.said("these runs have no other metric in common") }
    bench[.compare].metric = all.next(after: comparedMetric(bench) ?? "")
    return []
  }

  static func flipNetwork(_ bench: inout Workbench) -> [Effect] {
    guard compared(bench).contains(where: \.hasPair) else {
      return bench.said(
        "these runs have one network each; mean teacher and label enhancing have two")
    }
    bench[.compare].network = bench[.compare].network.flipped
    return bench.said(
      bench[.compare].network == .result
        ? "compared: each method's result" : "compared: the networks beside the results")
  }

  /// Settings that differ, then all settings, then scores by class where they have no pane of their
  /// own.
  static func nextView(_ bench: inout Workbench) -> [Effect] {
    let isDeltas = bench[.compare].showsDeltas, isAll = bench[.compare].showsAllSettings
    bench[.compare].showsAllSettings = !isAll && !isDeltas
    bench[.compare].showsDeltas = isAll && !isDeltas && bench.size.width < 100
    return []
  }

  /// Lines of the table of classes.
  static func comparedClasses(_ bench: Workbench) -> Int { bench.dataset?.classes.count ?? 0 }

  static func comparedRow(_ bench: Workbench) -> RunRow? {
    listed(bench)[at: bench.cursor(.compared)]
  }

  static func addRun(_ bench: inout Workbench) -> [Effect] {
    guard let row = comparedRow(bench) else {
      return bench.said("no run has a log yet; R on 3 Train trains one")
    }
    bench[.compare].hasChosen = true
    if let place = bench[.compare].chosen.firstIndex(of: row.folder) {
      bench[.compare].chosen.remove(at: place)
      if bench[.compare].pinned == row.folder { bench[.compare].pinned = nil }
      return []
    }
    guard bench[.compare].chosen.count < CompareState.mostRuns else {
      return bench.said(
        "\(CompareState.mostRuns) runs is the limit; press a on one of them to take it out")
    }
    bench[.compare].chosen.append(row.folder)
    return readCompared(bench)
  }

  // MARK: what if

  /// The reference run of 6 Compare once more with twice the labels, queued and overlaid.
  static func queueMoreLabels(_ bench: inout Workbench) -> [Effect] {
    let recipe = comparedRecipe(bench)
    guard let (key, value) = moreLabels(than: recipe) else {
      return bench.said("every label of the data set is already observed")
    }
    let doubled: Recipe
    do { doubled = try bench.catalog.change(recipe, key, value) } catch {
      return bench.said("\(error)", isWarning: true)
    }
    let share = Double(doubled["dataset.observed"] ?? "") ?? 1
    let kept = 1 - (Double(doubled["dataset.removed"] ?? "") ?? 0)
    let name = "\(doubled.method)-observed\((share * kept).fixed(3))-s\(doubled.seed)"
    bench[.compare].expected.insert(name)
    let time = bench.time(of: doubled).map { ", \($0.about)" } ?? ""
    bench.say("\(name) is queued\(time); it joins the plot once it has a log")
    return [.engine(.queue(doubled, name: name))]
  }

  /// The recipe of the reference run; without one, the recipe on 2 Method. Settings that this build
  /// does not know any more are left out.
  private static func comparedRecipe(_ bench: Workbench) -> Recipe {
    guard let settings = reference(bench)?.settings else { return bench.recipe }
    let first = ["dataset.id", "model.id", "method.id", "seed"]
    let keys = first + settings.keys.filter { !first.contains($0) }.sorted()
    return keys.reduce(bench.recipe) { made, key in
      guard let value = settings[key] else { return made }
      return (try? bench.catalog.change(made, key, value)) ?? made
    }
  }

  /// Twice the observed share, or half as few labels taken away; nil where all are there.
  private static func moreLabels(than recipe: Recipe) -> (key: String, value: String)? {
    func number(_ key: String) -> Double? { recipe[key].flatMap { Double($0) } }
    let hides = recipe["dataset.hiding"] != "none"
    if hides, let share = number("dataset.observed"), share < 1 {
      return ("dataset.observed", "\(min(1, 2 * share))")
    }
    if let removed = number("dataset.removed"), removed > 0 {
      return ("dataset.removed", "\(max(0, 2 * removed - 1))")
    }
    return nil
  }

  /// Keys of the settings shown: those in which the chosen runs differ, or all.
  static func comparedSettings(_ bench: Workbench) -> [String] {
    let records = compared(bench)
    let keys = Set(records.flatMap(\.settings.keys)).sorted()
    let first = ["method.id", "model.id", "dataset.id", "seed"].filter(keys.contains)
    return (first + keys.filter { !first.contains($0) }).filter { key in
      bench[.compare].showsAllSettings || Set(records.map { $0.settings[key] }).count > 1
    }
  }

  /// "a", and "aT" where the run has two networks and the teacher is compared.
  static func mark(_ bench: Workbench, _ place: Int) -> String {
    let letter = String(RunMark.letter(place))
    guard let run = compared(bench)[at: place], run.hasPair else { return letter }
    return letter + RunMark.network(run.network(bench[.compare].network))
  }
}
