import Canvas
import Lab

/// "What changed since": two instants of a replay, number beside number.
struct ChangesOverlay: Overlay {
  /// Events told at the earlier instant.
  var since: Int
  /// The event at that instant.
  var name: String
  var before: RunState
  var changes: Changes
  /// The first line shown.
  var first = 0

  private static let nameWidth = 24
  private static let numberWidth = 9

  func answer(_ key: Key, _ bench: inout Workbench) -> [Effect] {
    switch key {
    case .left, .character("["):
      let earlier = bench.replay?.instants.last { $0.place < since }
      if let earlier { Self.open(earlier, &bench) }
    case .right, .character("]"):
      let later = bench.replay?.instants.first { $0.place > since }
      if let later { Self.open(later, &bench) }
    default:
      bench.overlay = key.scrolledLines.map { scrolled(by: $0, height: bench.size.height) }
    }
    return []
  }

  private func scrolled(by step: Int, height: Int) -> ChangesOverlay {
    var overlay = self
    let last = lines(.ascii).count - max(1, height - 6)
    overlay.first = min(max(0, last), max(0, first + step))
    return overlay
  }

  /// Compares what is shown with the instant before it.
  static func open(_ bench: inout Workbench) -> [Effect] {
    guard let replay = bench.replay else { return bench.said(Replay.none) }
    guard let last = replay.instants.last else { return bench.said("nothing lies before this") }
    bench.replay?.playingSince = nil
    open(last, &bench)
    return []
  }

  private static func open(_ instant: Replay.Instant, _ bench: inout Workbench) {
    guard let replay = bench.replay else { return }
    let before = replay.recording.events.prefix(instant.place)
      .reduce(into: RunState()) { $0.apply($1) }
    bench.overlay = ChangesOverlay(
      since: instant.place, name: instant.name, before: before,
      changes: Changes(from: before, to: bench.run))
  }

  func box(_ bench: Workbench, _ glyphs: GlyphSet, over place: Rect) -> Box? {
    let all = lines(glyphs), head = head(bench.run, glyphs)
    let room = max(1, place.height - 5)
    let start = min(first, max(0, all.count - room))
    let more = all.count > room ? "j k scroll · " : ""
    let padded = ([head] + all).padded(to: 0, glyphs)
    return Box(
      title: "what changed since: \(name)", note: "\(more)[ ] other event · esc",
      lines: [padded[0]] + padded.dropFirst(1 + start).prefix(room), glyphs: glyphs)
  }

  /// "step 120 → 160   epoch 3 → 4   6.0s → 8.0s".
  private func head(_ now: RunState, _ glyphs: GlyphSet) -> StyledText {
    let (a, b) = (before, now)
    func clock(_ t: UInt64) -> String { "\((Double(t) / 1e9).fixed(1))s" }
    let arrow = glyphs.arrow
    return StyledText(
      "step \(a.step) \(arrow) \(b.step)   epoch \(a.epoch) \(arrow) \(b.epoch)   "
        + "\(clock(a.t)) \(arrow) \(clock(b.t))", ink: .role(.title))
  }

  private func lines(_ glyphs: GlyphSet) -> [StyledText] {
    let numbers = changes.sections.flatMap { section in
      [StyledText(heading(section.title, glyphs), ink: .role(.muted))]
        + section.lines.map { line($0, glyphs) }
    }
    let remarks = changes.remarks.map { StyledText($0, ink: .role(.warn)) }
    let all = remarks + numbers
    return all.isEmpty ? [StyledText("nothing that is logged", ink: .role(.muted))] : all
  }

  private func heading(_ title: String, _ glyphs: GlyphSet) -> String {
    title.padded(to: Self.nameWidth, ellipsis: glyphs.ellipsis)
      + ["before", "after", "change"].map { $0.padded(to: Self.numberWidth, .right) }.joined()
  }

  private func line(_ line: Changes.Line, _ glyphs: GlyphSet) -> StyledText {
    let change = line.change
    let mark = change.map { $0 > 0 ? glyphs.up : $0 < 0 ? glyphs.down : " " } ?? " "
    let delta = change.map { ($0 > 0 ? "+" : "") + $0.short } ?? "new"
    let numbers = [line.before?.short ?? "-", line.after?.short ?? "-", delta]
    return StyledText(
      line.name.padded(to: Self.nameWidth, ellipsis: glyphs.ellipsis)
        + numbers.map { $0.padded(to: Self.numberWidth, .right) }.joined() + " \(mark)")
  }
}

/// `#`: the step behind which a replay is to be shown, as it is typed.
struct StepOverlay: Overlay {
  var digits = ""

  /// A count typed before the key is the step.
  static func open(_ bench: inout Workbench) -> [Effect] {
    guard bench.replay != nil else { return bench.said(Replay.none) }
    bench.replay?.playingSince = nil
    if let count = bench.pendingCount {
      bench.screen = count.origin
      go(to: count.value, &bench)
    } else {
      bench.overlay = StepOverlay()
    }
    return []
  }

  func answer(_ key: Key, _ bench: inout Workbench) -> [Effect] {
    switch key {
    case .character(let digit) where digit.isASCII && digit.isNumber && digits.count < 9:
      bench.overlay = StepOverlay(digits: digits + String(digit))
    case .backspace: bench.overlay = StepOverlay(digits: String(digits.dropLast()))
    case .enter:
      bench.overlay = nil
      if let step = Int(digits) { Self.go(to: step, &bench) }
    case .escape, .character("q"): bench.overlay = nil
    default: break
    }
    return []
  }

  private static func go(to step: Int, _ bench: inout Workbench) {
    let last = bench.replay?.recording.events.last?.step ?? 0
    Replay.seek(&bench, step: min(step, last))
    if step > last { bench.say("the log ends at step \(last)") }
  }

  func box(_ bench: Workbench, _ glyphs: GlyphSet, over place: Rect) -> Box? {
    let last = bench.replay?.recording.events.last?.step ?? 0
    let line = StyledText("step \(digits)_".padded(to: 24), ink: .role(.title))
    return Box(title: "go to step", note: "0 to \(last)", lines: [line], glyphs: glyphs)
  }
}
