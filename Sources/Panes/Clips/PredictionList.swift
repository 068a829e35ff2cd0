import Canvas
import Lab

/// One line a class: the state of the label, then how sure student and teacher are.
struct PredictionList: PaneView {
  let bench: Workbench
  let glyphs: GlyphSet

  /// With the step after which the model was asked.
  var title: String {
    let step = ClipScreen.clip(bench).flatMap { clip in
      ["student", "teacher"].lazy.compactMap { bench.run.disagreements.step($0, clip.id) }.first
    }
    return step.map { "predictions @\($0)" } ?? "predictions"
  }
  var note: String {
    let teacher = hasTeacher ? "  \(glyphs.pick("◆", "|")) teacher" : ""
    if showsTeacherOnly { return "y label  \(glyphs.pick("█", "#")) teacher alone" }
    return "y label  \(glyphs.pick("█", "#")) student\(teacher)"
  }

  func draw(in rect: Rect, on grid: inout Grid) {
    guard let dataset = bench.dataset, let clip = ClipScreen.clip(bench) else {
      grid.draw(Notice([StyledText("no clip", ink: .role(.muted))], glyphs: glyphs), in: rect)
      return
    }
    let parts = parts(rect)
    let window = window(parts[0])
    for (row, c) in window.range.enumerated() {
      let line = Rect(x: rect.x, y: rect.y + row, width: rect.width, height: 1)
      draw(c, dataset.classes, clip, in: line, on: &grid)
      let isPointedAt = bench.focused == .predictions || bench[.annotation].isOn
      if c == bench.cursor(.predictions), isPointedAt {
        grid.put(glyphs.pointer, x: line.x, y: line.y)
        grid.restyle(line, paper: .role(.selection))
      }
    }
    grid.text(
      legend, x: rect.x + 1, y: parts[1].y, ink: .role(.muted), maxWidth: rect.width - 2,
      ellipsis: glyphs.ellipsis)
  }

  func line(at y: Int, in rect: Rect) -> Int? { window(parts(rect)[0]).line(at: y, top: rect.y) }

  private func parts(_ rect: Rect) -> [Rect] {
    rect.rows(.share(1), .fixed(rect.height > 3 ? 1 : 0))
  }

  private func window(_ rect: Rect) -> ListWindow {
    let count = bench.dataset?.classes.count ?? 0
    return ListWindow(cursor: bench.cursor(.predictions), count: count, rows: rect.height)
  }

  /// Name and label, then what the models say.
  private func draw(
    _ c: Int, _ classes: [String], _ clip: ClipRow, in line: Rect, on grid: inout Grid
  ) {
    let names = min(14, classes.map(\.columns).max() ?? 0)
    grid.text(
      classes[c], x: line.x + 1, y: line.y, maxWidth: names, ellipsis: glyphs.ellipsis)
    let state = c < clip.labels.count ? clip.labels[c] : .missing
    grid.text([label(state, clip, c)], x: line.x + names + 2, y: line.y)
    let start = line.x + names + 7
    let room = Rect(x: start, y: line.y, width: max(0, line.right - start), height: 1)
    drawBeliefs(c, isWide: line.width >= 60, in: room, on: &grid)
  }

  /// A bar and its numbers; both models where both are shown.
  private func drawBeliefs(_ c: Int, isWide: Bool, in room: Rect, on grid: inout Grid) {
    let numbers = showsPair ? (isWide ? 19 : 13) : 5
    let student = probability(c, "student"), teacher = probability(c, "teacher")
    guard let main = showsTeacherOnly ? teacher : student else {
      grid.text(
        waiting, x: room.x, y: room.y, ink: .role(.muted), maxWidth: room.width,
        ellipsis: glyphs.ellipsis)
      return
    }
    let bar = Rect(x: room.x, y: room.y, width: max(0, room.width - numbers - 1), height: 1)
    drawBar(main, showsPair ? teacher : nil, in: bar, on: &grid)
    guard showsPair else {
      grid.text(main.fixed(2), x: bar.right + 1, y: bar.y)
      return
    }
    let values = [student, teacher].compactMap { $0?.fixed(2) }.joined(separator: " ")
    let difference =
      teacher.map { " " + mark($0 - main) + (isWide ? ($0 - main).signed : "") } ?? ""
    grid.text(values + difference, x: bar.right + 1, y: bar.y)
  }

  /// An arrow where the teacher is higher or lower by a tenth or more.
  private func mark(_ difference: Double) -> String {
    guard abs(difference) >= 0.0995 else { return " " }
    return String(difference > 0 ? glyphs.up : glyphs.down)
  }

  /// The student as a bar, the teacher as a mark on it, one half as a dotted line.
  private func drawBar(
    _ student: Double, _ teacher: Double?, in bar: Rect, on grid: inout Grid
  ) {
    guard bar.width > 2 else { return }
    let ink: Ink = .role(showsTeacherOnly ? .teacher : .student)
    grid.text(glyphs.bar(student, width: bar.width), x: bar.x, y: bar.y, ink: ink)
    if student < 0.5 {
      grid.put(glyphs.pick("┊", ":"), x: bar.x + bar.width / 2, y: bar.y, ink: .role(.muted))
    }
    guard let teacher, teacher.isFinite else { return }
    let at = min(bar.width - 1, max(0, Int(teacher * Double(bar.width))))
    grid.put(glyphs.pick("◆", "|"), x: bar.x + at, y: bar.y, ink: .role(.teacher))
  }

  /// `1` given, `0` negative, `?` missing, with the hidden truth in brackets where it is known;
  /// not while somebody is asked for it.
  private func label(_ state: LabelState, _ clip: ClipRow, _ c: Int) -> StyledText {
    let truth =
      state == .missing && !bench[.annotation].isOn
      ? clip.truth.flatMap { c < $0.count ? ($0[c] ? "(1)" : "(0)") : nil } ?? "" : ""
    let letter =
      switch state {
      case .positive: "1"
      case .negative: "0"
      case .missing: "?"
      case .masked, .teacher: String(state.letter)
      case .answeredYes: "\(glyphs.label(.human))1"
      case .answeredNo: "\(glyphs.label(.human))0"
      }
    return StyledText(letter + truth, ink: .role(state.mark.role))
  }

  private func probability(_ c: Int, _ model: String) -> Double? {
    guard let clip = ClipScreen.clip(bench),
      let found = bench.run.predictions["\(model)/\(clip.id)"],
      c < found.probs.count
    else { return nil }
    return Double(found.probs[c])
  }

  private var hasTeacher: Bool { bench.run.hasTeacher }
  private var showsTeacherOnly: Bool { hasTeacher && bench[.clips].teacherOnly }
  private var showsPair: Bool { hasTeacher && !showsTeacherOnly }

  private var waiting: String {
    if bench.replay != nil { return "not in the log" }
    let isHopeless = bench.run.started == nil && !ClipScreen.hasModel(bench)
    return isHopeless ? "no model yet: R trains one" : "waiting for the model"
  }

  private var legend: String {
    let knowsTruth = bench.dataset?.hasTruth == true && !bench[.annotation].isOn
    let truth = knowsTruth ? " (truth)" : ""
    let marks = showsPair ? " \(glyphs.up)\(glyphs.down) teacher higher, lower" : ""
    return "y: 1 given, 0 negative, ? missing\(truth)\(marks)"
  }
}
