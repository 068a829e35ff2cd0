import Canvas
import Lab

/// Loss or metric curves over the planned length of the run.
struct CurvePane: PaneView {
  enum Kind { case loss, metric }

  let bench: Workbench
  let kind: Kind
  private let choice: CurveChoice

  init(bench: Workbench, kind: Kind) {
    self.bench = bench
    self.kind = kind
    choice = kind == .loss ? .losses(bench) : .metrics(bench)
  }

  private var names: [String] { choice.names }

  var title: String { kind == .loss ? "loss" : metricTitle }

  var tabs: Caption.Tabs? {
    choice.titles.isEmpty ? nil : Caption.Tabs(choice.titles, chosen: choice.place)
  }

  var note: String {
    let held = bench.status == .paused || bench.status == .stepping
    if held { return "held at \(bench.run.step)" }
    let zoom = bench[.train].zoom
    let enlarged = zoom > 1 ? "\(bench.glyphs.times)\(zoom.fixed(0))" : ""
    guard kind == .loss else { return enlarged }
    let scale = bench[.train].logY ? "log" : "lin"
    return (enlarged.isEmpty ? "" : enlarged + " ")
      + "\(scale) s\(bench[.train].smoothing.fixed(1).dropFirst())"
  }

  func draw(in rect: Rect, on grid: inout Grid) {
    guard bench.run.started != nil || !names.isEmpty || bench.showsOtherLog else {
      let words = Invitation(bench: bench)
      return grid.notice(kind == .loss ? words.start : words.facts, in: rect)
    }
    grid.draw(plot(PlotAxis(bench)), in: rect)
  }

  private func plot(_ axis: PlotAxis) -> LinePlot {
    LinePlot(
      curves(axis), xRange: axis.shown, logarithmicX: axis.isLogarithmic,
      logarithmicY: kind == .loss && bench[.train].logY,
      smoothing: kind == .loss ? bench[.train].smoothing : 0, best: best(axis), marks: marks(axis),
      cursor: cursor.map { axis.x(at: $0) }, pins: bench[.train].pins.map { axis.x(at: $0) },
      selected: choice.selected, xName: axis.name, emptyText: emptyText)
  }

  /// The place on the whole x axis, a share of it, under a column of the screen; nil where no curve
  /// is drawn.
  func share(at column: Int, in rect: Rect) -> Double? {
    guard bench.run.started != nil || !names.isEmpty else { return nil }
    let axis = PlotAxis(bench)
    return plot(axis).share(ofColumn: column, in: rect).map(axis.share)
  }

  /// The split of the scores; "batches" for shares that the method measures on training batches.
  private var metricTitle: String {
    if bench.showsOtherLog { return "curves" }
    guard let name = names.first, !name.hasPrefix("validation/") else { return "validation" }
    return name.hasPrefix("test/") ? "test" : "batches"
  }

  private func curves(_ axis: PlotAxis) -> [Curve] {
    let titles = hasPair ? names.map(choice.network) : names.map(choice.short)
    let letters =
      hasPair ? titles.map { Character($0.prefix(1).uppercased()) } : CurveLetters.of(titles)
    return names.enumerated().map { i, name in
      let series = bench.run.series[name] ?? Series()
      let points = series.thinned(series.indices(on: axis), to: Self.mostPoints)
      return Curve(
        titles[i], letter: letters[i], ink: .role(role(i)),
        x: points.map { axis.position($0.step) }, y: points.map { Double($0.value) })
    }
  }

  /// Of one curve: the least and the greatest of each dot column on a screen as wide as any.
  private static let mostPoints = 1024

  private var hasPair: Bool { kind == .metric && choice.isPaired && !bench.showsOtherLog }

  private func role(_ i: Int) -> Role {
    if hasPair, names.count == 2 { return i == 0 ? .student : .teacher }
    // A term has the colour that it has among the loss terms.
    let roles: [Role] =
      kind == .loss
      ? [.series0, .series2, .series5, .series4, .series3, .series6]
      : [.series0, .series1, .series2, .series3, .series4, .series5]
    return roles[i % roles.count]
  }

  /// A share of the axis.
  private var cursor: Double? { bench[.train].inspect }

  private func best(_ axis: PlotAxis) -> LinePlot.Point? {
    guard kind == .metric, choice.hasBest, let step = bench.run.bestStep,
      let name = names[at: choice.selected], let series = bench.run.series[name],
      let i = series.steps.lastIndex(where: { $0 <= UInt32(max(0, step)) })
    else { return nil }
    return LinePlot.Point(x: axis.position(Int(series.steps[i])), y: Double(series.values[i]))
  }

  /// The first mask of the run, after which its losses are others.
  private func marks(_ axis: PlotAxis) -> [LinePlot.Mark] {
    bench.run.masks.prefix(1).map { .init(x: axis.position($0.step), text: "masked") }
  }

  private var emptyText: String {
    if bench.showsOtherLog {
      return kind == .loss ? "no curve's name says loss" : "every curve is a loss"
    }
    return usualEmptyText
  }

  private var usualEmptyText: String {
    kind == .loss ? "waiting for the first batch" : "scores come after the first epoch"
  }
}

/// Which curves a plot of 3 Train draws, and what its title offers; found once a frame, because
/// it takes a walk over the names of all series.
struct CurveChoice {
  /// The series drawn.
  var names: [String] = []
  /// The titles to choose from, and the index of the chosen one.
  var titles: [String] = []
  var place = 0
  /// The curve on top, of `names`.
  var selected = 0
  /// Student and teacher of one score, instead of all scores of a student.
  var isPaired = false
  /// Whether the best checkpoint was chosen by such curves.
  var hasBest = false
  /// Whether names are another program's, shown whole.
  var isForeign = false

  /// A term that is the total, because there is no other, is drawn once.
  static func losses(_ bench: Workbench) -> CurveChoice {
    let place = bench.cursor(.loss)
    let all = TrainScreen.lossNames(bench)
    let values = all.map { bench.run.series[$0]?.values ?? [] }
    let isTwice = all.count == 2 && values[0] == values[1]
    return CurveChoice(
      names: isTwice ? Array(all.prefix(1)) : all,
      titles: bench.showsOtherLog ? all.map(\.visible) : all.map(last), place: place,
      selected: isTwice ? 0 : place, isForeign: bench.showsOtherLog)
  }

  /// No more scores than there are inks.
  private static let mostScores = 6

  static func metrics(_ bench: Workbench) -> CurveChoice {
    let choices = TrainScreen.metricChoices(bench)
    var result = CurveChoice(
      titles: choices.map(\.title.visible), place: bench.cursor(.metric),
      isForeign: bench.showsOtherLog)
    if let chosen = choices[at: result.place], !chosen.isScore || chosen.series.count > 1 {
      result.isPaired = true
      result.names = chosen.series
      result.hasBest = chosen.isScore
    } else {
      result.names = Array(choices.filter(\.isScore).flatMap(\.series).prefix(mostScores))
      result.selected = result.place
      result.hasBest = true
    }
    return result
  }

  /// `loss/total` is "total"; `validation/student/f1-macro` is "f1-macro", after S or T where
  /// both are drawn.
  func short(_ name: String) -> String {
    if isForeign { return name.visible }
    let last = Self.last(name)
    guard isPaired, name.count(where: { $0 == "/" }) == 2 else { return last }
    return "\(name.contains("/teacher/") ? "T" : "S") \(last)"
  }

  /// Whose curve it is, where both networks' are drawn.
  func network(_ name: String) -> String {
    let parts = name.split(separator: "/")
    return parts.count == 3 ? String(parts[1]) : Self.last(name)
  }

  private static func last(_ name: String) -> String {
    name.lastIndex(of: "/").map { String(name[name.index(after: $0)...]) } ?? name
  }
}

/// The letter that each curve of a plot ends in, so that no colour is needed to tell them apart.
package enum CurveLetters {
  /// Of scores whose names begin alike.
  private static let known: [String: Character] = [
    "f1-macro": "f", "ap-macro": "a", "f1-macro-both": "b", "roc-auc-macro": "r", "accuracy": "c",
    "f1-micro": "m", "f1-instance": "i", "ap-micro": "p",
  ]

  /// All different: the usual letter, else the first of the name that is free, else any.
  package static func of(_ names: [String]) -> [Character] {
    var taken: Set<Character> = []
    return names.map { name in
      let wishes = (known[name].map { [$0] } ?? []) + name.filter(\.isLetter)
      let all = wishes + Array("abcdefghijklmnopqrstuvwxyz")
      let own = all.first { !taken.contains($0) } ?? "?"
      taken.insert(own)
      return own
    }
  }
}

/// Where the curves will be, before any run: which key starts one, and what it will learn from.
struct Invitation {
  let bench: Workbench

  /// The keys that start a run; while one starts, what it waits for.
  var start: [StyledText] {
    guard !bench.watchesOnly else {
      return [
        title(bench.isStarting ? "Reading the log \(bench.glyphs.ellipsis)" : "No log is shown."),
        muted("Enter on 7 Sessions follows one."),
      ]
    }
    let lines = bench.isTraining ? starting : bench.isFinished ? done : waiting
    guard let preparation = bench.preparation else { return lines }
    return lines + [StyledText(""), muted(preparation.sentence)]
  }

  private var starting: [StyledText] {
    let what = bench.run.lifecycle.what ?? bench.preparation?.what ?? "the engine"
    return [title("Starting \(bench.glyphs.ellipsis)"), StyledText(what)]
  }

  private var waiting: [StyledText] {
    [
      title("Press R to start training."),
      StyledText(bench.runPromise + (bench.sessionName.map { " of \($0)" } ?? "") + "."),
      muted("P starts it held: one phase of a batch at each P."),
    ]
  }

  private var done: [StyledText] {
    [
      title(
        bench.session.count == 1
          ? "The session's run is done." : "All \(bench.session.count) runs are done."),
      muted("6 Compare sets them side by side,"),
      muted("7 Sessions opens or replays one,"),
      muted("2 Method changes the recipe for another."),
    ]
  }

  /// The data that the run will learn from.
  var facts: [StyledText] {
    guard !bench.watchesOnly else { return [] }
    let recipe = muted(bench.recipeLine)
    guard let dataset = bench.dataset else {
      let isLoading = bench.preparation != nil
      return [recipe, muted(isLoading ? "" : "no data set is open: 1 Data, then enter")]
    }
    return [
      recipe,
      StyledText("\(dataset.classes.count) classes, \(dataset.clips.count) clips"),
      StyledText("\(dataset.training.observedShare.percent) of the training labels observed"),
      StyledText(""),
      muted("1 Data shows the labels,"),
      muted("2 Method changes the recipe."),
    ]
  }

  private func title(_ text: String) -> StyledText { StyledText(text, .title) }
  private func muted(_ text: String) -> StyledText { StyledText(text, .muted) }
}

/// Curves that belong together: one score of the student and of the teacher.
struct MetricChoice: Sendable, Equatable {
  var title: String
  var series: [String]
  /// Comparable with the other scores, so that it may share their plot.
  var isScore: Bool
  var isShare = false
}

/// The curves of a run.
extension TrainScreen {
  /// Loss curves, the total first.
  static func lossNames(_ bench: Workbench) -> [String] {
    if bench.showsOtherLog { return OtherLogCurves.losses(bench.run) }
    let names = bench.run.series.keys.filter { $0.hasPrefix("loss/") }.sorted()
    return names.filter { $0 == "loss/total" } + names.filter { $0 != "loss/total" }
  }

  /// The choices of the second plot, one at a time with a teacher: each score, F1 first, the loss
  /// of the evaluations, then shares that the method measures.
  static func metricChoices(_ bench: Workbench) -> [MetricChoice] {
    if bench.showsOtherLog { return OtherLogCurves.choices(bench.run) }
    let split =
      bench.run.series.keys.contains { $0.hasPrefix("validation/") } ? "validation" : "test"
    let models = ["student", "teacher"]
    let ids = models.flatMap { model in
      let prefix = "\(split)/\(model)/"
      return bench.run.series.keys.filter { $0.hasPrefix(prefix) }.map {
        String($0.dropFirst(prefix.count))
      }
    }
    let scores = ScoreOrder.sorted(Array(Set(ids)), after: bench.runColumns).map { id in
      let names = models.map { "\(split)/\($0)/\(id)" }.filter { bench.run.series[$0] != nil }
      return MetricChoice(title: id, series: names, isScore: id != "loss")
    }
    let shares = [
      ("disagree/cells", "T-S differ"), ("mask/ratio", "masked"), ("embedding/spread", "spread"),
    ]
    return scores.filter(\.isScore) + scores.filter { !$0.isScore }
      + shares.filter { bench.run.series[$0.0] != nil }.map {
        MetricChoice(title: $0.1, series: [$0.0], isScore: false, isShare: true)
      }
  }
}
