import Canvas
import Lab

/// 5 Missing: which labels are missing, what a method masks, what the teacher believes.
enum MissingScreen: ScreenModel {
  static let id = Screen.missing
  static let summary = "which labels are missing"

  /// The map and its table of shares have one class under the cursor between them.
  static let panes = [
    PaneModel(
      .map, lines: { $0.dataset?.classes.count ?? 0 }, open: openCell,
      press: pointAtColumn, view: MissingMap.init),
    PaneModel(
      .shares, lines: { $0.dataset?.classes.count ?? 0 }, cursor: .map, open: openCell,
      view: ShareTable.init),
    PaneModel(
      .cell, moves: .map, open: openCell, view: CellReport.init),
  ]

  static let actions = [
    Action(
      .flipView, "view", "given, masked, teacher, truth", .of("v"), as: .view, flipView),
    Action(.binSize, "bin", "clips a column: fit, 1, 4, 16, 64", .of("b"), as: .group, changeBin),
    Action(
      .sortMap, "sort", "order of the classes, order of the clips", .of("s"), as: .sort, askOrder),
    Action(
      .maskMore, "more", "try a larger masked share before training with it", .of("+"), as: .more
    ) { preview(&$0, by: 1) },
    Action(
      .maskLess, "less", "try a smaller masked share before training with it", .of("-"), as: .less
    ) {
      preview(&$0, by: -1)
    },
    Action(
      .unmask, "undo mask",
      "answer no for the masked label here; press again to undo", .of("u"),
      as: .undo, unmask),
    Action(
      .blink, "blink", "alternate this view and the previous one every second", .of("&"), blink),
    WrongLabelList.action,
  ]

  /// How far the check of the given labels is.
  static func strip(_ bench: Workbench) -> (any Widget)? {
    bench[.held].progress == nil ? nil : HeldStrip(bench: bench)
  }

  static func layout(of bench: Workbench, in body: Rect) -> [Tile] {
    guard body.width >= 100 else { return [(.map, body)] }
    let rows = body.rows(.share(1), .fixed(body.height >= 24 ? 11 : 0))
    let columns = rows[1].columns(.share(1), .fixed(body.width < 160 ? 46 : 70))
    return [(.map, rows[0]), (.cell, columns[0]), (.shares, columns[1])]
  }

  static func hints(_ bench: Workbench) -> [Action.ID] {
    if bench[.missing].preview != nil {
      return [.maskMore, .maskLess, .open, .flipView, .back]
    }
    let hasMask = missingView(bench) == .masked && bench[.missing].mask != nil
    return bench.offered(
      [.flipView, .open, .wrongLabels, .binSize, .sortMap, .maskMore, .blink, .nextPane],
      early: hasMask ? [.unmask] : [])
  }

  static func moveAcross(_ step: Int, _ bench: inout Workbench) -> [Effect] {
    let bin = binSize(bench)
    let next = bench[.missing].position / bin * bin + step * bin
    bench[.missing].position = min(max(0, bench[.missing].clips.count - 1), max(0, next))
    return MissingScreen.askTeacher(&bench)
  }

  static func exports(_ bench: Workbench, _ name: String) -> [Menu.Choice] {
    guard bench[.missing].mask != nil else { return [] }
    let mask = Menu.Choice("m", "masked labels as CSV") {
      [.write(maskText($0) ?? "", file: "\(name)-mask.csv")]
    }
    return [mask]
  }

  static func arrive(_ bench: inout Workbench) -> [Effect] {
    resumStale(&bench)
    return MissingScreen.askTeacher(&bench)
  }

  static func depart(_ bench: inout Workbench) { dropPreview(&bench) }

  static func leave(_ bench: inout Workbench) -> [Effect]? {
    if bench[.missing].preview != nil {
      dropPreview(&bench)
    } else if bench[.missing].blinks {
      bench[.missing].blinks = false
    } else {
      return nil
    }
    return []
  }

  static func hear(_ news: News, _ bench: inout Workbench) -> [Effect] {
    switch news {
    case .dataset:
      bench[.missing].preview = nil
      resum(&bench)
      for pane in [Pane.map, .shares] { bench.cursors[pane] = 0 }
      bench[.missing].position = 0
    case .scores: return MissingScreen.askTeacher(&bench)
    case .predictions: refreshPreview(&bench)
    case .run, .mask: remask(&bench)
    default: break
    }
    return []
  }

  static func nextTick(_ bench: Workbench) -> Double? {
    bench.screen == id && bench[.missing].blinks ? bench.now.rounded(.down) + 1 : nil
  }
}

extension Screen {
  public static let missing = Screen("Missing")
}

extension Pane {
  static let map = Pane("map"), shares = Pane("shares"), cell = Pane("cell")
}

extension Action.ID {
  public static let showMissing = Screen.missing.action
  public static let flipView = Self("flipView"), binSize = Self("binSize")
  public static let sortMap = Self("sortMap"), maskMore = Self("maskMore")
  public static let maskLess = Self("maskLess")
  public static let unmask = Self("unmask"), blink = Self("blink")
}
