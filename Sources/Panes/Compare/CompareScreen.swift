import Canvas
import Lab

/// 6 Compare: runs side by side.
enum CompareScreen: ScreenModel {
  static let id = Screen.compare
  static let summary = "runs side by side"

  static let panes = [
    PaneModel(
      .compared, lines: { $0.comparable.count }, open: { $0.addRun() },
      view: { ComparedRuns(bench: $0, glyphs: $1) }),
    PaneModel(
      .overlay, moves: .compared, open: { $0.addRun() },
      view: { OverlayPlot(bench: $0, glyphs: $1) }),
    PaneModel(
      .differences,
      lines: {
        $0.compare.showsDeltas ? $0.comparedClasses : $0.comparedSettings.count + 1
      },
      view: { DifferencePane(bench: $0, glyphs: $1) }),
    PaneModel(
      .deltas, lines: { $0.comparedClasses }, view: { DeltaPane(bench: $0, glyphs: $1) }),
  ]

  static let actions = [
    Action(
      .moreLabels, "2x labels", "what if: train the run once more with twice the labels", .of("W")
    ) { $0.queueMoreLabels() },
    Action(.addRun, "add", "put the run beside the others, or take it out", .of(" ")) {
      $0.addRun()
    },
    Action(.pin, "pin", "on top, and what the others are measured by", .of("p")) { $0.pinRun() },
    Action(.metric, "metric", "the next score", .of("m")) { $0.nextMetric() },
    Action(.align, "align", "by step, epoch or seconds of training", .of("x")) {
      $0.compare.axis = $0.compare.axis.next
      return []
    },
    Action(.allSettings, "settings", "settings that differ, or all", .of("d")) {
      $0.compare.showsAllSettings.toggle()
      $0.compare.showsDeltas = false
      return []
    },
    Action(.deltas, "classes", "per class instead of settings", .of("D")) {
      $0.compare.showsDeltas.toggle()
      return []
    },
    Action(.flipNetwork, "network", "each method's result, or the network beside it", .of("t")) {
      $0.flipNetwork()
    },
    Action(.groupRuns, "group", "means by method, by model or by both", .of("b")) {
      $0.compare.group = $0.compare.group.next
      return []
    },
  ]

  /// Space adds a run here.
  static let keys: [Action.ID: [Key]] = [.pause: []]

  static func primary(in bench: Workbench) -> Pane { .overlay }

  static func layout(of bench: Workbench, in body: Rect) -> [Tile] {
    let side = body.width < 100 ? 27 : body.width < 160 ? 38 : 46
    let deltas = body.width < 160 ? 0 : 46
    let columns = body.columns(.fixed(side), .share(1), .fixed(deltas))
    let right = columns[1].rows(.share(11), .share(10))
    return [
      (.compared, columns[0]), (.overlay, right[0]), (.differences, right[1]),
      (.deltas, columns[2]),
    ]
  }

  static func hints(_ bench: Workbench) -> [Action.ID] {
    [
      .addRun, .pin, .metric, .align, .allSettings, .deltas, .flipNetwork, .groupRuns,
      .moreLabels, .nextPane,
    ]
  }

  static func arrive(_ bench: inout Workbench) -> [Effect] { [.engine(.sessions(.list))] }

  static func hear(_ news: News, _ bench: inout Workbench) -> [Effect] {
    guard case .runs = news, bench.screen == id, !bench.compare.expected.isEmpty else { return [] }
    return [.engine(.sessions(.list))]
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
  public static let metric = Self("metric"), align = Self("align"), deltas = Self("deltas")
  public static let allSettings = Self("allSettings"), flipNetwork = Self("flipNetwork")
  public static let groupRuns = Self("groupRuns")
}
