import Canvas
import Lab

/// How far teacher and student lay apart on the clip, epoch by epoch, and what was masked of it.
struct ClipHistory: PaneView {
  let bench: Workbench
  let glyphs: GlyphSet

  var title: String { "T-S by epoch" }
  var note: String {
    guard let clip = ClipScreen.clip(bench), let newest = found(clip).last else { return "" }
    return "now \(Double(newest.difference).signed)"
  }

  func draw(in rect: Rect, on grid: inout Grid) {
    guard let clip = ClipScreen.clip(bench) else {
      grid.draw(Notice([StyledText("no clip", ink: .role(.muted))], glyphs: glyphs), in: rect)
      return
    }
    let seen = found(clip)
    let line = Rect(x: rect.x + 1, y: rect.y, width: rect.width - 2, height: 1)
    if seen.count > 1 {
      let values = seen.map { Double(abs($0.difference)) }
      grid.draw(Sparkline(values, range: 0...1, ink: .role(.teacher), glyphs: glyphs), in: line)
    }
    let shift = seen.count > 1 ? 1 : 0
    let below = Rect(
      x: rect.x, y: rect.y + shift, width: rect.width, height: rect.height - shift)
    grid.draw(Notice(lines(clip, seen), glyphs: glyphs), in: below)
  }

  private func found(_ clip: ClipRow) -> [Disagreement] {
    bench.run.disagreements.byClip[clip.id] ?? []
  }

  private func lines(_ clip: ClipRow, _ seen: [Disagreement]) -> [StyledText] {
    let masks = MissingScreen.maskStories(bench, of: clip).map {
      StyledText($0, ink: .role(.masked))
    }
    guard bench.run.hasTeacher else {
      return [StyledText("This view needs a method with a teacher.", ink: .role(.muted))] + masks
    }
    guard let newest = seen.last, let widest = seen.max(by: { size($0) < size($1) }) else {
      return [StyledText("w watches the clip: asked once an epoch", ink: .role(.muted))] + masks
    }
    var lines = [StyledText("epoch \(newest.epoch): \(text(newest))")]
    if widest != newest {
      lines.append(
        StyledText("widest in epoch \(widest.epoch): \(text(widest))", ink: .role(.muted)))
    }
    if let first = bench.run.disagreements.firstSplit(clip.id) {
      lines.append(StyledText("decided differently first in epoch \(first.epoch)"))
    } else {
      lines.append(StyledText("never decided differently", ink: .role(.muted)))
    }
    return lines + masks
  }

  private func size(_ entry: Disagreement) -> Float { abs(entry.difference) }

  private func text(_ entry: Disagreement) -> String {
    let names = bench.dataset?.classes ?? []
    let name = names.indices.contains(entry.classIndex) ? names[entry.classIndex] : "?"
    return "\(Double(entry.difference).signed) \(name)"
  }
}
