import Foundation
import Lab

/// Which runs lie side by side on 6 Compare, and how.
struct CompareState: ScreenState {
  enum XAxis: String, Sendable, CaseIterable { case step, epoch, time }
  enum Group: String, Sendable, CaseIterable {
    case method, model
    case both = "method and model"
  }
  static let mostRuns = 6

  /// Folders of the runs side by side, in the order they were added.
  var chosen: [URL] = []
  var records: [URL: RunRecord] = [:]
  /// The run that lies on top, and that the others are compared with; the first without one.
  var pinned: URL?
  var metric: String?
  var axis = XAxis.step
  var group = Group.method
  /// Which network of each run the curves, the list, the classes and the tests are of.
  var network = NetworkChoice.result
  var showsAllSettings = false
  var showsDeltas = false
  /// Beginnings of names of queued runs that join the others when they have a log.
  var expected: Set<String> = []
  /// Whether runs were chosen, by the program or by hand.
  var hasChosen = false
}

/// Runs side by side.
extension Workbench {
  var compare: CompareState {
    get { states[CompareState.self] }
    _modify { yield &states[CompareState.self] }
  }

  /// Runs with a log: those of the open session first.
  var comparable: [RunRow] {
    let own = sessions.rows.filter { $0.name == sessionName }
    let rest = sessions.rows.filter { $0.name != sessionName }
    return (own + rest).flatMap(\.runs).filter { $0.summary.state != "absent" }
  }

  /// A run's name; with that of its session where another run of the list is called the same.
  func shownName(_ row: RunRow) -> String {
    let name = row.summary.name
    let session = row.folder.deletingLastPathComponent().deletingLastPathComponent()
      .lastPathComponent
    guard session != sessionName, comparable.count(where: { $0.summary.name == name }) > 1 else {
      return name
    }
    return "\(name) · \(session)"
  }

  /// The chosen runs that have been read.
  var compared: [RunRecord] { compare.chosen.compactMap { compare.records[$0] } }

  /// What the others are measured against.
  var reference: RunRecord? { compare.pinned.flatMap { compare.records[$0] } ?? compared.first }

  /// Metrics of the chosen runs on the validation split, F1 first.
  var comparedMetrics: [String] {
    let names = compared.flatMap { $0.curves.keys }.filter { $0.hasPrefix("validation/") }
    return ScoreOrder.sorted(Array(Set(names.map { String($0.split(separator: "/").last ?? "") })))
  }

  var comparedMetric: String? {
    let all = comparedMetrics
    return compare.metric ?? headline(of: sessionName, among: all) ?? all.first
  }

  /// The metric of the scores in the list; nil while there is nothing to score.
  var listedMetric: String? { comparedMetric ?? sessions.columns(of: sessionName).first }

  /// The test score of a run's compared network; nil where there is none.
  func testScore(_ row: RunRow) -> Double? {
    guard let metric = listedMetric else { return nil }
    if metric == "loss" {
      return compare.records[row.folder]?.test(of: compare.network)?.loss
    }
    return row.summary.scores(of: compare.network)[metric]
  }

  /// First choice: a finished run of each method of the open session.
  mutating func choose() -> [Effect] {
    let rows = comparable
    compare.chosen.removeAll { url in !rows.contains { $0.folder == url } }
    if !compare.hasChosen {
      var methods: Set<String> = []
      let own = sessions.rows.first { $0.name == sessionName }?.runs ?? []
      for row in own where row.summary.state == "done" && methods.count < 4 {
        if methods.insert(row.summary.method).inserted { compare.chosen.append(row.folder) }
      }
      compare.hasChosen = !compare.chosen.isEmpty
    }
    for row in rows where compare.chosen.count < CompareState.mostRuns {
      let name = row.summary.name
      guard let found = compare.expected.first(where: { name.hasPrefix($0) }) else { continue }
      compare.expected.remove(found)
      if !compare.chosen.contains(row.folder) { compare.chosen.append(row.folder) }
    }
    return readCompared()
  }

  /// Asks for the chosen runs, unfinished ones anew.
  func readCompared() -> [Effect] {
    let missing = compare.chosen.filter { url in
      guard let known = compare.records[url] else { return true }
      return known.summary.state != "done"
    }
    return screen == .compare && !missing.isEmpty ? [.engine(.sessions(.compare(missing)))] : []
  }

  mutating func keep(_ records: [RunRecord]) {
    for record in records { compare.records[record.folder] = record }
  }

  mutating func pinRun() -> [Effect] {
    guard let row = comparedRow else { return said("no run under the cursor") }
    guard compare.chosen.contains(row.folder) else { return said("space adds the run first") }
    compare.pinned = compare.pinned == row.folder ? nil : row.folder
    return []
  }

  mutating func nextMetric() -> [Effect] {
    let all = comparedMetrics
    guard all.count > 1 else { return said("these runs share no other metric") }
    let here = all.firstIndex(of: comparedMetric ?? "") ?? 0
    compare.metric = all[(here + 1) % all.count]
    return []
  }

  mutating func flipNetwork() -> [Effect] {
    guard compared.contains(where: \.hasPair) else {
      return said("these runs have one network each; mean teacher and label enhancing have two")
    }
    compare.network = compare.network.flipped
    return said(
      compare.network == .result
        ? "compared: each method's result" : "compared: the networks beside the results")
  }

  /// Lines of the table of classes.
  var comparedClasses: Int { dataset?.classes.count ?? 0 }

  var comparedRow: RunRow? {
    let rows = comparable
    return rows.indices.contains(cursor(.compared)) ? rows[cursor(.compared)] : nil
  }

  mutating func addRun() -> [Effect] {
    guard let row = comparedRow else {
      return said("no run has a log yet; R on 3 Train trains one")
    }
    compare.hasChosen = true
    if let place = compare.chosen.firstIndex(of: row.folder) {
      compare.chosen.remove(at: place)
      if compare.pinned == row.folder { compare.pinned = nil }
      return []
    }
    guard compare.chosen.count < CompareState.mostRuns else {
      return said("\(CompareState.mostRuns) runs are compared; space on one of them takes it out")
    }
    compare.chosen.append(row.folder)
    return readCompared()
  }

  // MARK: what if

  /// The reference run of 6 Compare once more with twice the labels, queued and overlaid.
  mutating func queueMoreLabels() -> [Effect] {
    guard let doubled = moreLabels(than: comparedRecipe) else {
      return said("every label of the data set is observed already; there is nothing to add")
    }
    let share = Double(doubled["dataset.observed"] ?? "") ?? 1
    let kept = 1 - (Double(doubled["dataset.removed"] ?? "") ?? 0)
    let name = "\(doubled.method)-observed\((share * kept).fixed(3))-s\(doubled.seed)"
    compare.expected.insert(name)
    say("what if: \(name) is queued; it joins the plot when it has a log")
    return [.engine(.queue(doubled, name: name))]
  }

  /// Of the run that the others are measured against; without one, the recipe on 2 Method.
  private var comparedRecipe: Recipe {
    guard let settings = reference?.settings else { return recipe }
    let first = ["dataset.id", "model.id", "method.id", "seed"]
    let keys = first + settings.keys.filter { !first.contains($0) }.sorted()
    return keys.reduce(recipe) { made, key in
      guard let value = settings[key] else { return made }
      return (try? catalog.change(made, key, value)) ?? made
    }
  }

  /// Twice the observed share, or half as few labels taken away; nil where all are there.
  private func moreLabels(than recipe: Recipe) -> Recipe? {
    func number(_ key: String) -> Double? { recipe[key].flatMap { Double($0) } }
    let hides = recipe["dataset.hiding"] != "none"
    if hides, let share = number("dataset.observed"), share < 1 {
      return try? catalog.change(recipe, "dataset.observed", "\(min(1, 2 * share))")
    }
    if let removed = number("dataset.removed"), removed > 0 {
      return try? catalog.change(recipe, "dataset.removed", "\(max(0, 2 * removed - 1))")
    }
    return nil
  }
}
