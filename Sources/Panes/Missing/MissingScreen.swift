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
    Action(.flipView, "flip view", "given, masked, teacher, truth", [.tab], flipView),
    Action(.binSize, "bin", "clips a column: fit, 1, 4, 16, 64", .of("b"), changeBin),
    Action(
      .clipOrder, "order", "clips by class, by data set, by missing labels", .of("o"),
      reorderClips),
    Action(.maskMore, "more", "try a larger masked share before training with it", .of("+")) {
      preview(&$0, by: 1)
    },
    Action(.maskLess, "less", "try a smaller masked share", .of("-")) { preview(&$0, by: -1) },
    Action(.keepShare, "keep", "take the share tried into the recipe", .of("="), keepShare),
    Action(
      .unmask, "undo mask",
      "the masked label here counts as no: an answer by hand; again takes it back", .of("u"), unmask
    ),
    Action(
      .blink, "blink", "this view and the one before take turns, a second each", .of("B"), blink),
  ]

  static let keys: [Action.ID: [Key]] = [.nextPane: [.ctrl("w")]]

  static func layout(of bench: Workbench, in body: Rect) -> [Tile] {
    guard body.width >= 100 else { return [(.map, body)] }
    let rows = body.rows(.share(1), .fixed(body.height >= 24 ? 11 : 0))
    let columns = rows[1].columns(.share(1), .fixed(body.width < 160 ? 46 : 70))
    return [(.map, rows[0]), (.cell, columns[0]), (.shares, columns[1])]
  }

  static func hints(_ bench: Workbench) -> [Action.ID] {
    if bench[.missing].preview != nil {
      return [.maskMore, .maskLess, .keepShare, .flipView, .back]
    }
    let hasMask = missingView(bench) == .masked && bench[.missing].mask != nil
    return bench.offered(
      [.flipView, .open, .binSize, .clipOrder, .maskMore, .blink, .classOrder, .nextPane],
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
  public static let clipOrder = Self("clipOrder"), maskMore = Self("maskMore")
  public static let maskLess = Self("maskLess"), keepShare = Self("keepShare")
  public static let unmask = Self("unmask"), blink = Self("blink")
}
