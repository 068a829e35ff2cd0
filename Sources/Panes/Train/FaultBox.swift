import Canvas
import Lab

/// Why training stopped, where, what is safe, and which key comes next.
struct FaultBox {
  let bench: Workbench
  let glyphs: GlyphSet

  func draw(over place: Rect, on grid: inout Grid) {
    guard let fault = bench.run.fault else { return }
    let width = max(10, min(place.width - 6, 74))
    let lines = lines(fault).flatMap { $0.folded(to: width) }
    Box(title: "\(glyphs.failed) training stopped: \(fault.code)", lines: lines, glyphs: glyphs)
      .draw(over: place, on: &grid)
  }

  private func lines(_ fault: Fault) -> [StyledText] {
    var lines = [
      StyledText(what(fault), ink: .role(.fault)),
      StyledText(
        fault.lastGoodCheckpoint.map { "Last good checkpoint: step \($0)." }
          ?? "There is no checkpoint yet."),
    ]
    lines += fault.suggestion.map { StyledText("· \($0)") }
    let next = fault.lastGoodCheckpoint == nil ? "begin again" : "go on from the last checkpoint"
    return lines + [
      StyledText("(R) \(next)   (2) change the recipe", ink: .role(.title)),
      StyledText("(esc) look at the plots, which stay usable", ink: .role(.title)),
    ]
  }

  /// The step and the tensor, unless the message names them.
  private func what(_ fault: Fault) -> String {
    let step = fault.message.hasPrefix("step ") ? "" : "step \(bench.run.step)   "
    guard let tensor = fault.tensor, !fault.message.contains(tensor) else {
      return step + fault.message
    }
    return step + fault.message + "   first bad tensor: \(tensor)"
  }
}
