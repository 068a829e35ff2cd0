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
    let window = window(in: rect)
    if log.isEmpty {
      let text = bench[.train].warningsOnly ? "no warnings" : "nothing yet"
      grid.notice(text, in: rect)
    }
    for (row, i) in window.range.enumerated() {
      let (t, line) = log[i]
      let mark = line.level == .info ? "" : "! "
      // A narrow pane has no room for both.
      let time = rect.width < 34 ? "" : "\(clock(t)) "
      grid.text(
        [
          StyledText(time, .muted), StyledText("\(mark)\(line.text)", ink: ink(line.level)),
        ], x: rect.x + 1, y: rect.y + row, maxWidth: rect.width - 2)
    }
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
