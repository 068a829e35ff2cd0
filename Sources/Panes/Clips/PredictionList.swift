import Canvas
import Lab

/// One line a class: the state of the label, then how sure student and teacher are.
struct PredictionList: ListView {
  let pane = Pane.predictions
  let bench: Workbench

  /// With the step after which the model was asked.
  var title: String {
    if let held = bench.answering { return "predictions \(held.source)" }
    let step = ClipScreen.clip(bench).flatMap { clip in
      ["student", "teacher"].lazy.compactMap { bench.run.disagreements.step($0, clip.id) }.first
    }
    return step.map { "predictions @\($0)" } ?? "predictions"
  }
  var note: String {
    let teacher = hasTeacher ? "  \(bench.glyphs.pick("┃", "|")) teacher" : ""
    if showsTeacherOnly { return "y label  \(bench.glyphs.pick("■", "#")) teacher alone" }
    return "y label  \(bench.glyphs.pick("■", "#")) student\(teacher)"
  }

  func draw(in rect: Rect, on grid: inout Grid) {
    guard let dataset = bench.dataset, let clip = ClipScreen.clip(bench) else {
      return grid.notice("no clip", in: rect)
    }
    let columns = columns(in: rect)
    for c in shown(in: rect) {
      let line = place(of: c, columns, in: rect)
      draw(c, dataset.classes, clip, in: line, on: &grid)
      let isPointedAt = bench.focused == .predictions || bench[.annotation].isOn
      if c == bench.cursor(.predictions), isPointedAt {
        grid.select(line)
      }
    }
    guard rect.height > 3 else { return }
    grid.text(
      legend, x: rect.x + 1, y: rect.bottom - 1, ink: .role(.muted), maxWidth: rect.width - 2)
  }

  /// Two columns where all classes fit into them and not into one.
  private func columns(in rect: Rect) -> Int {
    let classes = bench.dataset?.classes.count ?? 0, rows = list(in: rect).height
    return rect.width >= 76 && classes > rows && classes <= 2 * rows ? 2 : 1
  }

  private func shown(in rect: Rect) -> Range<Int> {
    columns(in: rect) == 1 ? window(in: rect).range : 0..<(bench.dataset?.classes.count ?? 0)
  }

  private func place(of c: Int, _ columns: Int, in rect: Rect) -> Rect {
    guard columns > 1 else {
      let row = c - window(in: rect).range.lowerBound
      return Rect(x: rect.x, y: rect.y + row, width: rect.width, height: 1)
    }
    let rows = ((bench.dataset?.classes.count ?? 0) + 1) / 2
    let parts = rect.columns(.share(1), .share(1))
    return Rect(
      x: parts[c / rows].x, y: rect.y + c % rows, width: parts[c / rows].width, height: 1)
  }

  func line(at x: Int, _ y: Int, in rect: Rect) -> Int? {
    let columns = columns(in: rect)
    return shown(in: rect).first { place(of: $0, columns, in: rect).contains(x: x, y: y) }
  }

  func list(in rect: Rect) -> Rect { rect.rows(.share(1), .fixed(rect.height > 3 ? 1 : 0))[0] }

  /// Name and label, then what the models say.
  private func draw(
    _ c: Int, _ classes: [String], _ clip: ClipRow, in line: Rect, on grid: inout Grid
  ) {
    let names = min(14, classes.map(\.columns).max() ?? 0)
    grid.text(classes[c], x: line.x + 1, y: line.y, maxWidth: names)
    let state = clip.label(of: c)
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
      grid.text(waiting, x: room.x, y: room.y, ink: .role(.muted), maxWidth: room.width)
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
    return String(difference > 0 ? bench.glyphs.up : bench.glyphs.down)
  }

  /// The student as a bar, the teacher as a mark on it, one half as a dotted line.
  private func drawBar(
    _ student: Double, _ teacher: Double?, in bar: Rect, on grid: inout Grid
  ) {
    guard bar.width > 2 else { return }
    let ink: Ink = .role(showsTeacherOnly ? .teacher : .student)
    grid.bar(student, in: bar, paint: .ink(ink))
    if student < 0.5 { grid.barMark(0.5, in: bar, glyph: "┊", ink: .role(.muted)) }
    if let teacher { grid.barMark(teacher, in: bar, ink: .role(.teacher)) }
  }

  /// `1` given, `0` negative, `?` missing, with the hidden truth in brackets where it is known;
  /// not while somebody is asked for it.
  private func label(_ state: LabelState, _ clip: ClipRow, _ c: Int) -> StyledText {
    let truth =
      state == .missing && !bench[.annotation].isOn
      ? clip.truth(of: c).map { $0 ? "(1)" : "(0)" } ?? "" : ""
    let letter =
      switch state {
      case .positive: "1"
      case .negative: "0"
      case .missing: "?"
      case .masked, .teacher: String(state.letter)
      case .answeredYes: "\(bench.glyphs.label(.human))1"
      case .answeredNo: "\(bench.glyphs.label(.human))0"
      }
    return StyledText(letter + truth, state.mark.role)
  }

  private func probability(_ c: Int, _ model: String) -> Double? {
    let clip = ClipScreen.clip(bench)
    return clip.flatMap { bench.prediction(model, $0.id)?.probs[at: c] }.map { Double($0) }
  }

  private var hasTeacher: Bool { bench.hasTeacher }
  private var showsTeacherOnly: Bool { hasTeacher && bench[.clips].teacherOnly }
  private var showsPair: Bool { hasTeacher && !showsTeacherOnly }

  private var waiting: String {
    if bench.answering != nil { return "asking the checkpoint" }
    if bench.shownHeld != nil { return "asked at the end of the log" }
    if bench.replay != nil { return "not in the log" }
    let isHopeless = bench.run.started == nil && !ClipScreen.hasModel(bench)
    return isHopeless ? "no model yet: R trains one" : "waiting for the model"
  }

  private var legend: String {
    let knowsTruth = bench.dataset?.hasTruth == true && !bench[.annotation].isOn
    let truth = knowsTruth ? " (truth)" : ""
    let marks = showsPair ? " \(bench.glyphs.up)\(bench.glyphs.down) teacher higher, lower" : ""
    return "y: 1 given, 0 negative, ? missing\(truth)\(marks)"
  }
}

/// How far teacher and student lay apart on the clip, epoch by epoch, and what was masked of it.
struct ClipHistory: PaneView {
  let bench: Workbench

  var title: String { "T-S by epoch" }
  var note: String {
    guard let clip = ClipScreen.clip(bench), let newest = found(clip).last else { return "" }
    return "now \(Double(newest.difference).signed)"
  }

  func draw(in rect: Rect, on grid: inout Grid) {
    guard let clip = ClipScreen.clip(bench) else {
      return grid.notice("no clip", in: rect)
    }
    let seen = found(clip)
    let line = Rect(x: rect.x + 1, y: rect.y, width: rect.width - 2, height: 1)
    if seen.count > 1 {
      let values = seen.map { Double(abs($0.difference)) }
      grid.sparkline(values, range: 0...1, ink: .role(.teacher), in: line)
    }
    let shift = seen.count > 1 ? 1 : 0
    let below = Rect(
      x: rect.x, y: rect.y + shift, width: rect.width, height: rect.height - shift)
    grid.notice(lines(clip, seen), in: below)
  }

  private func found(_ clip: ClipRow) -> [Disagreement] {
    bench.run.disagreements.byClip[clip.id] ?? []
  }

  private func lines(_ clip: ClipRow, _ seen: [Disagreement]) -> [StyledText] {
    let masks = MissingScreen.maskStories(bench, of: clip).map {
      StyledText($0, .masked)
    }
    guard bench.run.hasTeacher else {
      return [StyledText("This view needs a method with a teacher.", .muted)] + masks
    }
    guard let newest = seen.last, let widest = seen.max(by: { size($0) < size($1) }) else {
      return [StyledText("w watches the clip: asked once an epoch", .muted)] + masks
    }
    var lines = [StyledText("epoch \(newest.epoch): \(text(newest))")]
    if widest != newest {
      lines.append(
        StyledText("widest in epoch \(widest.epoch): \(text(widest))", .muted))
    }
    if let first = bench.run.disagreements.firstSplit(clip.id) {
      lines.append(StyledText("decided differently first in epoch \(first.epoch)"))
    } else {
      lines.append(StyledText("never decided differently", .muted))
    }
    return lines + masks
  }

  private func size(_ entry: Disagreement) -> Float { abs(entry.difference) }

  private func text(_ entry: Disagreement) -> String {
    let names = bench.dataset?.classes ?? []
    return "\(Double(entry.difference).signed) \(names[at: entry.classIndex] ?? "?")"
  }
}
