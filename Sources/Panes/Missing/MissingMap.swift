import Canvas
import Lab

/// Classes by clips: a column stands for some clips. The upper half of a cell is the share of
/// observed positives, the lower half that of observed negatives, so that a cell without labels is
/// empty; where there are too few colours, a glyph says what prevails.
struct MissingMap: PaneView {
  let bench: Workbench

  /// Columns of clips at a screen width: the rest beside the other panes and the labels.
  static func columns(in width: Int) -> Int {
    max(8, width - names - shares(in: width) - 4)
  }

  private static let names = 13
  /// The columns at the right: the share of missing labels and, where there is room, the counts.
  static func shares(in width: Int) -> Int { width < 100 ? 6 : 18 }
  private var shares: Int { Self.shares(in: bench.size.width) }

  var title: String {
    let tried = bench[.missing].preview.map { "  try share \($0.share.fixed(2))" } ?? ""
    return "missing labels\(tried)"
  }

  var tabs: Caption.Tabs? {
    let all = MissingState.View.allCases
    return Caption.Tabs(
      all.map(\.rawValue), chosen: all.firstIndex(of: MissingScreen.missingView(bench)) ?? 0)
  }

  var note: String {
    if MissingScreen.missingView(bench) == .teacher, bench.run.hasTeacher {
      let (asked, awaited) = (bench[.clips].asked.count, bench[.clips].awaited.count)
      let progress = awaited > 0 ? " \(asked - awaited)/\(asked)" : ""
      let shades = [15, 31, 47, 63].map { String(bench.glyphs.shade($0)) }.joined()
      return "0 \(shades) 1  ? to come\(progress)"
    }
    return bench.glyphs.hasPapers ? key(ramps: true) : ""
  }

  /// What the glyphs mean; `ramps`: those that the ramps of the legend do not say.
  private func key(ramps: Bool) -> String {
    var marks: [(LabelMark, String)] =
      ramps ? [] : [(.missing, "missing"), (.negative, "neg"), (.positive, "pos")]
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
    guard let sums else {
      return grid.notice(needs, in: parts[2])
    }
    drawMap(dataset, sums, ruler: parts[1], in: parts[2], on: &grid)
    for (row, line) in foot.enumerated() {
      grid.text(
        line, x: rect.x + 1, y: parts[3].y + row, ink: .role(row == 0 ? .title : .muted),
        maxWidth: rect.width - 2)
    }
    if MissingScreen.missingView(bench) != .teacher { drawLegend(parts[0], on: &grid) }
  }

  /// Both ramps, from nothing to a half observed; where the theme has colours for them.
  private func drawLegend(_ rect: Rect, on grid: inout Grid) {
    guard grid.glyphs.hasPapers, !rect.isEmpty else {
      let key = key(ramps: false)
      grid.text(key, x: rect.x + 1, y: rect.y, ink: .role(.muted), maxWidth: rect.width - 2)
      return
    }
    var x = rect.x + 1
    for (name, role, ramp) in [
      ("positive", Role.positive, ColorRamp.positive), ("negative", .negative, .negative),
    ] {
      x += grid.text([StyledText("\(name) 0 ", role)], x: x, y: rect.y)
      for step in 0..<8 {
        grid.put("▆", x: x + step, y: rect.y, ink: .ramp(ramp, ColorRamp.level(Double(step) / 7)))
      }
      x += 8 + grid.text([StyledText(" 50 %   ", .muted)], x: x + 8, y: rect.y)
    }
    grid.text([StyledText("observed", .muted)], x: x - 2, y: rect.y)
  }

  func line(at y: Int, in rect: Rect) -> Int? {
    let map = parts(rect, foot(rect))[2]
    guard y >= map.y else { return nil }
    return rows(map).line(at: map.y + (y - map.y) / height(of: map), top: map.y)
  }

  /// The rows of a class: two where all have room, one for each sign.
  private func height(of map: Rect) -> Int {
    let classes = MissingScreen.mapClasses(bench).count
    return classes > 0 && map.height >= 2 * classes ? 2 : 1
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
      cursor: bench.cursor(.map), count: MissingScreen.mapClasses(bench).count,
      rows: rect.height / height(of: rect))
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

  private func columns(_ rect: Rect) -> Int { max(1, rect.width - Self.names - shares - 2) }

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

  private func drawMap(
    _ dataset: OpenDataset, _ sums: LabelSums, ruler: Rect, in rect: Rect, on grid: inout Grid
  ) {
    let bin = MissingScreen.binSize(bench, columns: columns(rect))
    let across = across(sums, bin, rect)
    let order = MissingScreen.mapClasses(bench)
    drawRuler(ruler, across.range, bin, sums.clips, on: &grid)
    let belief =
      MissingScreen.missingView(bench) == .teacher ? TeacherBelief(bench, across.range, bin) : nil
    let height = height(of: rect)
    drawLabelsOfClips(sums, across.range, bin, below: rows(rect).range.count * height, rect, &grid)
    for (row, line) in rows(rect).range.enumerated() {
      let c = order[line]
      let place = Rect(x: rect.x, y: rect.y + row * height, width: rect.width, height: height)
      let isHere = line == bench.cursor(.map)
      drawCaptions(dataset.classes[c], isHere, c, sums, in: place, on: &grid)
      let cells = MapCells(glyphs: grid.glyphs, rows: height)
      for (column, i) in across.range.enumerated() {
        let x = rect.x + Self.names + 1 + column
        guard let belief else {
          cells.draw(
            sums.counts(of: c, in: i * bin..<(i + 1) * bin), x: x, y: place.y, on: &grid)
          continue
        }
        cells.draw(belief: belief.mean(column: column, of: c), x: x, y: place.y, on: &grid)
      }
      guard isHere else { continue }
      let here = across.selection.map { rect.x + Self.names + 1 + $0 }
      mark(place, column: here, on: &grid)
    }
  }

  /// Below the classes, where there are rows left: known labels a clip in each column.
  private func drawLabelsOfClips(
    _ sums: LabelSums, _ columns: Range<Int>, _ bin: Int, below rows: Int, _ rect: Rect,
    _ grid: inout Grid
  ) {
    guard rect.height >= rows + 2, !columns.isEmpty else { return }
    let means = columns.map { column in
      let range = column * bin..<(column + 1) * bin
      let known = (0..<sums.classes).reduce(0) { $0 + sums.counts(of: $1, in: range).observed }
      return Double(known) / Double(max(1, range.clamped(to: 0..<sums.clips).count))
    }
    guard let most = means.max(), most > 0 else { return }
    let y = rect.y + rows + 1
    grid.text("labels/clip", x: rect.x + 1, y: y, ink: .role(.muted), maxWidth: Self.names)
    grid.sparkline(
      means, range: 0...most, ink: .role(.series0),
      in: Rect(x: rect.x + Self.names + 1, y: y, width: columns.count, height: 1))
    let text = "max \(most.fixed(1))"
    grid.text(text, x: rect.right - 1 - text.columns, y: y, ink: .role(.muted))
  }

  /// The row under the cursor and, in it, the column.
  private func mark(_ place: Rect, column: Int?, on grid: inout Grid) {
    if grid.glyphs.hasPapers {
      grid.lay(.role(.selection), under: place)
      guard let column else { return }
      for y in place.y..<place.bottom {
        grid.put("▐", x: column - 1, y: y, ink: .role(.title), paper: .role(.selection))
        grid.put("▌", x: column + 1, y: y, ink: .role(.title), paper: .role(.selection))
      }
    } else {
      grid.put(grid.glyphs.pointer, x: place.x, y: place.y)
      guard let column else { return }
      grid.restyle(
        Rect(x: column, y: place.y, width: 1, height: place.height), paper: .role(.selection))
    }
  }

  /// The name of a class; in the columns at the right its positive, negative and missing labels.
  private func drawCaptions(
    _ name: String, _ isHere: Bool, _ c: Int, _ sums: LabelSums, in place: Rect,
    on grid: inout Grid
  ) {
    grid.text(
      name, x: place.x + 1, y: place.y, ink: .role(isHere ? .title : .text),
      maxWidth: Self.names - 1)
    grid.text(share(c, sums).padded(to: 4, .right), x: place.right - 5, y: place.y)
    guard shares > 6 else { return }
    let counts = sums.counts(of: c, in: 0..<sums.clips)
    grid.text(
      [
        StyledText("\(counts.positive)".padded(to: 5, .right), .positive), " ",
        StyledText("\(counts.negative)".padded(to: 5, .right), .negative),
      ], x: place.right - 17, y: place.y)
  }

  /// The share on the right: of missing labels or, after the mask, of masked ones.
  private func share(_ c: Int, _ sums: LabelSums) -> String {
    let counts = sums.counts(of: c, in: 0..<sums.clips)
    guard MissingScreen.missingView(bench) == .masked else { return counts.missingShare.percent }
    return (Double(counts.other) / Double(max(1, counts.total))).percent
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
    let sorting = bench[.missing].clipOrder
    let order = asked + (sorting == .dataset ? "" : ", \(sorting.rawValue)")
    grid.text(
      "\(first)   (\(bin) a column\(order))", x: x, y: rect.y, ink: .role(.muted),
      maxWidth: max(0, range.count - last.columns - 1))
    grid.text(
      last, x: max(x, x + range.count - last.columns), y: rect.y, ink: .role(.muted),
      maxWidth: rect.right - x)
    let head = MissingScreen.missingView(bench) == .masked ? "mask" : "miss"
    grid.text(head, x: rect.right - 5, y: rect.y, ink: .role(.muted))
    guard shares > 6 else { return }
    grid.text(
      [StyledText("  pos", .positive), StyledText("   neg", .negative)], x: rect.right - 17,
      y: rect.y)
  }
}
