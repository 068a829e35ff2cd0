import Canvas
import Lab

/// The log lines of the run, newest first.
struct LogPane: ListView {
  let pane = Pane.log
  let bench: Workbench

  var title: String { bench[.train].warningsOnly ? "log: warnings" : "log" }
  var note: String {
    let warnings = bench.run.log.count { $0.line.level != .info }
    return warnings == 0 ? "" : "! \(warnings)"
  }

  func draw(in rect: Rect, on grid: inout Grid) {
    let log = TrainScreen.shownLog(bench)
    if log.isEmpty {
      let text = bench[.train].warningsOnly ? "no warnings" : "nothing yet"
      return grid.notice(text, in: rect)
    }
    var y = rect.y
    for entry in log.dropFirst(first(log, rect)) {
      for (row, text) in lines(entry.line, rect).enumerated() where y < rect.bottom {
        let time = row == 0 ? clock(entry.t) : ""
        grid.text(
          [
            StyledText(time.padded(to: timeColumns(rect)), .muted),
            StyledText(text, ink: ink(entry.line.level)),
          ], x: rect.x + 1, y: y, maxWidth: rect.width - 2)
        y += 1
      }
      guard y < rect.bottom else { return }
    }
  }

  func line(at y: Int, in rect: Rect) -> Int? {
    let log = TrainScreen.shownLog(bench)
    var bottom = rect.y
    for place in first(log, rect)..<max(first(log, rect), log.count) {
      bottom += lines(log[place].line, rect).count
      if y < bottom { return y < rect.y ? nil : place }
    }
    return nil
  }

  /// A line of the log, wrapped between its words.
  private func lines(_ line: LogLine, _ rect: Rect) -> [String] {
    let mark = line.level == .info ? "" : "! "
    return "\(mark)\(line.text)".wrapped(to: max(8, rect.width - 2 - timeColumns(rect)))
  }

  /// A narrow pane has no room for the time.
  private func timeColumns(_ rect: Rect) -> Int { rect.width < 34 ? 0 : 6 }

  /// The first entry that is drawn: the one under the cursor, but so that the last ones fill the
  /// pane.
  private func first(_ log: [(t: UInt64, line: LogLine)], _ rect: Rect) -> Int {
    var (first, rows) = (log.count, 0)
    while first > 0 {
      rows += lines(log[first - 1].line, rect).count
      guard rows <= rect.height else { break }
      first -= 1
    }
    return min(bench.cursor(pane), min(first, max(0, log.count - 1)))
  }

  private func ink(_ level: LogLine.Level) -> Ink {
    switch level {
    case .info: .plain
    case .warn: .role(.warn)
    case .error: .role(.fault)
    }
  }

  /// mm:ss since the start of the run.
  private func clock(_ t: UInt64) -> String {
    let s = Int(t / 1_000_000_000)
    func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
    return "\(two(s / 60)):\(two(s % 60))"
  }
}

/// Why training stopped, where, what is safe, and which key comes next.
struct FaultBox {
  let bench: Workbench

  func draw(over place: Rect, on grid: inout Grid) {
    guard let fault = bench.run.fault else { return }
    let width = max(10, min(place.width - 6, 74))
    let lines = lines(fault).flatMap { $0.folded(to: width) }
    Box(title: "\(bench.glyphs.failed) training stopped: \(fault.code)", lines: lines)
      .draw(over: place, on: &grid)
  }

  private func lines(_ fault: Fault) -> [StyledText] {
    var lines = [
      StyledText(what(fault), .fault),
      StyledText(
        fault.lastGoodCheckpoint.map { "Last good checkpoint: step \($0)." }
          ?? "There is no checkpoint yet."),
    ]
    lines += fault.suggestion.map { StyledText("· \($0)") }
    let next = fault.lastGoodCheckpoint == nil ? "start again" : "resume from the last checkpoint"
    return lines + [
      StyledText("(R) \(next)   (2) change the recipe", .title),
      StyledText("(esc) look at the plots, which stay usable", .title),
    ]
  }

  /// The step and the tensor, unless the message names them.
  private func what(_ fault: Fault) -> String {
    let step = fault.code == Fault.nonFinite ? "" : "step \(bench.run.step)   "
    guard let tensor = fault.tensor, !fault.message.contains(tensor) else {
      return step + fault.message
    }
    return step + fault.message + "   first bad tensor: \(tensor)"
  }
}
