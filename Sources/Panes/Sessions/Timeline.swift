import Canvas
import Lab

/// Time travel: the recorded run as a time line, the position of the replay, events near it.
struct Timeline: PaneView {
  let bench: Workbench

  var title: String {
    bench.replay.map { "time travel  \($0.recording.run)" } ?? "time travel"
  }

  var note: String {
    guard let replay = bench.replay else { return "" }
    guard replay.recording.isWhole else { return "reading the log" }
    let glyph = replay.playingSince == nil ? bench.glyphs.paused : bench.glyphs.running
    return "\(bench.glyphs.times)\(replay.speed.fixed(0)) \(glyph)"
  }

  func draw(in rect: Rect, on grid: inout Grid) {
    guard let replay = bench.replay else {
      let lines = [
        StyledText("No replay is shown."),
        StyledText("enter shows the run under the cursor, p replays it", .muted),
      ]
      return grid.notice(lines, in: rect)
    }
    drawLine(replay, in: rect, on: &grid)
    let lines = [here(replay), StyledText(legend, .muted)] + near(replay)
    let room = Rect(x: rect.x, y: rect.y + 1, width: rect.width, height: max(0, rect.height - 1))
    grid.notice(Array(lines.prefix(max(0, room.height))), in: room)
  }

  private func drawLine(_ replay: Replay, in rect: Rect, on grid: inout Grid) {
    let x = rect.x + 1, width = rect.width - 2
    guard width > 2 else { return }
    func column(_ t: UInt64) -> Int {
      x + Int(Double(t) / Double(max(1, replay.length)) * Double(width - 1))
    }
    for i in 0..<width { grid.put(bench.glyphs.rule, x: x + i, y: rect.y, ink: .role(.border)) }
    for mark in replay.marks.sorted(by: { $0.kind.weight < $1.kind.weight }) {
      let (glyph, role) = mark.kind.look(bench.glyphs)
      grid.put(glyph, x: column(mark.t), y: rect.y, ink: .role(role))
    }
    for place in replay.bookmarks where place > 0 && place <= replay.recording.events.count {
      grid.put("b", x: column(replay.recording.events[place - 1].t), y: rect.y, ink: .role(.title))
    }
    grid.put(
      bench.glyphs.down, x: min(rect.right - 2, column(replay.t)), y: rect.y, ink: .role(.warn))
  }

  /// "▼ step 1204 of 20900  1m22s of 12m00s  loss 3.91".
  private func here(_ replay: Replay) -> StyledText {
    let clock = time(replay.t), all = time(replay.length)
    let last = replay.recording.events.last?.step ?? 0
    let loss = bench.run.series["loss/total"]?.last.map { "  loss \(Double($0.value).short)" } ?? ""
    return StyledText(
      "\(bench.glyphs.down) step \(bench.run.step) of \(last)  \(clock) of \(all)\(loss)",
      .title)
  }

  /// Tenths where whole seconds would say nothing.
  private func time(_ t: UInt64) -> String {
    let seconds = Double(t) / 1e9
    return seconds < 10 ? "\(seconds.fixed(1))s" : seconds.clock
  }

  private var legend: String {
    "e evaluation  \(bench.glyphs.marker(3)) checkpoint  m mask  ! warning"
      + "  \(bench.glyphs.failed) fault"
      + "  b bookmark"
  }

  /// The events before and after this place.
  private func near(_ replay: Replay) -> [StyledText] {
    let before = replay.marks.last { $0.index < replay.next }
    let after = replay.marks.first { $0.index >= replay.next }
    func line(_ name: String, _ mark: Replay.Mark?) -> StyledText? {
      guard let mark else { return nil }
      let step = replay.recording.events[mark.index].step
      return StyledText("\(name) step \(step): \(mark.text)")
    }
    return [line("[", before), line("]", after)].compactMap(\.self)
  }
}

extension Replay.Mark.Kind {
  fileprivate func look(_ glyphs: GlyphSet) -> (Character, Role) {
    switch self {
    case .evaluation: ("e", .muted)
    case .checkpoint: (glyphs.marker(3), .good)
    case .mask: ("m", .masked)
    case .warning: ("!", .warn)
    case .fault: (glyphs.failed, .fault)
    }
  }

  /// The order in which marks of one column are drawn, the topmost last.
  fileprivate var weight: Int {
    switch self {
    case .evaluation: 0
    case .checkpoint: 1
    case .mask: 2
    case .warning: 3
    case .fault: 4
    }
  }
}
