import Canvas
import Lab

/// The clips that pass the filter, with the state of the labels of the class under the cursor.
struct ClipList: PaneView {
  let bench: Workbench
  let glyphs: GlyphSet

  var title: String {
    let filter = bench[.clips].filter
    let parts = [
      filter.scope?.title, filter.split, filter.words.isEmpty ? nil : "/\(filter.words)",
    ]
    let said = parts.compactMap { $0 }
    return (["Clips"] + said).joined(separator: " · ")
  }

  var note: String {
    guard let dataset = bench.dataset else { return "" }
    if bench[.clips].byDisagreement { return "D |T-S| \(glyphs.down)" }
    let shown = bench[.clips].visible.count
    return shown == dataset.clips.count ? "\(shown)" : "\(shown)/\(dataset.clips.count)"
  }

  func draw(in rect: Rect, on grid: inout Grid) {
    guard let dataset = bench.dataset else {
      grid.draw(Notice(nothing, glyphs: glyphs), in: rect)
      return
    }
    let visible = bench[.clips].visible
    let window = window(rect)
    let widths: [Table.Column] =
      bench[.clips].byDisagreement
      ? [
        .init("", .fixed(max(6, rect.width / 2 - 4))), .init("", .fixed(5)), .init("", .fixed(1)),
        .init("", .flexible),
      ]
      : [.init("", .fixed(max(6, rect.width / 2 - 3))), .init("", .fixed(5)), .init("", .flexible)]
    let table = Table(
      widths,
      rows: window.range.filter { visible[$0] < dataset.clips.count }.map {
        row(dataset.clips[visible[$0]], dataset.classes)
      }, selection: window.selection, hasHeader: false,
      emptyText: "no clip passes; esc clears the filter", glyphs: glyphs)
    grid.draw(table, in: rect)
  }

  func line(at y: Int, in rect: Rect) -> Int? { window(rect).line(at: y, top: rect.y) }

  private func window(_ rect: Rect) -> ListWindow {
    ListWindow(
      cursor: bench.cursor(.clipList), count: bench[.clips].visible.count, rows: rect.height)
  }

  private var nothing: [StyledText] {
    if let preparation = bench.preparation {
      return [StyledText(preparation.sentence, ink: .role(.muted))]
    }
    return [
      StyledText("No data set is open.", ink: .role(.title)),
      StyledText("1 Data, then enter. Own folders work too.", ink: .role(.muted)),
    ]
  }

  private func row(_ clip: ClipRow, _ classes: [String]) -> [StyledText] {
    if bench[.clips].byDisagreement { return differing(clip, classes) }
    let names = zip(clip.labels, classes).filter { $0.0.isPositive }.map { label, name in
      label.isAnswered ? "\(name)\(glyphs.label(.human))" : name
    }
    return [
      name(clip),
      StyledText(clip.split == "validation" ? "val" : clip.split, ink: .role(.muted)),
      StyledText(names.isEmpty ? String(glyphs.label(.missing)) : names.joined(separator: " ")),
    ]
  }

  /// A `w` before a watched clip.
  private func name(_ clip: ClipRow) -> StyledText {
    bench[.clips].watched.contains(clip.id)
      ? StyledText("w \(clip.id)", ink: .role(.warn)) : StyledText(clip.id)
  }

  /// The largest difference, the label there, and the class it is in.
  private func differing(_ clip: ClipRow, _ classes: [String]) -> [StyledText] {
    guard let found = Predictions.disagreement(bench, clip.id), found.class < classes.count else {
      return [name(clip), StyledText("-", ink: .role(.muted))]
    }
    let label = found.class < clip.labels.count ? clip.labels[found.class] : .missing
    let answer = StyledText(label.answer, ink: label.isAnswered ? .role(.human) : .plain)
    return [
      name(clip), StyledText(Double(found.difference).signed), answer,
      StyledText(classes[found.class]),
    ]
  }
}

/// Missing labels to answer, the most worth asking first: clip, class, the answer or the gain.
struct QuestionList: PaneView {
  let bench: Workbench
  let glyphs: GlyphSet

  var title: String {
    let scope = bench[.clips].filter.scope.map { " · \($0.title)" } ?? ""
    return "to label\(scope)"
  }

  var note: String {
    let count = bench[.annotation].given.count
    return count == 0 ? "y n -" : "\(count) answered"
  }

  func draw(in rect: Rect, on grid: inout Grid) {
    guard let dataset = bench.dataset else { return }
    let questions = bench[.annotation].questions
    let window = window(rect)
    // Student and teacher, and behind them the gain, where there is room.
    let numbers = rect.width < 36 ? 0 : rect.width < 50 ? 2 : 3
    let columns: [Table.Column] =
      [
        .init("", .fixed(2)), .init("", .fixed(rect.width < 36 ? 10 : rect.width < 50 ? 12 : 20)),
        .init("", .flexible),
      ] + (0..<numbers).map { _ in .init("", .fixed(4), .right) }
    let table = Table(
      columns, rows: window.range.map { Array(row(questions[$0], dataset).prefix(3 + numbers)) },
      selection: window.selection, hasHeader: false, emptyText: "no label is missing here",
      glyphs: glyphs)
    grid.draw(table, in: rect)
  }

  func line(at y: Int, in rect: Rect) -> Int? { window(rect).line(at: y, top: rect.y) }

  private func window(_ rect: Rect) -> ListWindow {
    let count = bench[.annotation].questions.count
    return ListWindow(cursor: bench.cursor(.clipList), count: count, rows: rect.height)
  }

  /// Answer, clip, class, what student and teacher say, gain.
  private func row(_ question: Question, _ dataset: OpenDataset) -> [StyledText] {
    let answer = bench[.annotation].answer(question.cell)
    let mark = answer.map { "\(glyphs.label(.human))\($0.rawValue)" } ?? "?"
    return [
      StyledText(mark, ink: .role(answer == nil ? .missing : .human)),
      StyledText(dataset.clips[question.cell.clip].id),
      StyledText(dataset.classes[question.cell.classIndex]),
      StyledText(text(question.student), ink: .role(.student)),
      StyledText(text(question.teacher), ink: .role(.teacher)),
      StyledText(Double(question.gain).fixed(2), ink: .role(.muted)),
    ]
  }

  private func text(_ value: Float?) -> String { value.map { Double($0).fixed(2) } ?? "-" }
}
