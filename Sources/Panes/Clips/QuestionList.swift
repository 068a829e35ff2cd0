import Canvas
import Lab

/// Missing labels to answer, the most worth asking first: clip, class, the answer or the gain.
struct QuestionList: PaneView {
  let bench: Workbench
  let glyphs: GlyphSet

  var title: String {
    let scope = bench.clips.filter.scope.map { " · \($0.title)" } ?? ""
    return "to label\(scope)"
  }

  var note: String {
    let count = bench.annotation.given.count
    return count == 0 ? "y n -" : "\(count) answered"
  }

  func draw(in rect: Rect, on grid: inout Grid) {
    guard let dataset = bench.dataset else { return }
    let questions = bench.annotation.questions
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
    let count = bench.annotation.questions.count
    return ListWindow(cursor: bench.cursor(.clipList), count: count, rows: rect.height)
  }

  /// Answer, clip, class, what student and teacher say, gain.
  private func row(_ question: Question, _ dataset: OpenDataset) -> [StyledText] {
    let answer = bench.annotation.answer(question.cell)
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
