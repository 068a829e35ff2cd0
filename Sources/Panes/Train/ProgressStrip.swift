import Canvas
import Lab

/// Row 1 of the Train screen: how far the run is; while stepping, the phases of a batch.
struct ProgressStrip: Widget {
  let bench: Workbench

  /// The bar keeps at least this many cells; text at the right gives way first.
  private static let bar = 16

  func draw(in row: Rect, on grid: inout Grid) {
    let rect = Rect(x: row.x + 1, y: row.y, width: row.width - 1, height: row.height)
    if bench.isStepping, bench.isTraining, bench.run.started != nil {
      grid.text(phases(isNarrow: rect.width < 100), x: rect.x, y: rect.y, maxWidth: rect.width)
      return
    }
    if bench.showsOtherLog {
      let facts = OtherLogCurves.facts(bench).joined(separator: "  ")
      grid.text(Self.styled(facts), x: rect.x, y: rect.y, maxWidth: rect.width)
      return
    }
    let (lead, share, facts) = parts(isNarrow: rect.width < 100)
    var rest = facts.joined(separator: "  ")
    for kept in stride(from: facts.count - 1, to: 0, by: -1)
    where share != nil && lead.columns + rest.columns + Self.bar > rect.width {
      rest = facts.prefix(kept).joined(separator: "  ")
    }
    let used = grid.text(Self.styled(lead), x: rect.x, y: rect.y, maxWidth: rect.width)
    var x = rect.x + used
    if let share {
      let width = max(0, min(rect.width / 4, rect.width - used - rest.columns - 3))
      grid.bar(share, in: Rect(x: x + 1, y: rect.y, width: width, height: 1))
      x += width + 2
    }
    grid.text(Self.styled(" " + rest), x: x, y: rect.y, maxWidth: rect.right - x)
  }

  private func parts(isNarrow: Bool) -> (lead: String, share: Double?, facts: [String]) {
    let run = bench.run
    if run.lifecycle.state == .preparing {
      let share = run.lifecycle.fraction
      return (run.lifecycle.what ?? "preparing", share, [share?.percent ?? ""])
    }
    guard let started = run.started else {
      guard let preparation = bench.preparation else {
        if bench.watchesOnly { return ("no log is shown", nil, []) }
        return (bench.isStarting ? "starting" : "no run yet:", nil, [bench.runPromise])
      }
      let share = Double(preparation.done) / Double(max(1, preparation.total))
      return (preparation.what, preparation.total > 0 ? share : nil, counts(preparation))
    }
    let share = Double(run.step) / Double(max(1, started.plannedSteps))
    var rest = ["step \(run.step)/\(started.plannedSteps)"]
    if let progress = run.progress {
      if bench.isTraining { rest.append("eta \(progress.eta.clock)") }
      if let best = BestScore(bench) { rest.append(isNarrow ? best.shortText : best.text) }
      rest.append("\(progress.stepsPerSec.fixed(1))/s")
      if let made = bench.background { rest.append(made.what.lowercased() + made.share) }
      rest.append("lr \(progress.lr.scientific)")
      rest.append("\(progress.observedCellsSeen) labels seen")
    }
    rest += resources
    let stage = run.stageText.map { "  \($0)" } ?? ""
    return ("ep \(run.epoch)/\(started.plannedEpochs)\(stage)", share, rest)
  }

  /// Numbers stand out; words and what comes after a slash recede.
  private static func styled(_ text: String) -> [StyledText] {
    var pieces: [StyledText] = []
    for word in text.split(separator: " ", omittingEmptySubsequences: false).map(String.init) {
      if !pieces.isEmpty { pieces.append(" ") }
      guard word.first?.isNumber == true else {
        pieces.append(StyledText(word, .muted))
        continue
      }
      let cut = word.firstIndex(of: "/") ?? word.endIndex
      pieces += [StyledText(String(word[..<cut])), StyledText(String(word[cut...]), .muted)]
    }
    return pieces
  }

  private var resources: [String] {
    guard let used = bench.run.resources else { return [] }
    return ["cpu \(used.cpu.fixed(0))%", "rss \(used.rss / 1_048_576) MB"]
  }

  private func counts(_ preparation: Preparation) -> [String] {
    guard preparation.total > 0 else { return [] }
    let left = preparation.eta.map { ["\($0.clock) left"] } ?? []
    return ["\(preparation.done)/\(preparation.total)"] + left
  }

  /// `step 4812  ✓ batch ━ ✓ student ━ ► losses ─ backward`; where there are papers, the present
  /// phase stands on one.
  private func phases(isNarrow: Bool) -> [StyledText] {
    let stage = bench.run.stageText.map { "\($0)  " } ?? ""
    var pieces = [
      StyledText("step ", .muted), StyledText("\(bench.run.step)  ", .title), StyledText(stage),
    ]
    let cut: [PhaseChange.Name: String] = [
      .studentFwd: "stu", .teacherFwd: "tea", .backward: "back", .optim: "optim", .ema: "ema",
    ]
    let shown = StepPhase.all(bench)
    let here = (bench.run.walk.last?.phase ?? bench.run.phase?.phase).flatMap {
      shown.firstIndex(of: $0)
    }
    for (i, phase) in shown.enumerated() {
      let whole = PhasePane.names[phase] ?? phase.rawValue
      let name = isNarrow ? cut[phase] ?? whole : whole
      let isPast = i <= here ?? -1
      if i > 0 {
        let line = isPast ? bench.glyphs.pick("━", "=") : bench.glyphs.pick("─", "-")
        pieces.append(StyledText(" \(line) ", isPast ? .good : .faint))
      }
      pieces.append(piece(name, i, here))
    }
    return pieces
  }

  private func piece(_ name: String, _ place: Int, _ here: Int?) -> StyledText {
    guard place == here else { return StyledText(name, place < here ?? 0 ? .good : .faint) }
    guard bench.glyphs.hasPapers else {
      return StyledText("\(bench.glyphs.pointer)\(name.uppercased())", .warn)
    }
    return StyledText(" \(name) ", ink: .role(.badge), paper: .role(.warn))
  }
}
