import Canvas
import Lab

/// Windows of sound files that are not in the data set: time, the classes found, or the most
/// probable one.
struct SoundList: ListView {
  let pane = Pane.soundList
  let bench: Workbench

  var title: String { "sound files" }
  var note: String {
    guard let sounds = Holding.sounds(bench) else { return "" }
    let count = sounds.found.count.of("file")
    return sounds.isOver ? count : "\(count) \(bench.glyphs.ellipsis)"
  }

  func draw(in rect: Rect, on grid: inout Grid) {
    guard let sounds = Holding.sounds(bench) else { return }
    let window = window(in: rect)
    let table = TableWidget(
      [.init("", .flexible), .init("", .fixed(5), .right)],
      rows: window.range.map { row(sounds.lines[$0], sounds) }, selection: window.selection,
      hasHeader: false, emptyText: sounds.isOver ? "no sound was scored" : "scoring")
    grid.draw(table, in: rect)
  }

  private func row(_ line: ScoredSounds.Line, _ sounds: ScoredSounds) -> [StyledText] {
    let file = sounds.found[line.file]
    let name = file.file.split(separator: "/").last.map(String.init) ?? file.file
    guard case .window(let window, _) = line else {
      return [StyledText(name, .title), StyledText("\(file.seconds.fixed(1))s", .muted)]
    }
    let values = sounds.probabilities(of: line)
    let found = sounds.decision.found(values)
    let order = (found.isEmpty ? Array(values.indices) : found).sorted { values[$0] > values[$1] }
    let time = file.windows[window]
    let place =
      file.windows.count == 1
      ? name : "  \(FoundRegion.clock(time.start))–\(FoundRegion.clock(time.end))"
    let names =
      found.isEmpty ? "-" : order.map { sounds.decision.classes[$0] }.joined(separator: " ")
    let best = order.first.map { Double(values[$0]).fixed(2) } ?? ""
    return [
      StyledText("\(place) \(names)", ink: found.isEmpty ? .role(.muted) : .plain),
      StyledText(best, .muted),
    ]
  }
}

/// Where each class was found in the file under the cursor.
struct SoundRegions: PaneView {
  let bench: Workbench

  var title: String {
    guard let (sounds, line) = Holding.soundLine(bench) else { return "found" }
    return "found in \(sounds.found[line.file].file)"
  }

  var note: String {
    guard let decision = Holding.sounds(bench)?.decision else { return "" }
    if decision.isSingleLabel { return "the most probable class" }
    guard let calibration = decision.calibration else { return "threshold 0.5" }
    return "thresholds of \(calibration.clips.of("validation clip"))"
  }

  func draw(in rect: Rect, on grid: inout Grid) {
    guard let (sounds, line) = Holding.soundLine(bench) else { return }
    let regions = FoundRegion.all(in: sounds.found[line.file], sounds.decision)
    guard !regions.isEmpty else { return grid.notice("no class reaches its threshold", in: rect) }
    let lines = regions.map { region in
      let time = "\(FoundRegion.clock(region.start))–\(FoundRegion.clock(region.end))"
      return StyledText("\(time.padded(to: 16)) \(region.name)")
    }
    let hidden = lines.count - rect.height
    let shown =
      hidden > 0
      ? lines.prefix(rect.height - 1) + [StyledText("and \(hidden + 1) more", .muted)]
      : lines.prefix(rect.height)
    grid.lines(Array(shown), in: rect)
  }
}

/// One line a class: whether it was found, its calibrated probability and its threshold.
struct SoundClasses: ListView {
  let pane = Pane.soundClasses
  let bench: Workbench

  var title: String {
    guard let (sounds, line) = Holding.soundLine(bench),
      case .window(let window, let file) = line
    else { return "the whole file: largest of its windows" }
    let time = sounds.found[file].windows[window]
    return "\(FoundRegion.clock(time.start))–\(FoundRegion.clock(time.end))"
  }

  var note: String {
    let hasThresholds = Holding.sounds(bench)?.decision.isSingleLabel == false
    return "calibrated" + (hasThresholds ? "  \(bench.glyphs.pick("┊", ":")) threshold" : "")
  }

  func draw(in rect: Rect, on grid: inout Grid) {
    guard let (sounds, line) = Holding.soundLine(bench) else { return }
    let values = sounds.probabilities(of: line)
    let found = Set(sounds.decision.found(values))
    let names = min(14, sounds.decision.classes.map(\.columns).max() ?? 0)
    for (row, c) in window(in: rect).range.enumerated() where values.indices.contains(c) {
      let y = rect.y + row
      let isFound = found.contains(c)
      grid.text(
        sounds.decision.classes[c], x: rect.x + 1, y: y, ink: isFound ? .role(.title) : .plain,
        maxWidth: names)
      if isFound {
        grid.put(bench.glyphs.pick("✓", "*"), x: rect.x + names + 2, y: y, ink: .role(.good))
      }
      let bar = Rect(
        x: rect.x + names + 4, y: y, width: max(0, rect.width - names - 17), height: 1)
      draw(values[c], sounds.decision, c, in: bar, on: &grid)
    }
  }

  private func draw(
    _ value: Float, _ decision: Decision, _ c: Int, in bar: Rect, on grid: inout Grid
  ) {
    let threshold = decision.isSingleLabel ? nil : Double(decision.thresholds[c])
    if bar.width > 2 {
      grid.bar(
        Double(value), in: bar, paint: .role(decision.network == "teacher" ? .teacher : .student))
      if let threshold { grid.barMark(threshold, in: bar, glyph: "┊", ink: .role(.muted)) }
    }
    let limit = threshold.map { " / \($0.fixed(2))" } ?? ""
    grid.text("\(Double(value).fixed(2))\(limit)", x: bar.right + 1, y: bar.y)
  }
}

/// One row over the panes of 4 Clips: why the label under the cursor is asked for, and how many
/// answers there are; or how far a longer answer of the held run is.
struct HeldStrip: Widget {
  let bench: Workbench

  func draw(in rect: Rect, on grid: inout Grid) {
    if let progress = bench[.held].progress {
      grid.text(
        progress.sentence, x: rect.x + 1, y: rect.y, ink: .role(.muted), maxWidth: rect.width - 2)
      return
    }
    let why = Annotation.question(bench).flatMap { $0.reason.isEmpty ? nil : "why: \($0.reason)" }
    let guess = Annotation.guess(bench).map {
      "tags say \(Double(min($0, 0.99)).fixed(2).dropFirst())"
    }
    let reason = [guess, why].compactMap { $0 }.joined(separator: "  ")
    let answers = bench[.annotation].count.of("answer")
    let count =
      [answers + " in the patch", answers].first {
        reason.columns + $0.columns + 4 <= rect.width
      } ?? answers
    let start = max(rect.x, rect.right - count.columns - 1)
    grid.text(count, x: start, y: rect.y, ink: .role(.human), maxWidth: rect.right - start)
    grid.text(reason, x: rect.x + 1, y: rect.y, maxWidth: max(0, start - rect.x - 2))
  }
}
