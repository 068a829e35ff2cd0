import Canvas
import Lab

/// Classes by clips: a column stands for some clips; its glyph says which label prevails among
/// the observed ones and its colour how many are observed.
struct MissingMap: PaneView {
  let bench: Workbench

  /// Columns of clips at a screen width: the rest beside the other panes and the labels.
  static func columns(in width: Int) -> Int {
    let side = width < 100 ? 0 : width < 160 ? 34 : 44
    return max(8, width - side - names - shares - 4)
  }

  private static let names = 13
  private static let shares = 6

  var title: String {
    let all = MissingState.View.allCases
    let number = (all.firstIndex(of: MissingScreen.missingView(bench)) ?? 0) + 1
    let tried = bench[.missing].preview.map { "  try share \($0.share.fixed(2))" } ?? ""
    return
      "missing labels  \(number)/\(all.count) \(MissingScreen.missingView(bench).rawValue)\(tried)"
  }

  var note: String {
    if MissingScreen.missingView(bench) == .teacher, bench.run.hasTeacher {
      let (asked, awaited) = (bench[.clips].asked.count, bench[.clips].awaited.count)
      let progress = awaited > 0 ? " \(asked - awaited)/\(asked)" : ""
      let shades = [3, 7, 11, 15].map { String(bench.glyphs.shade($0)) }.joined()
      return "0 \(shades) 1  ? to come\(progress)"
    }
    var marks: [(LabelMark, String)] = [
      (.missing, "missing"), (.negative, "neg"), (.positive, "pos"),
    ]
    if MissingScreen.missingView(bench) == .masked { marks.append((.masked, "masked")) }
    if bench[.annotation].count > 0 { marks.append((.human, "by hand")) }
    return marks.map { "\(bench.glyphs.label($0)) \($1)" }.joined(separator: " ")
  }

  func draw(in rect: Rect, on grid: inout Grid) {
    guard let dataset = bench.dataset, !dataset.classes.isEmpty else {
      return grid.notice(nothing, in: rect)
    }
    let foot = foot(rect)
    let parts = parts(rect, foot)
    drawViews(parts[0], on: &grid)
    guard let sums else {
      return grid.notice(needs, in: parts[2])
    }
    drawMap(dataset, sums, ruler: parts[1], in: parts[2], on: &grid)
    for (row, line) in foot.enumerated() {
      grid.text(
        line, x: rect.x + 1, y: parts[3].y + row, ink: .role(row == 0 ? .title : .muted),
        maxWidth: rect.width - 2)
    }
  }

  func line(at y: Int, in rect: Rect) -> Int? {
    rows(parts(rect, foot(rect))[2]).line(at: y, top: parts(rect, foot(rect))[2].y)
  }

  /// The position in the order of the clips where the column at `x` of the screen begins.
  func position(at x: Int, in rect: Rect) -> Int? {
    guard let sums else { return nil }
    let bin = MissingScreen.binSize(bench, columns: columns(rect))
    return across(sums, bin, rect).line(at: x, top: rect.x + Self.names + 1).map { $0 * bin }
  }

  /// Views, ruler, map, foot.
  private func parts(_ rect: Rect, _ foot: [String]) -> [Rect] {
    rect.rows(.fixed(1), .fixed(rect.height >= 8 ? 1 : 0), .share(1), .fixed(foot.count))
  }

  private func foot(_ rect: Rect) -> [String] { rect.height < 6 ? [] : footLines(rect) }

  /// The classes shown.
  private func rows(_ rect: Rect) -> ListWindow {
    ListWindow(
      cursor: bench.cursor(.map), count: MissingScreen.mapClasses(bench).count, rows: rect.height)
  }

  /// The columns shown.
  private func across(_ sums: LabelSums, _ bin: Int, _ rect: Rect) -> ListWindow {
    let total = (sums.clips + bin - 1) / bin
    return ListWindow(cursor: bench[.missing].position / bin, count: total, rows: columns(rect))
  }

  /// The cell under the cursor; where no other pane says it and there is room, the mask.
  private func footLines(_ rect: Rect) -> [String] {
    let cell = CellReport.line(bench, columns: columns(rect))
    guard bench.size.width < 100, rect.height >= 16, let mask = bench[.missing].shownMask,
      MissingScreen.missingView(bench) == .masked
    else { return [cell] }
    return [cell, bench[.missing].preview?.summary ?? mask.summary]
  }

  private func columns(_ rect: Rect) -> Int { max(1, rect.width - Self.names - Self.shares - 2) }

  private var nothing: [StyledText] {
    let text = bench.preparation?.sentence ?? "No data set is open.   1 Data, then enter"
    return [StyledText(text, .muted)]
  }

  /// The sums of the view; nil if the method or the data set does not provide it.
  private var sums: LabelSums? {
    switch MissingScreen.missingView(bench) {
    case .given: bench[.missing].given
    case .truth: bench[.missing].truth
    case .masked: bench[.missing].masked
    case .teacher: bench.run.hasTeacher && bench.run.step > 0 ? bench[.missing].given : nil
    }
  }

  private var needs: [StyledText] {
    let isComing = bench.run.started?.stages != nil
    let text =
      switch MissingScreen.missingView(bench) {
      case .masked where isComing:
        "Cells are masked when the teacher is trained (\(bench.run.stageText ?? "stage 1"))."
      case .masked: "This view needs a method that masks labels (label enhancing)."
      case .teacher where bench.run.hasTeacher: "The teacher answers after the first step."
      case .teacher: "This view needs a method with a teacher (label enhancing, mean teacher)."
      case .given, .truth: "The truth behind the missing labels is not known in this data set."
      }
    return [StyledText(text), StyledText("v shows the next view", .muted)]
  }

  private func drawViews(_ rect: Rect, on grid: inout Grid) {
    let tabs = MissingState.View.allCases.map { view -> StyledText in
      view == MissingScreen.missingView(bench)
        ? StyledText("[\(view.rawValue)]", .title)
        : StyledText(" \(view.rawValue) ", .muted)
    }
    grid.text(tabs, x: rect.x, y: rect.y, maxWidth: rect.width)
  }

  private func drawMap(
    _ dataset: OpenDataset, _ sums: LabelSums, ruler: Rect, in rect: Rect, on grid: inout Grid
  ) {
    let bin = MissingScreen.binSize(bench, columns: columns(rect))
    let here = bench[.missing].position / bin
    let across = across(sums, bin, rect)
    let order = MissingScreen.mapClasses(bench)
    let down = rows(rect)
    drawRuler(ruler, across.range, bin, sums.clips, on: &grid)
    let belief =
      MissingScreen.missingView(bench) == .teacher ? TeacherBelief(bench, across.range, bin) : nil
    for (row, line) in down.range.enumerated() {
      let (y, c) = (rect.y + row, order[line])
      let isHere = line == bench.cursor(.map)
      if isHere { grid.put(bench.glyphs.pointer, x: rect.x, y: y) }
      grid.text(
        dataset.classes[c], x: rect.x + 1, y: y, ink: .role(isHere ? .title : .text),
        maxWidth: Self.names - 1)
      for (column, i) in across.range.enumerated() {
        let paper: Ink = isHere && i == here ? .role(.selection) : .plain
        grid[rect.x + Self.names + 1 + column, y] =
          belief.map { shade($0.mean(column: column, of: c), paper) }
          ?? cell(sums.counts(of: c, in: i * bin..<(i + 1) * bin), paper)
      }
      let share = share(c, sums)
      grid.text(share.padded(to: 4, .right), x: rect.right - 5, y: y)
    }
  }

  /// The share on the right: of missing labels or, after the mask, of masked ones.
  private func share(_ c: Int, _ sums: LabelSums) -> String {
    let counts = sums.counts(of: c, in: 0..<sums.clips)
    guard MissingScreen.missingView(bench) == .masked else { return counts.missingShare.percent }
    return (Double(counts.other) / Double(max(1, counts.total))).percent
  }

  /// A probability as a shade.
  private func shade(_ probability: Float?, _ paper: Ink) -> Cell {
    guard let probability, probability.isFinite else {
      return Cell("?", ink: .role(.muted), paper: paper)
    }
    let level = UInt8((min(1, max(0, probability)) * 15).rounded())
    let glyph = level == 0 ? bench.glyphs.dot : bench.glyphs.shade(max(level, 2))
    let ink: Ink = bench.glyphs.paintsRamps ? .ramp(.sequential, max(4, level)) : .plain
    return Cell(glyph, ink: ink, paper: paper)
  }

  private func cell(_ counts: LabelCounts, _ paper: Ink) -> Cell {
    guard counts.observed + counts.other > 0 else {
      return Cell(bench.glyphs.label(.missing), ink: .role(.missing), paper: paper)
    }
    let mark = counts.prevailing
    guard bench.glyphs.paintsRamps, mark != .masked, mark != .human else {
      return Cell(bench.glyphs.label(mark), ink: .role(mark.role), paper: paper)
    }
    let level = 5 + Int((counts.observedShare * 10).rounded())
    return Cell(
      bench.glyphs.label(mark), ink: .ramp(.sequential, UInt8(min(15, max(5, level)))), paper: paper
    )
  }

  /// Clip numbers above the columns, the size of a column, and what stands at the right.
  private func drawRuler(
    _ rect: Rect, _ range: Range<Int>, _ bin: Int, _ clips: Int, on grid: inout Grid
  ) {
    guard !rect.isEmpty, !range.isEmpty else { return }
    let x = rect.x + Self.names + 1
    let last = "\(min(clips, range.upperBound * bin) - 1)"
    let first = "clip \(range.lowerBound * bin)"
    let count = MissingScreen.sampled(columns: range.count, bin: bin)
    let asked =
      MissingScreen.missingView(bench) == .teacher && count < bin ? ", \(count) asked" : ""
    let order = asked + (bench[.missing].byMissing ? ", most missing first" : "")
    grid.text(
      "\(first)   (\(bin) a column\(order))", x: x, y: rect.y, ink: .role(.muted),
      maxWidth: max(0, range.count - last.columns - 1))
    grid.text(
      last, x: max(x, x + range.count - last.columns), y: rect.y, ink: .role(.muted),
      maxWidth: rect.right - x)
    let head = MissingScreen.missingView(bench) == .masked ? "mask" : "miss"
    grid.text(head, x: rect.right - 5, y: rect.y, ink: .role(.muted))
  }
}

/// The teacher's mean probability of every class in each column of the map.
struct TeacherBelief {
  /// Per column and class; nil where no clip of the column was answered yet.
  private let means: [[Float]?]

  init(_ bench: Workbench, _ columns: Range<Int>, _ bin: Int) {
    let count = MissingScreen.sampled(columns: columns.count, bin: bin)
    means = columns.map { column in
      Self.mean(bench, MissingScreen.sample(bench, column: column, bin: bin, count))
    }
  }

  /// Column counted from the first one shown.
  func mean(column: Int, of c: Int) -> Float? {
    means[at: column]??[at: c]
  }

  /// Over the answered ones of these positions in the order of the map.
  static func mean(_ bench: Workbench, _ positions: [Int]) -> [Float]? {
    guard let dataset = bench.dataset else { return nil }
    let clips = bench[.missing].clips
    let answers = positions.compactMap { position in
      bench.run.prediction("teacher", dataset.clips[clips[position]].id)
    }
    guard let first = answers.first else { return nil }
    var sums = [Float](repeating: 0, count: first.probs.count)
    for answer in answers where answer.probs.count == sums.count {
      for c in sums.indices { sums[c] += answer.probs[c] }
    }
    return sums.map { $0 / Float(answers.count) }
  }
}
