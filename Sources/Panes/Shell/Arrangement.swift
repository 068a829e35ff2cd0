import Canvas

/// Where everything goes at a given size. S is below 100 columns, M below 160, L from there on.
struct Arrangement {
  enum Kind { case line, plot, full }

  var kind: Kind
  var header = Rect(x: 0, y: 0, width: 0, height: 0)
  /// Progress of the run, on the Train screen only.
  var strip: Rect?
  var panes: [(pane: Pane, rect: Rect)] = []
  var toast = Rect(x: 0, y: 0, width: 0, height: 0)
  var footer: Rect?

  init(of bench: Workbench, width: Int, height: Int) {
    header = Rect(x: 0, y: 0, width: width, height: 1)
    toast = header
    guard width >= 20, height >= 5 else {
      kind = .line
      return
    }
    var body = Rect(x: 0, y: 1, width: width, height: height - 1)
    guard width >= 60, height >= 16 else {
      kind = .plot
      toast = Rect(x: 0, y: height - 1, width: width, height: 1)
      panes = [(Self.primary(of: bench), body)]
      return
    }
    kind = .full
    footer = Rect(x: 0, y: height - 1, width: width, height: 1)
    toast = Rect(x: 0, y: height - 2, width: width, height: 1)
    body.height -= 1
    if bench.screen == .train {
      strip = Rect(x: 0, y: 1, width: width, height: 1)
      body = Rect(x: 0, y: 2, width: width, height: body.height - 1)
    }
    panes = Self.panes(of: bench, in: body)
    arrange(bench.layout, in: body)
    if bench.isFull { panes = [(bench.focused, body)] }
  }

  /// The pane that is left when there is room for one only.
  private static func primary(of bench: Workbench) -> Pane {
    switch bench.trainView {
    case .curves: .primary(of: bench.screen)
    case .step: .formula
    case .distances: .agreement
    }
  }

  private static func panes(of bench: Workbench, in body: Rect) -> [(pane: Pane, rect: Rect)] {
    switch bench.trainView {
    case .curves: panes(of: bench.screen, in: body)
    case .step: step(body)
    case .distances: distances(body)
    }
  }

  /// Works in what a person has changed.
  private mutating func arrange(_ layout: Layout, in body: Rect) {
    guard !layout.isStandard else { return }
    var tiling = Tiling(panes)
    for (pane, _) in panes where layout.folded.contains(pane) { tiling.fold(pane) }
    func cells(_ share: Int?, of length: Int) -> Int {
      Int((Double(share ?? 0) / 1000 * Double(length)).rounded())
    }
    for (pane, _) in panes {
      tiling.widen(pane, by: cells(layout.widths[pane], of: body.width))
      tiling.heighten(pane, by: cells(layout.heights[pane], of: body.height))
    }
    panes = tiling.tiles
  }

  private static func panes(of screen: Screen, in body: Rect) -> [(pane: Pane, rect: Rect)] {
    let panes =
      switch screen {
      case .data: data(body)
      case .method: method(body)
      case .train: train(body)
      case .clips: clips(body)
      case .missing: missing(body)
      case .compare: compare(body)
      case .sessions: sessions(body)
      }
    return panes.filter { $0.rect.width > 2 && $0.rect.height > 2 }
  }

  private static func data(_ body: Rect) -> [(pane: Pane, rect: Rect)] {
    if body.width < 100 {
      let columns = body.columns(.fixed(28), .share(1))
      guard body.height >= 20 else { return [(.datasets, columns[0]), (.classes, columns[1])] }
      let left = columns[0].rows(.share(1), .fixed(7))
      return [(.datasets, left[0]), (.classes, columns[1]), (.sample, left[1])]
    }
    let side = body.width < 160 ? 32 : 52
    let columns = body.columns(.fixed(34), .share(1), .fixed(side))
    return [(.datasets, columns[0]), (.classes, columns[1]), (.sample, columns[2])]
  }

  private static func method(_ body: Rect) -> [(pane: Pane, rect: Rect)] {
    if body.width < 100 {
      let columns = body.columns(.fixed(26), .share(1))
      let right = columns[1].rows(.share(1), .fixed(body.height >= 20 ? 7 : 0))
      return [(.methods, columns[0]), (.form, right[0]), (.runs, right[1])]
    }
    let columns = body.columns(.fixed(34), .share(4), .share(3))
    let right = columns[2].rows(.share(1), .share(1))
    return [
      (.methods, columns[0]), (.form, columns[1]), (.runs, right[0]), (.explain, right[1]),
    ]
  }

  private static func train(_ body: Rect) -> [(pane: Pane, rect: Rect)] {
    if body.width < 100 {
      let rows = body.rows(.share(11), .share(10))
      let top = rows[0].columns(.share(1), .share(1))
      let hasLog = body.height >= 20
      let low = rows[1].columns(.share(29), .share(27), hasLog ? .fixed(24) : .fixed(0))
      return [
        (.loss, top[0]), (.metric, top[1]), (.scores, low[0]), (.classScores, low[1]),
        (.log, low[2]),
      ]
    }
    let columns = body.columns(.share(2), .fixed(body.width < 160 ? 38 : 56))
    let rows = columns[0].rows(.share(1), .fixed(9), .fixed(body.height >= 30 ? 8 : 0))
    let top = rows[0].columns(.share(1), .share(1))
    let middle = rows[1].columns(.share(1), .share(1))
    return [
      (.loss, top[0]), (.metric, top[1]), (.terms, middle[0]), (.scores, middle[1]),
      (.classScores, columns[1]), (.log, rows[2]),
    ]
  }

  /// The panes of a step, in place of the curves.
  private static func step(_ body: Rect) -> [(pane: Pane, rect: Rect)] {
    if body.width < 100 {
      let rows = body.rows(.share(1), .share(1))
      let top = rows[0].columns(.share(1), .fixed(35))
      let low = rows[1].columns(.share(1), .fixed(24))
      return [(.formula, top[0]), (.phases, top[1]), (.watched, low[0]), (.batch, low[1])]
    }
    let rows = body.rows(.share(5), .share(5), .share(4))
    let top = rows[0].columns(.share(1), .share(1))
    return [(.formula, top[0]), (.phases, top[1]), (.watched, rows[1]), (.batch, rows[2])]
  }

  /// Matrices side by side, what they come to below; the difference where there is room for three.
  private static func distances(_ body: Rect) -> [(pane: Pane, rect: Rect)] {
    let foot: Length = body.height < 26 ? .fixed(6) : .share(1)
    let rows = body.rows(.share(2), foot)
    let gap: Length = body.width < 160 ? .fixed(0) : .share(1)
    let top = rows[0].columns(.share(1), .share(1), gap)
    let panes: [(pane: Pane, rect: Rect)] = [
      (.ownDistances, top[0]), (.theirDistances, top[1]), (.distanceGap, top[2]),
      (.agreement, rows[1]),
    ]
    return panes.filter { $0.rect.width > 2 }
  }

  private static func clips(_ body: Rect) -> [(pane: Pane, rect: Rect)] {
    let side = body.width < 100 ? 28 : body.width < 160 ? 40 : 60
    let columns = body.columns(.fixed(side), .share(1))
    let right = columns[1].rows(.share(9), .share(body.width < 160 ? 11 : 10))
    let hasHistory = body.width >= 100 && body.height >= 30
    let left = columns[0].rows(.share(1), .fixed(hasHistory ? 8 : 0))
    return [
      (.clipList, left[0]), (.history, left[1]), (.spectrogram, right[0]), (.predictions, right[1]),
    ]
  }

  private static func missing(_ body: Rect) -> [(pane: Pane, rect: Rect)] {
    guard body.width >= 100 else { return [(.map, body)] }
    let rows = body.rows(.share(1), .fixed(body.height >= 24 ? 7 : 0))
    let columns = rows[0].columns(.share(1), .fixed(body.width < 160 ? 34 : 44))
    return [(.map, columns[0]), (.shares, columns[1]), (.cell, rows[1])]
  }

  private static func compare(_ body: Rect) -> [(pane: Pane, rect: Rect)] {
    let side = body.width < 100 ? 27 : body.width < 160 ? 38 : 46
    let deltas = body.width < 160 ? 0 : 46
    let columns = body.columns(.fixed(side), .share(1), .fixed(deltas))
    let right = columns[1].rows(.share(11), .share(10))
    return [
      (.compared, columns[0]), (.overlay, right[0]), (.differences, right[1]),
      (.deltas, columns[2]),
    ]
  }

  private static func sessions(_ body: Rect) -> [(pane: Pane, rect: Rect)] {
    let rows = body.rows(.share(1), .fixed(body.height >= 20 ? 8 : body.height >= 14 ? 6 : 0))
    guard body.width >= 100 else { return [(.sessionList, rows[0]), (.timeline, rows[1])] }
    let columns = rows[0].columns(.share(1), .fixed(body.width < 160 ? 44 : 64))
    return [(.sessionList, columns[0]), (.sessionDetail, columns[1]), (.timeline, rows[1])]
  }
}
