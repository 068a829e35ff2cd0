import Canvas
import Lab

/// "What changed since": two instants of a replay compared.
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
    guard let last = replay.instants.last else { return bench.said("no earlier event") }
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

  func box(_ bench: Workbench, over place: Rect) -> Box? {
    let all = lines(bench.glyphs), head = head(bench.run, bench.glyphs)
    let room = max(1, place.height - 5)
    let start = min(first, max(0, all.count - room))
    let more = all.count > room ? "j k scroll · " : ""
    let padded = ([head] + all).padded(to: 0)
    return Box(
      title: "what changed since: \(name)", note: "\(more)[ ] other event · esc",
      lines: [padded[0]] + padded.dropFirst(1 + start).prefix(room))
  }

  /// "step 120 → 160   epoch 3 → 4   6.0s → 8.0s".
  private func head(_ now: RunState, _ glyphs: GlyphSet) -> StyledText {
    let (a, b) = (before, now)
    func clock(_ t: UInt64) -> String { "\((Double(t) / 1e9).fixed(1))s" }
    let arrow = glyphs.arrow
    return StyledText(
      "step \(a.step) \(arrow) \(b.step)   epoch \(a.epoch) \(arrow) \(b.epoch)   "
        + "\(clock(a.t)) \(arrow) \(clock(b.t))", .title)
  }

  private func lines(_ glyphs: GlyphSet) -> [StyledText] {
    let numbers = changes.sections.flatMap { section in
      [StyledText(heading(section.title), .muted)]
        + section.lines.map { line($0, glyphs) }
    }
    let remarks = changes.remarks.map { StyledText($0, .warn) }
    let all = remarks + numbers
    return all.isEmpty ? [StyledText("nothing that is logged", .muted)] : all
  }

  private func heading(_ title: String) -> String {
    title.padded(to: Self.nameWidth)
      + ["before", "after", "change"].map { $0.padded(to: Self.numberWidth, .right) }.joined()
  }

  private func line(_ line: Changes.Line, _ glyphs: GlyphSet) -> StyledText {
    let change = line.change
    let mark = change.map { $0 > 0 ? glyphs.up : $0 < 0 ? glyphs.down : " " } ?? " "
    let delta = change.map { ($0 > 0 ? "+" : "") + $0.short } ?? "new"
    let numbers = [line.before?.short ?? "-", line.after?.short ?? "-", delta]
    return StyledText(
      line.name.padded(to: Self.nameWidth)
        + numbers.map { $0.padded(to: Self.numberWidth, .right) }.joined() + " \(mark)")
  }
}

/// `#`: the step to show of a replay, while it is typed.
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

  func box(_ bench: Workbench, over place: Rect) -> Box? {
    let last = bench.replay?.recording.events.last?.step ?? 0
    let line = StyledText("step \(digits)_".padded(to: 24), .title)
    return Box(title: "go to step", note: "0 to \(last)", lines: [line])
  }
}

/// The changes of a run between two instants: curves, scores, classes, masks, warnings.
struct Changes: Sendable, Equatable {
  /// A number before and after; nil if it was unknown.
  struct Line: Sendable, Equatable {
    var name: String
    var before, after: Double?

    var change: Double? {
      guard let before, let after else { return nil }
      return after - before
    }
  }

  struct Group: Sendable, Equatable {
    var title: String
    var lines: [Line]
  }

  var sections: [Group]
  /// Sentences that belong to no number.
  var remarks: [String]

  init(from before: RunState, to after: RunState) {
    sections = [
      Group(title: "loss", lines: Self.curves("loss/", before, after)),
      Group(title: "learning", lines: Self.learning(before, after)),
    ]
    for key in after.evaluations.keys.sorted() {
      sections += Self.evaluation(key, before.evaluations[key], after.evaluations[key])
    }
    sections.removeAll { $0.lines.isEmpty }
    remarks = Self.remarks(before, after)
  }

  private static func curves(_ prefix: String, _ a: RunState, _ b: RunState) -> [Line] {
    b.series.keys.filter { $0.hasPrefix(prefix) }.sorted().map { name in
      Line(
        name: String(name.dropFirst(prefix.count)),
        before: a.series[name]?.last.map { Double($0.value) },
        after: b.series[name]?.last.map { Double($0.value) })
    }
  }

  /// Rate, weights of the terms, norms of their gradients.
  private static func learning(_ a: RunState, _ b: RunState) -> [Line] {
    let names = b.series.keys.filter { name in
      name == "lr" || ["w/", "grad/", "mask/", "disagree/"].contains { name.hasPrefix($0) }
    }
    return names.sorted().map { name in
      Line(
        name: name, before: a.series[name]?.last.map { Double($0.value) },
        after: b.series[name]?.last.map { Double($0.value) })
    }
  }

  /// Scores, then the classes that moved most.
  private static func evaluation(_ key: String, _ a: EvalEnd?, _ b: EvalEnd?) -> [Group] {
    guard let b, a?.metrics != b.metrics else { return [] }
    let scores = ScoreOrder.sorted(Array(b.metrics.keys)).map {
      Line(name: $0, before: a?.metrics[$0], after: b.metrics[$0])
    }
    let old = Dictionary(
      (a?.perClass ?? []).map { ($0.name, $0.f1) }, uniquingKeysWith: { first, _ in first })
    let classes = b.perClass.map { Line(name: $0.name, before: old[$0.name] ?? nil, after: $0.f1) }
    let moved = classes.filter { $0.change != 0 && ($0.before ?? $0.after) != nil }.sorted {
      (-abs($0.change ?? 0), $0.name) < (-abs($1.change ?? 0), $1.name)
    }
    let name = key.replacing("/", with: " ")
    return [
      Group(title: name, lines: scores), Group(title: "\(name), F1 by class", lines: moved),
    ]
  }

  private static func remarks(_ a: RunState, _ b: RunState) -> [String] {
    var remarks: [String] = []
    if let mask = b.mask, mask != a.mask {
      let old = Set(a.mask?.masked.map(\.cell) ?? []), new = Set(mask.masked.map(\.cell))
      remarks.append(
        "mask: \(new.subtracting(old).count) entered, \(old.subtracting(new).count) left, "
          + mask.summary)
    }
    if a.stage != b.stage, let stage = b.stage { remarks.append("now training the \(stage)") }
    if a.bestStep != b.bestStep, let best = b.bestStep {
      remarks.append("best checkpoint now of step \(best)")
    }
    for (t, line) in b.log where t > a.t && line.level != .info { remarks.append("! \(line.text)") }
    if let fault = b.fault, a.fault == nil { remarks.append("training stopped: \(fault.message)") }
    return remarks
  }
}
