import Canvas
import Lab

/// Everything on one line, for terminals too small for panes; the most important comes first.
struct StatusLine: Widget {
  let bench: Workbench
  let glyphs: GlyphSet

  func draw(in rect: Rect, on grid: inout Grid) {
    grid.text(
      text, x: rect.x, y: rect.y, ink: .role(bench.status.role), maxWidth: rect.width,
      ellipsis: glyphs.ellipsis)
  }

  private var text: String {
    if case .menu(let menu) = bench.overlay {
      return menu.choices.map { "\($0.key) \($0.title)" }.joined(separator: " · ")
    }
    return ([head] + details).joined(separator: "  ")
  }

  private var head: String {
    "\(bench.status.glyph(glyphs)) \(bench.status.word) \(bench.screens.number(of: bench.screen))"
  }

  private var details: [String] {
    if let toast = bench.toast { return [toast.text] }
    if let preparation = bench.preparation, bench.run.hello == nil {
      return [preparation.what + preparation.share]
    }
    guard let hello = bench.run.hello else { return [bench.runPromise] }
    let loss = bench.run.series["loss/total"]?.last.map { "loss \(Double($0.value).short)" }
    return [
      "ep \(bench.run.epoch)/\(hello.plannedEpochs)",
      "step \(bench.run.step)/\(hello.plannedSteps)",
    ] + [loss].compactMap { $0 } + ["q quits"]
  }
}

extension Preparation {
  /// " 41%" once the total is known.
  var share: String { total > 0 ? " " + (Double(done) / Double(total)).percent : "" }

  /// "rendering band  1240/3000  41%  12s left".
  var sentence: String {
    guard total > 0 else { return "\(what) …" }
    let left = eta.map { "  \($0.clock) left" } ?? ""
    return "\(what)  \(done)/\(total) \(share)\(left)"
  }
}
