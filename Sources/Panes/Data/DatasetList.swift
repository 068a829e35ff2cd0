import Canvas
import Lab
import Layers

/// The data sets there are, and the facts of the one that is open.
struct DatasetList: PaneView {
  let bench: Workbench

  var title: String { "Data sets\(bench.listMarks(.datasets))" }
  var note: String { "\(bench.catalog.datasets.count)" }

  func draw(in rect: Rect, on grid: inout Grid) {
    let facts = facts(rect.width)
    let parts = parts(rect, facts)
    grid.draw(table, in: parts[0])
    grid.notice(facts, in: parts[2])
  }

  func line(at y: Int, in rect: Rect) -> Int? {
    table.row(at: y, in: parts(rect, facts(rect.width))[0])
  }

  private func parts(_ rect: Rect, _ facts: [StyledText]) -> [Rect] {
    let listed = min(
      max(1, DataScreen.shownDatasets(bench).count), max(1, rect.height - facts.count - 1))
    return rect.rows(.fixed(listed), .fixed(1), .share(1))
  }

  private var table: TableWidget {
    let cards = DataScreen.shownDatasets(bench)
    return TableWidget(
      [.init("", .fixed(1)), .init("", .flexible)],
      rows: cards.map { card in
        let isOpen = card.id == bench.dataset?.snapshot.id
        return [
          StyledText(isOpen ? String(bench.glyphs.done) : "", .good), StyledText(card.title),
        ]
      }, selection: bench.cursor(.datasets), hasHeader: false, emptyText: "no match")
  }

  private func facts(_ width: Int) -> [StyledText] {
    if let card = pointed { return outside + preview(card) }
    if let preparation = bench.preparation { return preparing(preparation, width) }
    guard let dataset = bench.dataset else {
      return [
        StyledText("No data set is open.", .title),
        StyledText("enter opens the data set above.", .muted),
      ]
    }
    return facts(of: dataset)
  }

  /// Those of the open data set if it is none of the list: that of a run of another program.
  private var outside: [StyledText] {
    guard let dataset = bench.dataset,
      !bench.catalog.datasets.contains(where: { $0.id == dataset.snapshot.id })
    else { return [] }
    // Its features are its program's own.
    return facts(of: dataset).filter { !$0.text.hasPrefix("features ") } + [""]
  }

  private func facts(of dataset: OpenDataset) -> [StyledText] {
    let labels = dataset.training
    let problems = dataset.snapshot.problems
    return [
      StyledText(dataset.snapshot.title, .title),
      StyledText("\(dataset.classes.count) classes, \(dataset.clips.count) clips"),
    ] + dataset.splits.map { StyledText("\($0.name.padded(to: 10)) \($0.clips)") } + [
      StyledText("observed   \(labels.observedShare.percent) of training"),
      StyledText("sound      \(dataset.seconds.clock)", .muted),
      StyledText(
        "features   \(dataset.snapshot.featuresCached ? "cached" : "made when training starts")",
        .muted),
    ] + problemLines(problems)
  }

  /// The data set under the cursor, if it is neither open nor about to be.
  private var pointed: Card? {
    guard let card = DataScreen.shownDatasets(bench)[at: bench.cursor(.datasets)],
      card.id != bench.dataset?.snapshot.id, card.id != bench.opened.dataset
    else { return nil }
    return card
  }

  /// What it is, and which runs there are on it.
  private func preview(_ card: Card) -> [StyledText] {
    let uses = (bench.sessions ?? []).map { session in
      session.runs.count { $0.dataset == card.id }
    }.filter { $0 > 0 }
    let runs = uses.reduce(0, +).of("run")
    return [StyledText(card.title, .title), StyledText(card.summary)]
      + (uses.isEmpty ? [] : [StyledText("\(runs) in \(uses.count.of("session"))")])
      + (card.paper.isEmpty ? [] : [StyledText(card.paper, .muted)])
      + [StyledText("enter opens it.", .muted)]
  }

  private func preparing(_ preparation: Preparation, _ width: Int) -> [StyledText] {
    let share = Double(preparation.done) / Double(max(1, preparation.total))
    var lines = [StyledText(preparation.what, .title)]
    if preparation.total > 0 {
      lines.append(StyledText(bench.glyphs.bar(share, width: max(1, width - 2)), .good))
      lines.append(StyledText("\(preparation.done)/\(preparation.total) \(share.percent)"))
    }
    if let eta = preparation.eta { lines.append(StyledText("\(eta.clock) left")) }
    return lines
  }

  /// The number of files that could not be read, and the first reasons.
  private func problemLines(_ problems: [String]) -> [StyledText] {
    guard !problems.isEmpty else { return [] }
    let title = "! \(problems.count) skipped"
    return [StyledText(title, .warn)]
      + problems.prefix(20).map { StyledText($0, .warn) }
  }
}

/// The clips of the open data set; `Enter` shows one on 4 Clips.
struct SampleList: ListView {
  let pane = Pane.sample
  let bench: Workbench

  var title: String { "Clips\(bench.listMarks(.sample))" }
  var note: String { bench.dataset.map { "\($0.clips.count)" } ?? "" }

  func draw(in rect: Rect, on grid: inout Grid) {
    guard let dataset = bench.dataset else {
      let text = bench.preparation == nil ? "no data set is open" : "reading …"
      return grid.notice(text, in: rect)
    }
    let window = window(in: rect), shown = DataScreen.shownSample(bench)
    let parts = parts(rect)
    drawSound(in: parts[1], on: &grid)
    let rect = parts[0]
    let names = window.range.map { dataset.clips[shown[$0]].id.columns }.max() ?? 0
    let widest = min(18, max(14, rect.width - 18))
    let table = TableWidget(
      [
        .init("", .fixed(Self.hasSound(at: bench.size) ? min(widest, names) : widest)),
        .init("", .fixed(5), .right), .init("", .flexible),
      ],
      texts: window.range.map { i in
        let clip = dataset.clips[shown[i]]
        return [clip.id, clip.seconds.fixed(1) + "s", observed(clip, dataset.classes)]
      }, selection: window.selection, hasHeader: false, emptyText: "no clips")
    grid.draw(table, in: rect)
  }

  // MARK: the clip under the cursor

  func list(in rect: Rect) -> Rect { parts(rect)[0] }

  /// Whether the clip under the cursor is shown at a size of the screen.
  static func hasSound(at size: (width: Int, height: Int)) -> Bool {
    size.width >= 100 && size.height >= 36
  }

  private func parts(_ rect: Rect) -> [Rect] {
    let rows = Self.hasSound(at: bench.size) && rect.height >= 28 && loaded != nil ? 13 : 0
    return rect.rows(.share(1), .fixed(rows))
  }

  /// The sound of the clip under the cursor, once it is read.
  private var loaded: (clip: ClipRow, sound: ClipSound)? {
    guard let clip = DataScreen.sample(bench), let sound = bench[.clips].sound,
      sound.clip == clip.id, sound.bands > 0, sound.frames > 0
    else { return nil }
    return (clip, sound)
  }

  private func drawSound(in rect: Rect, on grid: inout Grid) {
    guard let (clip, sound) = loaded, rect.height > 4, let dataset = bench.dataset else { return }
    let rows = rect.rows(.fixed(1), .fixed(1), .share(1))
    let labels = zip(clip.labels, dataset.classes).filter { $0.0.isObserved }
    var pieces = [StyledText("\(clip.id) ", .title)]
    for (label, name) in labels {
      pieces.append(StyledText(name + (label.isPositive ? "+ " : "- "), label.mark.role))
    }
    grid.text(pieces, x: rect.x + 1, y: rows[1].y, maxWidth: rect.width - 2)
    let map = HeatMap(
      rows: sound.bands, columns: sound.frames, values: sound.values,
      range: SoundScale.range(of: sound.values), isBottomUp: true,
      columnLabels: [
        .init(0, "0 s"), .init(sound.frames - 1, "\(sound.seconds.fixed(1)) s"),
      ], isPicture: true)
    var place = rows[2]
    (place.x, place.width) = (place.x + 1, place.width - 2)
    grid.draw(map, in: place)
  }

  /// Names of the positive classes, then how many labels are missing.
  private func observed(_ clip: ClipRow, _ classes: [String]) -> String {
    let names = zip(clip.labels, classes).filter { $0.0.isPositive }.map(\.1)
    let missing = clip.labels.count { $0 == .missing }
    let hole = missing > 0 ? "\(bench.glyphs.label(.missing))\(missing)" : ""
    return (names + [hole]).filter { !$0.isEmpty }.joined(separator: " ")
  }
}
