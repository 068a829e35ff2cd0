import Canvas
import Lab

/// The counts behind the cell under the cursor: as given, after the mask, in the teacher's view
/// and, where it is known, in truth.
struct CellReport: PaneView {
  let bench: Workbench

  var title: String { "selection" }
  var note: String {
    bench[.missing].shownMask == nil ? "" : "mask of \(bench.run.started?.method ?? "")"
  }

  func draw(in rect: Rect, on grid: inout Grid) {
    guard let facts = CellFacts(bench, bin: MissingScreen.binSize(bench)) else {
      return grid.notice("-", in: rect)
    }
    var lines = [
      StyledText("\(facts.name) × \(facts.span)", .title),
      StyledText("given: \(facts.given)"),
    ]
    if let masked = facts.masked { lines.append(StyledText("masked: \(masked)")) }
    if let teacher = facts.teacher { lines.append(StyledText("teacher: \(teacher)")) }
    if let truth = facts.truth { lines.append(StyledText("truth: \(truth)")) }
    if let mask = bench[.missing].shownMask {
      let said = bench[.missing].preview?.summary ?? mask.summary
      lines.append(StyledText("mask: \(said)", .muted))
    }
    lines.append(StyledText("enter shows these clips on 4 Clips", .muted))
    grid.lines(lines, in: rect)
  }

  /// The same on one line, for screens without this pane: what the view shown says of the cell.
  static func line(_ bench: Workbench, columns: Int) -> String {
    let bin = MissingScreen.binSize(bench, columns: columns)
    guard let facts = CellFacts(bench, bin: bin) else { return "" }
    let said: String? =
      switch MissingScreen.missingView(bench) {
      case .given: facts.given
      case .masked: facts.masked
      case .teacher: facts.teacher
      case .truth: facts.truth
      }
    return "\(facts.name) × \(facts.span): \(said ?? facts.given)   enter opens"
  }
}

/// The facts about the cell under the cursor, one sentence per view.
struct CellFacts {
  let name, span, given: String
  let masked, teacher, truth: String?

  init?(_ bench: Workbench, bin: Int) {
    let range = MissingScreen.cellRange(bench, bin: bin)
    guard let dataset = bench.dataset, let c = MissingScreen.shownClass(bench) else { return nil }
    guard let counts = bench[.missing].given?.counts(of: c, in: range) else { return nil }
    name = dataset.classes[c]
    span =
      range.count <= 1
      ? "clip \(range.lowerBound)" : "clips \(range.lowerBound)-\(range.upperBound - 1)"
    let byHand = counts.answered > 0 ? ", \(counts.answered) answered by hand" : ""
    given = "\(counts.positive) pos, \(counts.negative) neg, \(counts.missing) missing\(byHand)"
    truth = bench[.missing].truth.map { sums in
      let counts = sums.counts(of: c, in: range)
      return "\(counts.positive) pos, \(counts.negative) neg"
    }
    masked = bench[.missing].shownMask.map { mask in
      Self.sentence(mask, c, Self.numbers(bench, dataset, range), counts.missing, dataset)
        + byHand + Self.since(bench, dataset, c, range)
    }
    teacher = Self.belief(bench, c, Array(range))
  }

  private static func numbers(
    _ bench: Workbench, _ dataset: OpenDataset, _ range: Range<Int>
  ) -> [Int] {
    range.compactMap { dataset.trainingNumbers[bench[.missing].clips[$0]] }
  }

  /// "2 of 3 missing, teacher 0.61-0.93, lowest masked 0.58; 1 positive in truth".
  private static func sentence(
    _ mask: MaskFacts, _ c: Int, _ numbers: [Int], _ missing: Int, _ dataset: OpenDataset
  ) -> String {
    let cell = mask.cell(c, numbers, dataset)
    var text = "\(cell.masked) of \(missing) missing"
    if let scores = cell.scores {
      let low = Double(scores.lowerBound).fixed(2), high = Double(scores.upperBound).fixed(2)
      text += ", teacher \(low == high ? low : "\(low)-\(high)")"
    }
    if let lowest = mask.classes[c].threshold {
      text += ", lowest masked \(Double(lowest).fixed(2))"
    }
    guard cell.masked > 0, let positives = cell.truePositives else { return text }
    return text + "; \(positives) positive in truth"
  }

  /// "; masked since epoch 3", "; left the mask in epoch 8", of one clip's cell.
  private static func since(
    _ bench: Workbench, _ dataset: OpenDataset, _ c: Int, _ range: Range<Int>
  ) -> String {
    guard range.count == 1, let n = numbers(bench, dataset, range).first,
      let text = MaskMembership.story(of: n * dataset.classes.count + c, bench[.missing].history)
    else { return "" }
    return "; \(text)"
  }

  private static func belief(_ bench: Workbench, _ c: Int, _ positions: [Int]) -> String? {
    guard bench.run.hasTeacher, let dataset = bench.dataset else { return nil }
    let clips = bench[.missing].clips
    let answers = positions.compactMap { position in
      bench.run.prediction("teacher", dataset.clips[clips[position]].id)
    }.filter { c < $0.probs.count }
    guard !answers.isEmpty else { return "not asked about these clips yet" }
    let mean = answers.reduce(0) { $0 + Double($1.probs[c]) } / Double(answers.count)
    let over = positions.count > 1 ? " mean over \(answers.count) of \(positions.count)" : ""
    return mean.fixed(2) + over
  }
}

/// Per class: how many labels are missing, how the observed ones divide, and what of the missing
/// ones a method masks: how many, from which teacher's probability on, how many of them rightly.
struct ShareTable: PaneView {
  let bench: Workbench

  var title: String { "per class" }
  var note: String { "sort: \(bench[.missing].order.rawValue)" }

  func draw(in rect: Rect, on grid: inout Grid) {
    guard let dataset = bench.dataset else {
      return grid.notice("-", in: rect)
    }
    let mask = bench[.missing].shownMask
    let foot = mask.map { mask in
      StyledText(bench[.missing].preview?.summary ?? mask.summary, .muted)
        .folded(to: rect.width - 2)
    }
    let lines = rect.height > 10 ? foot ?? [] : []
    let parts = rect.rows(.share(1), .fixed(lines.count))
    let table = TableWidget(
      columns(rect.width),
      texts: MissingScreen.mapClasses(bench).map { row(dataset, $0, rect.width) },
      selection: bench.cursor(.shares))
    grid.draw(table, in: parts[0])
    grid.notice(lines, in: parts[1])
  }

  private func columns(_ width: Int) -> [TableWidget.Column] {
    let counts: [TableWidget.Column] = [
      .init("pos", .fixed(5), .right), .init("neg", .fixed(5), .right),
    ]
    guard bench[.missing].shownMask != nil else {
      return [.init("class", .flexible), .init("missing", .fixed(7), .right)] + counts
    }
    return [
      .init("class", .flexible), .init("miss", .fixed(4), .right),
      .init("mask", .fixed(4), .right), .init("from", .fixed(4), .right),
      .init("prec", .fixed(4), .right),
    ] + (width < 42 ? [] : counts)
  }

  private func row(_ dataset: OpenDataset, _ c: Int, _ width: Int) -> [String] {
    let counts = dataset.counts[c]
    let tail = ["\(counts.positive)", "\(counts.negative)"]
    let head = [dataset.classes[c], counts.missingShare.percent]
    guard let facts = bench[.missing].shownMask?.classes[c] else { return head + tail }
    return head + [
      "\(facts.masked)", facts.threshold.map { Double($0).fixed(2) } ?? "-",
      facts.precision?.fixed(2) ?? "-",
    ] + tail
  }
}
