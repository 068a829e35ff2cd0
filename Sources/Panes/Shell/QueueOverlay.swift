import Canvas
import Lab

/// The runs that wait for the present one: their order, and the time that all of them take.
struct QueueOverlay: Overlay {
  var cursor = 0

  static func open(_ bench: inout Workbench) -> [Effect] {
    guard bench.isTraining else { return bench.said("no run is active; press R to start") }
    bench.overlay = QueueOverlay()
    return []
  }

  func answer(_ key: Key, _ bench: inout Workbench) -> [Effect] {
    var overlay = self
    let last = max(0, bench.queue.count - 1)
    switch key {
    case .down, .character("j"): overlay.cursor = min(last, cursor + 1)
    case .up, .character("k"): overlay.cursor = max(0, cursor - 1)
    case .character("J"): return move(by: 1, &bench)
    case .character("K"): return move(by: -1, &bench)
    case .character("x"): return skip(&bench)
    case .escape, .enter, .character("q"), .character("Q"):
      bench.overlay = nil
      return []
    default: break
    }
    bench.overlay = overlay
    return []
  }

  private func move(by step: Int, _ bench: inout Workbench) -> [Effect] {
    let place = cursor + step
    guard bench.queue.indices.contains(cursor), bench.queue.indices.contains(place) else {
      return []
    }
    bench.queue.swapAt(cursor, place)
    bench.overlay = QueueOverlay(cursor: place)
    return [.engine(.arrange(bench.queue))]
  }

  /// The run waits no longer; it stays to do.
  private func skip(_ bench: inout Workbench) -> [Effect] {
    guard bench.queue.indices.contains(cursor) else { return [] }
    bench.queue.remove(at: cursor)
    bench.overlay = QueueOverlay(cursor: min(cursor, max(0, bench.queue.count - 1)))
    return [.engine(.arrange(bench.queue))]
  }

  func box(_ bench: Workbench, over place: Rect) -> Box? {
    let run = bench.replay?.live ?? bench.run
    let room = max(1, place.height - 8)
    let window = ListWindow(cursor: cursor, count: bench.queue.count, rows: room)
    let now = StyledText("now  \(run.run)  \(left(run).map { "\($0.clock) left" } ?? "")", .good)
    let rows = window.range.map { line($0, bench) }
    let empty = StyledText("no run waits", .muted)
    let foot = StyledText(total(run, bench), .muted)
    return Box(
      title: "queue", note: "J K move, x skips, esc",
      lines: ([now] + (rows.isEmpty ? [empty] : rows) + [StyledText(""), foot]).padded(to: 40),
      selection: window.selection.map { $0 + 1 })
  }

  private func line(_ place: Int, _ bench: Workbench) -> StyledText {
    let mark = place == cursor ? String(bench.glyphs.pointer) : " "
    return StyledText("\(mark) \(place + 1)  \(bench.queue[place])")
  }

  /// Seconds left of the present run.
  private func left(_ run: RunState) -> Double? { run.progress?.eta }

  /// By finished runs; without them the waiting runs are taken to last as long as the present one.
  private func total(_ run: RunState, _ bench: Workbench) -> String {
    guard let left = left(run) else { return "remaining time: known after the first steps" }
    guard !bench.queue.isEmpty else { return "total: \(left.clock) left" }
    if let waiting = bench.time(ofRuns: bench.queue) { return "total: \((left + waiting).about)" }
    let whole = Double(run.t) / 1e9 + left
    let all = left + whole * Double(bench.queue.count)
    return "total: about \(all.clock), if each run takes \(whole.clock)"
  }
}
