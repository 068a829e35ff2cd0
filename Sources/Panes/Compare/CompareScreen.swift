import Canvas
import Lab

/// 6 Compare: runs side by side.
enum CompareScreen: ScreenModel {
  static let id = Screen.compare
  static let summary = "runs side by side"

  static let panes = [
    PaneModel(
      .compared, lines: { listed($0).count }, open: addRun,
      orders: [.given, .name, ListOrder("c", "score"), ListOrder("m", "method")],
      view: ComparedRuns.init),
    PaneModel(
      .overlay, moves: .compared, open: addRun,
      view: OverlayPlot.init),
    PaneModel(
      .differences,
      lines: {
        if let varied = VariedScores($0) { return varied.values.count }
        return $0[.compare].showsDeltas ? comparedClasses($0) : comparedSettings($0).count + 1
      },
      view: DifferencePane.init),
    PaneModel(
      .deltas, lines: comparedClasses, view: DeltaPane.init),
  ]

  static let actions = [
    Action(
      .moreLabels, "2x labels", "train the run again with twice the labels", .of("W"),
      queueMoreLabels),
    Action(
      .addRun, "add", "compare the run too, or take it out again", .of("a"), as: .add, addRun),
    Action(.pin, "reference", "the run that the others are compared with", .of("*"), pinRun),
    Action(.metric, "metric", "the next score", .of("m"), nextMetric),
    Action(
      .align, "x axis", "x axis: step, epoch or seconds; the next setting of I", .of("X"),
      as: .xAxis, nextAxis),
    Action(
      .bySetting, "by setting", "test scores by the value of a setting that was varied, or curves",
      .of("I"), showBySetting),
    Action(
      .allSettings, "view", "settings that differ, all settings, or scores by class", .of("v"),
      as: .view, nextView),
    Action(
      .flipNetwork, "network", "each method's result, or the network beside it", .of("t"),
      as: .network, flipNetwork),
    Action(
      .report, "details", "details of a finished run: mistakes, curves, thresholds, reliability",
      .of("d"), on: [.compare, .sessions], as: .details, ReportOverlay.open),
    Action(
      .groupRuns, "group", "means by row of the table, by method, by model or by both", .of("b"),
      as: .group
    ) {
      $0[.compare].group = $0[.compare].group.next
      return []
    },
  ]

  static func primary(in bench: Workbench) -> Pane { .overlay }

  static func layout(of bench: Workbench, in body: Rect) -> [Tile] {
    if body.width < 100 {
      let columns = body.columns(.fixed(27), .share(1))
      let right = columns[1].rows(.share(11), .share(10))
      return [(.compared, columns[0]), (.overlay, right[0]), (.differences, right[1])]
    }
    if body.width < 160 {
      let columns = body.columns(.share(1), .share(1))
      let left = columns[0].rows(.share(1), .fixed(min(13, body.height / 3)))
      let right = columns[1].rows(.share(2), .share(3))
      return [
        (.compared, left[0]), (.overlay, right[0]), (.differences, left[1]), (.deltas, right[1]),
      ]
    }
    let columns = body.columns(.share(3), .share(4))
    let left = columns[0].rows(.share(3), .share(2))
    let classes = min(body.height / 2, max(10, comparedClasses(bench) + 4))
    let right = columns[1].rows(.share(1), .fixed(classes))
    return [
      (.compared, left[0]), (.overlay, right[0]), (.differences, left[1]), (.deltas, right[1]),
    ]
  }

  static func hints(_ bench: Workbench) -> [Action.ID] {
    [
      .addRun, .pin, .metric, .bySetting, .allSettings, .report, .align, .flipNetwork, .groupRuns,
      .filter, .sort, .moreLabels, .nextPane,
    ]
  }

  static func arrive(_ bench: inout Workbench) -> [Effect] { [.engine(.sessions(.list))] }

  static func hear(_ news: News, _ bench: inout Workbench) -> [Effect] {
    switch news {
    case .runs where bench.screen == id && !bench[.compare].expected.isEmpty:
      return [.engine(.sessions(.list))]
    case .message(.sessions): return choose(&bench) + BestScore.ask(bench)
    case .started, .run(isNew: false): return BestScore.ask(bench)
    case .message(.records(let records)):
      for record in records { bench[.compare].records[record.folder] = record }
    case .message(.report(let report)): ReportOverlay.show(report, &bench)
    case .message(.opened): bench[.compare] = CompareState()
    default: break
    }
    return []
  }
}

extension Screen {
  public static let compare = Screen("Compare", short: "Comp")
}

extension Pane {
  static let compared = Pane("compared"), overlay = Pane("overlay")
  static let differences = Pane("differences"), deltas = Pane("deltas")
}

extension Action.ID {
  public static let showCompare = Screen.compare.action
  public static let moreLabels = Self("moreLabels"), addRun = Self("addRun"), pin = Self("pin")
  public static let metric = Self("metric"), align = Self("align")
  public static let bySetting = Self("bySetting")
  public static let allSettings = Self("allSettings"), flipNetwork = Self("flipNetwork")
  public static let groupRuns = Self("groupRuns")
}

/// The chosen metric of every chosen run on one plot, of the network that is compared: S or T
/// behind the letter of a run that has two.
struct OverlayPlot: PaneView {
  let bench: Workbench

  var title: String {
    if let varied = VariedScores(bench) { return varied.title }
    let marks = CompareScreen.compared(bench).indices.map {
      "\(RunMark.glyph($0, bench.glyphs))\(CompareScreen.mark(bench, $0))"
    }
    let isForeign = CompareScreen.compared(bench).contains { $0.log != nil }
    let metric = (CompareScreen.comparedMetric(bench) ?? "").visible
    return ([isForeign ? metric : "validation \(metric)"] + marks).joined(separator: " ")
  }

  var note: String {
    let varied = VariedScores(bench).map { "\($0.runs.of("run")), I curves" }
    return varied ?? "x: \(bench[.compare].axis.rawValue)"
  }

  func draw(in rect: Rect, on grid: inout Grid) {
    if let varied = VariedScores(bench) { return grid.draw(varied.plot(bench), in: rect) }
    let records = CompareScreen.compared(bench)
    guard !records.isEmpty, let metric = CompareScreen.comparedMetric(bench) else {
      let waits = !bench[.compare].chosen.isEmpty && records.isEmpty
      let text = waits ? "reading the logs" : "a adds the run under the cursor"
      return grid.notice(text, in: rect)
    }
    let curves = records.enumerated().map { curve($1, $0, metric) }
    let top = bench[.compare].pinned.flatMap { url in records.firstIndex { $0.folder == url } }
    let plot = LinePlot(
      curves, selected: top ?? 0,
      xName: bench[.compare].axis == .time ? "s" : bench[.compare].axis.rawValue,
      emptyText: "no evaluation of \(metric.visible)")
    grid.draw(plot, in: rect)
  }

  private func curve(_ record: RunRecord, _ place: Int, _ metric: String) -> Curve {
    let points = record.curve(metric, of: bench[.compare].network)
    return Curve(
      record.summary.name, letter: RunMark.letter(place), ink: .role(RunMark.role(place)),
      x: points.map(position), y: points.map(\.value))
  }

  private func position(_ point: RunRecord.Point) -> Double {
    switch bench[.compare].axis {
    case .step: Double(point.step)
    case .epoch: Double(point.epoch)
    case .time: point.seconds
    }
  }
}
