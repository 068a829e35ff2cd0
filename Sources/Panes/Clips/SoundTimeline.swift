import Canvas
import Lab

/// The file under the cursor by time: how probable each class is, and where it was found; the
/// classes that were found longest come first.
struct SoundTimeline: PaneView {
  let bench: Workbench

  var title: String { "classes over time" }
  var note: String {
    guard let (sounds, line) = Holding.soundLine(bench) else { return "" }
    let file = sounds.found[line.file]
    return "\(file.seconds.clock), \(file.windows.count.of("window"))"
  }

  /// A class of the file: its probability in each column, and whether it was found there.
  private struct Track {
    let name: String
    /// nil between windows.
    var levels: [Float?]
    var isFound: [Bool]
    var seconds = 0.0
  }

  private static let seconds = 7

  func draw(in rect: Rect, on grid: inout Grid) {
    guard let (sounds, line) = Holding.soundLine(bench), rect.width > 40, rect.height > 2 else {
      return
    }
    let names = min(14, sounds.decision.classes.map(\.columns).max() ?? 0)
    let left = rect.x + names + Self.seconds + 3
    let area = Rect(x: left, y: rect.y, width: rect.right - left - 1, height: rect.height - 2)
    let tracks = tracks(sounds, line.file, columns: area.width)
    let height = area.height >= 2 * tracks.count ? 2 : 1
    for (i, track) in tracks.prefix(area.height / height).enumerated() {
      draw(track, names, height, at: area.y + i * height, area, on: &grid)
    }
    let file = sounds.found[line.file]
    drawAxis(file, line, area, y: area.bottom, on: &grid)
    drawLegend(rect, y: rect.bottom - 1, hidden: tracks.count - area.height / height, on: &grid)
  }

  private func draw(
    _ track: Track, _ names: Int, _ height: Int, at y: Int, _ area: Rect, on grid: inout Grid
  ) {
    let isThere = track.seconds > 0
    let x = area.x - names - Self.seconds - 2
    grid.text(track.name, x: x, y: y, ink: .role(isThere ? .title : .muted), maxWidth: names)
    let time = isThere ? track.seconds.clock : "-"
    grid.text(
      time.padded(to: Self.seconds, .right), x: x + names, y: y, ink: .role(.muted))
    for (column, level) in track.levels.enumerated() {
      guard let level, level.isFinite else { continue }
      let shade = ColorRamp.level(Double(level))
      let isFound = track.isFound[column]
      let mark: Character = isFound && height == 1 ? grid.glyphs.pick("▁", "_") : " "
      grid[area.x + column, y] =
        grid.glyphs.paintsRamps
        ? Cell(mark, ink: .role(.good), paper: .ramp(.sequential, shade))
        : Cell(grid.glyphs.shade(shade))
      if isFound, height == 2 {
        grid.put(grid.glyphs.pick("▀", "="), x: area.x + column, y: y + 1, ink: .role(.good))
      }
    }
  }

  /// Times below the tracks; the window under the cursor, and the play head.
  private func drawAxis(
    _ file: SoundPrediction, _ line: ScoredSounds.Line, _ area: Rect, y: Int, on grid: inout Grid
  ) {
    let seconds = max(0.001, file.seconds)
    func column(_ time: Double) -> Int {
      area.x + min(area.width - 1, max(0, Int(time / seconds * Double(area.width))))
    }
    var free = area.x
    for tick in Axis(0...seconds).ticks(max(2, area.width / 14)) {
      let text = FoundRegion.clock(tick)
      let x = min(column(tick), area.right - text.columns)
      guard x >= free else { continue }
      grid.text(text, x: x, y: y, ink: .role(.faint))
      free = x + text.columns + 2
    }
    if case .window(let window, _) = line, file.windows.indices.contains(window) {
      let place = file.windows[window]
      let (start, end) = (column(place.start), max(column(place.start), column(place.end) - 1))
      for x in start...end { grid.put(grid.glyphs.up, x: x, y: y, ink: .role(.accent)) }
    }
    guard let playing = bench[.clips].playing, playing.clip == file.file else { return }
    let x = column(min(playing.seconds, max(0, bench.now - playing.since)))
    for row in area.y..<area.bottom {
      grid.put(grid.glyphs.pick("│", "|"), x: x, y: row, ink: .role(.title))
    }
  }

  private func drawLegend(_ rect: Rect, y: Int, hidden: Int, on grid: inout Grid) {
    var x = rect.x + 1
    x += grid.text("probability 0 ", x: x, y: y, ink: .role(.muted))
    for step in 0..<12 {
      let level = ColorRamp.level(Double(step) / 11)
      grid[x + step, y] =
        grid.glyphs.paintsRamps
        ? Cell(" ", paper: .ramp(.sequential, level)) : Cell(grid.glyphs.shade(level))
    }
    x += 12
    x += grid.text(" 1   ", x: x, y: y, ink: .role(.muted))
    let more = hidden > 0 ? "   \(hidden) more classes below" : ""
    grid.text(
      [
        StyledText(String(grid.glyphs.pick("▀", "=")), .good),
        StyledText(" at or above the threshold of its class\(more)", .muted),
      ], x: x, y: y, maxWidth: rect.right - x - 1)
  }

  /// The classes, those found longest first.
  private func tracks(_ sounds: ScoredSounds, _ place: Int, columns: Int) -> [Track] {
    let file = sounds.found[place], decision = sounds.decision
    var tracks = decision.classes.indices.map { c in
      Track(
        name: decision.classes[c],
        levels: Array(repeating: nil, count: columns),
        isFound: Array(repeating: false, count: columns))
    }
    let scale = Double(columns) / max(0.001, file.seconds)
    for (window, values) in zip(file.windows, sounds.calibrated[place]) {
      let found = Set(decision.found(values))
      let start = min(columns - 1, max(0, Int(window.start * scale)))
      let end = min(columns, max(start + 1, Int((window.end * scale).rounded())))
      for c in tracks.indices where values.indices.contains(c) {
        for x in start..<end {
          tracks[c].levels[x] = max(tracks[c].levels[x] ?? 0, values[c])
          if found.contains(c) { tracks[c].isFound[x] = true }
        }
      }
    }
    for c in tracks.indices {
      tracks[c].seconds = Double(tracks[c].isFound.count { $0 }) / scale
    }
    return tracks.enumerated().sorted {
      ($1.element.seconds, $0.offset) < ($0.element.seconds, $1.offset)
    }.map(\.element)
  }
}
