import Canvas
import Lab

/// "What changed since": two instants of a replay, number beside number.
struct ChangesBox {
  let bench: Workbench
  let state: ChangesState
  let glyphs: GlyphSet

  private static let name = 24
  private static let number = 9

  /// The highest first line that still fills the box on a screen of this height.
  func lastFirst(_ height: Int) -> Int { max(0, lines.count - max(1, height - 6)) }

  func draw(over place: Rect, on grid: inout Grid) {
    let all = lines
    let room = max(1, place.height - 5)
    let first = min(state.first, max(0, all.count - room))
    let more = all.count > room ? "j k scroll · " : ""
    let shown = [head] + Array(all.dropFirst(first).prefix(room))
    let width = max(head.text.columns, all.map(\.text.columns).max() ?? 0)
    Box(
      title: "what changed since: \(state.name)",
      note: "\(more)[ ] other event · esc", lines: shown.map { wide($0, width) }, glyphs: glyphs
    ).draw(over: place, on: &grid)
  }

  /// As wide as the widest, so that scrolling does not change the box.
  private func wide(_ line: StyledText, _ width: Int) -> StyledText {
    StyledText(line.text.padded(to: width, ellipsis: glyphs.ellipsis), ink: line.ink)
  }

  /// "step 120 → 160   epoch 3 → 4   6.0s → 8.0s".
  private var head: StyledText {
    let (a, b) = (state.before, bench.run)
    func clock(_ t: UInt64) -> String { "\((Double(t) / 1e9).fixed(1))s" }
    let arrow = glyphs.arrow
    return StyledText(
      "step \(a.step) \(arrow) \(b.step)   epoch \(a.epoch) \(arrow) \(b.epoch)   "
        + "\(clock(a.t)) \(arrow) \(clock(b.t))", ink: .role(.title))
  }

  private var lines: [StyledText] {
    let numbers = state.changes.sections.flatMap { section in
      [StyledText(heading(section.title), ink: .role(.muted))] + section.lines.map(line)
    }
    let remarks = state.changes.remarks.map { StyledText($0, ink: .role(.warn)) }
    let all = remarks + numbers
    return all.isEmpty ? [StyledText("nothing that is logged", ink: .role(.muted))] : all
  }

  private func heading(_ title: String) -> String {
    title.padded(to: Self.name, ellipsis: glyphs.ellipsis)
      + ["before", "after", "change"].map { $0.padded(to: Self.number, .right) }.joined()
  }

  private func line(_ line: Changes.Line) -> StyledText {
    let change = line.change
    let mark = change.map { $0 > 0 ? glyphs.up : $0 < 0 ? glyphs.down : " " } ?? " "
    let delta = change.map { ($0 > 0 ? "+" : "") + $0.short } ?? "new"
    let numbers = [line.before?.short ?? "-", line.after?.short ?? "-", delta]
    return StyledText(
      line.name.padded(to: Self.name, ellipsis: glyphs.ellipsis)
        + numbers.map { $0.padded(to: Self.number, .right) }.joined() + " \(mark)")
  }
}
