import Canvas
import Lab

/// Cursors: every pane has one, and the same keys move all of them.
extension Workbench {
  mutating func move(_ id: Action.ID) -> [Effect] {
    switch id {
    case .left, .right: return moveAcross(id == .left ? -1 : 1)
    case .up: return moveCursor(by: -1)
    case .down: return moveCursor(by: 1)
    case .pageUp: return moveCursor(by: -page)
    case .pageDown: return moveCursor(by: page)
    case .first: return moveCursor(by: Int.min / 2)
    default: return moveCursor(by: Int.max / 2)
    }
  }

  private var page: Int { max(1, size.height - 8) }

  /// How many lines the cursor of a pane walks over.
  func lines(of pane: Pane) -> Int {
    switch pane {
    case .datasets: catalog.datasets.count
    case .classes, .predictions, .map, .shares: dataset?.classes.count ?? 0
    case .sample: dataset?.clips.count ?? 0
    case .methods: catalog.methods.count + catalog.models.count
    case .form: fields.count
    case .runs: session.count
    case .explain: 200
    case .loss: lossNames.count
    case .metric: metricChoices.count
    case .terms: run.terms.count
    case .scores: 1
    case .formula, .phases: 1
    case .ownDistances, .theirDistances, .distanceGap: shownDistances?.clips.count ?? 0
    case .agreement: comparedExtractors.count
    case .watched: watchedRows.count
    case .batch: run.walk.last?.clips.count ?? 0
    case .classScores: latestEvaluation?.perClass.count ?? 0
    case .log: shownLog.count
    case .compared: comparable.count
    case .overlay, .timeline, .sessionDetail: 0
    case .differences: compare.showsDeltas ? comparedClasses : comparedSettings.count + 1
    case .deltas: comparedClasses
    case .sessionList: sessionLines.count
    case .clipList: clips.visible.count
    case .spectrogram, .history, .cell: 0
    }
  }

  /// The line under the cursor, always a line that exists (0 when there is none).
  func cursor(_ pane: Pane) -> Int {
    min(max(0, cursors[rowPane(pane)] ?? 0), max(0, lines(of: pane) - 1))
  }

  /// The map and its table of shares have one class under the cursor between them, matrices of
  /// distances one clip.
  func rowPane(_ pane: Pane) -> Pane {
    switch pane {
    case .shares: .map
    case .theirDistances, .distanceGap: .ownDistances
    default: pane
    }
  }

  mutating func moveCursor(by step: Int) -> [Effect] {
    var pane = focused
    if pane == .cell { pane = .map }
    if pane == .spectrogram || pane == .history { pane = .clipList }
    if pane == .timeline || pane == .sessionDetail { pane = .sessionList }
    if pane == .overlay { pane = .compared }
    let last = max(0, lines(of: pane) - 1)
    let (next, overflow) = cursor(pane).addingReportingOverflow(step)
    cursors[rowPane(pane)] = overflow ? (step < 0 ? 0 : last) : min(last, max(0, next))
    if pane == .form { method.problem = nil }
    return pane == .clipList ? pointAtQuestion() : []
  }

  private mutating func moveAcross(_ step: Int) -> [Effect] {
    switch screen {
    case .train:
      if replay != nil, train.inspect == nil {
        seek(by: step)
        return []
      }
      guard let place = train.inspect else {
        say("i shows the inspect cursor; then h and l move it")
        return []
      }
      moveInspect(from: place, by: step)
    case .missing:
      let next = missing.position / binSize * binSize + step * binSize
      missing.position = min(max(0, missing.clips.count - 1), max(0, next))
      return askTeacher()
    case .method where focused == .form: return changeChoice(by: step)
    case .sessions: seek(by: step)
    case .data, .method, .clips, .compare: focusNeighbour(step)
    }
    return []
  }

  private mutating func focusNeighbour(_ step: Int) {
    let panes = visiblePanes
    guard let here = panes.firstIndex(of: focused) else { return }
    focus[screen] = panes[min(panes.count - 1, max(0, here + step))]
  }
}
