import Canvas
import Lab

/// 5 Missing: which labels are missing, what a method masks, what the teacher believes.
enum MissingScreen: ScreenModel {
  static let id = Screen.missing
  static let summary = "which labels are missing"

  /// The map and its table of shares have one class under the cursor between them.
  static let panes = [
    PaneModel(
      .map, lines: { $0.dataset?.classes.count ?? 0 }, open: { $0.openCell() },
      press: { $0.pointAtColumn($1, $2) }, view: { MissingMap(bench: $0, glyphs: $1) }),
    PaneModel(
      .shares, lines: { $0.dataset?.classes.count ?? 0 }, cursor: .map, open: { $0.openCell() },
      view: { ShareTable(bench: $0, glyphs: $1) }),
    PaneModel(
      .cell, moves: .map, open: { $0.openCell() }, view: { CellReport(bench: $0, glyphs: $1) }),
  ]

  static let actions = [
    Action(.flipView, "flip view", "given, masked, teacher, truth", [.tab]) { $0.flipView() },
    Action(.binSize, "bin", "clips a column: fit, 1, 4, 16, 64", .of("b")) { $0.changeBin() },
    Action(.clipOrder, "order", "clips by data set or by missing labels", .of("o")) {
      $0.reorderClips()
    },
    Action(.maskMore, "more", "try a larger masked share before training with it", .of("+")) {
      $0.preview(by: 1)
    },
    Action(.maskLess, "less", "try a smaller masked share", .of("-")) { $0.preview(by: -1) },
    Action(.keepShare, "keep", "take the share tried into the recipe", .of("=")) {
      $0.keepShare()
    },
    Action(
      .unmask, "undo mask",
      "the masked label here counts as no: an answer by hand; again takes it back", .of("u")
    ) { $0.unmask() },
    Action(.blink, "blink", "this view and the one before take turns, a second each", .of("B")) {
      $0.blink()
    },
  ]

  static let keys: [Action.ID: [Key]] = [.nextPane: [.ctrl("w")]]

  static func layout(of bench: Workbench, in body: Rect) -> [Tile] {
    guard body.width >= 100 else { return [(.map, body)] }
    let rows = body.rows(.share(1), .fixed(body.height >= 24 ? 7 : 0))
    let columns = rows[0].columns(.share(1), .fixed(body.width < 160 ? 34 : 44))
    return [(.map, columns[0]), (.shares, columns[1]), (.cell, rows[1])]
  }

  static func hints(_ bench: Workbench) -> [Action.ID] {
    if bench.missing.preview != nil { return [.maskMore, .maskLess, .keepShare, .flipView, .back] }
    let hasMask = bench.missingView == .masked && bench.missing.mask != nil
    return bench.offered(
      [.flipView, .open, .binSize, .clipOrder, .maskMore, .blink, .classOrder, .nextPane],
      early: hasMask ? [.unmask] : [])
  }

  static func moveAcross(_ step: Int, _ bench: inout Workbench) -> [Effect] {
    let bin = bench.binSize
    let next = bench.missing.position / bin * bin + step * bin
    bench.missing.position = min(max(0, bench.missing.clips.count - 1), max(0, next))
    return bench.askTeacher()
  }

  static func arrive(_ bench: inout Workbench) -> [Effect] {
    bench.resumStale()
    return bench.askTeacher()
  }

  static func depart(_ bench: inout Workbench) { bench.dropPreview() }

  static func leave(_ bench: inout Workbench) -> [Effect]? {
    if bench.missing.preview != nil {
      bench.dropPreview()
    } else if bench.missing.blinks {
      bench.missing.blinks = false
    } else {
      return nil
    }
    return []
  }

  static func hear(_ news: News, _ bench: inout Workbench) -> [Effect] {
    switch news {
    case .dataset:
      bench.missing.preview = nil
      bench.resum()
      for pane in [Pane.map, .shares] { bench.cursors[pane] = 0 }
      bench.missing.position = 0
    case .scores: return bench.askTeacher()
    case .predictions: bench.refreshPreview()
    case .runs: break
    }
    return []
  }

  static func nextTick(_ bench: Workbench) -> Double? {
    bench.missing.blinks ? bench.now.rounded(.down) + 1 : nil
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

extension Workbench {
  /// The column of the map under the mouse.
  fileprivate mutating func pointAtColumn(_ mouse: Mouse, _ rect: Rect) -> [Effect] {
    let map = MissingMap(bench: self, glyphs: .unicode)
    if let position = map.position(at: mouse.x, in: rect) { missing.position = position }
    return askTeacher()
  }
}
