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
    let tensor = fault.tensor.map { "   first bad tensor: \($0)" } ?? ""
    var lines = [
      StyledText("step \(bench.run.step)   \(fault.message)\(tensor)", ink: .role(.fault)),
      StyledText(
        fault.lastGoodCheckpoint.map { "Last good checkpoint: step \($0)." }
          ?? "There is no checkpoint yet."),
    ]
    lines += fault.suggestion.map { StyledText("· \($0)") }
    return lines + [
      StyledText("(R) go on from the last checkpoint   (2) change the recipe", ink: .role(.title)),
      StyledText("(esc) look at the plots, which stay usable", ink: .role(.title)),
    ]
  }
}
