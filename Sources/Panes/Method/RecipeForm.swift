import Canvas
import Lab

/// The recipe as a form: made from its fields, one line each; help and range of the one under
/// the cursor below.
struct RecipeForm: PaneView {
  let bench: Workbench
  let glyphs: GlyphSet

  var title: String { "Settings · \(bench.recipe.method)" }
  var note: String {
    let changed = bench.fields.count(where: \.isChanged)
    return changed == 0 ? "all default" : "\(changed) changed"
  }

  func draw(in rect: Rect, on grid: inout Grid) {
    let foot = footLines(rect.width - 2)
    let parts = parts(rect, foot)
    guard !bench.fields.isEmpty else {
      let text = StyledText("no settings: choose a method and a model", ink: .role(.muted))
      grid.draw(Notice([text], glyphs: glyphs), in: rect)
      return
    }
    let window = window(parts[0])
    let table = Table(
      [
        .init("", .fixed(max(8, rect.width * 2 / 5))), .init("", .fixed(1)),
        .init("", .fixed(max(6, rect.width / 4))), .init("", .flexible),
      ],
      rows: window.range.map { row(bench.fields[$0], isHere: $0 == bench.cursor(.form)) },
      selection: window.selection, hasHeader: false, glyphs: glyphs)
    grid.draw(table, in: parts[0])
    for (row, line) in foot.prefix(parts[1].height).enumerated() {
      grid.text(
        [line], x: rect.x + 1, y: parts[1].y + row, maxWidth: rect.width - 2,
        ellipsis: glyphs.ellipsis)
    }
  }

  func line(at y: Int, in rect: Rect) -> Int? {
    let list = parts(rect, footLines(rect.width - 2))[0]
    return window(list).line(at: y, top: list.y)
  }

  private func parts(_ rect: Rect, _ foot: [StyledText]) -> [Rect] {
    rect.rows(.share(1), .fixed(min(foot.count, max(0, rect.height - 3))))
  }

  private func window(_ rect: Rect) -> ListWindow {
    ListWindow(cursor: bench.cursor(.form), count: bench.fields.count, rows: rect.height)
  }

  private func row(_ field: RecipeField, isHere: Bool) -> [StyledText] {
    let edit = isHere ? bench[.method].edit : nil
    let value = edit.map { $0 + "_" } ?? field.value
    return [
      StyledText(field.title),
      StyledText(field.isChanged ? "*" : "", ink: .role(.warn)),
      StyledText(value, ink: edit == nil ? .plain : .role(.title)),
      StyledText(field.range, ink: .role(.muted)),
    ]
  }

  /// Help, range and default of the field, or why the text was refused; then what `R` does.
  private func footLines(_ width: Int) -> [StyledText] {
    let rule = String(repeating: glyphs.rule, count: max(0, width))
    var lines = [StyledText(rule, ink: .role(.border))]
    if let field = MethodScreen.field(bench) {
      lines += StyledText("\(field.key): \(field.help)").folded(to: width)
      if let problem = bench[.method].problem {
        lines += StyledText("! \(problem)", ink: .role(.fault)).folded(to: width)
      } else {
        let changed = field.isChanged ? "* changed, u gives it back" : ""
        let initial = field.initial + (field.origin.map { " (\($0))" } ?? "")
        lines.append(
          StyledText(
            "range \(field.range)   default \(initial)   \(changed)", ink: .role(.muted)))
      }
    }
    if let (text, isProblem) = MethodScreen.parameterLine(bench) {
      lines += StyledText(text, ink: .role(isProblem ? .fault : .muted)).folded(to: width).prefix(2)
    }
    lines.append(StyledText(bench.runPromise, ink: .role(.good)))
    return lines
  }
}
