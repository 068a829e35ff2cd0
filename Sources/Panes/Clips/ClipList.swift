import Canvas
import Lab

/// The clips that pass the filter, with the state of the labels of the class under the cursor.
struct ClipList: ListView {
  let pane = Pane.clipList
  let bench: Workbench

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
    if let note = Holding.note(bench) { return note }
    switch bench[.clips].order {
    case .dataset: break
    case .name: return "name \(bench.glyphs.down)"
    case .disagreement: return "|T-S| \(bench.glyphs.down)"
    case .mistakes: return "mistakes \(bench.glyphs.down)"
    }
    let shown = bench[.clips].visible.count
    return shown == dataset.clips.count ? "\(shown)" : "\(shown)/\(dataset.clips.count)"
  }

  func draw(in rect: Rect, on grid: inout Grid) {
    guard let dataset = bench.dataset else {
      return grid.notice(nothing, in: rect)
    }
    let visible = bench[.clips].visible
    let window = window(in: rect)
    let widths: [TableWidget.Column] =
      bench[.clips].order.needsPredictions
      ? [
        .init("", .fixed(max(6, rect.width / 2 - 4))), .init("", .fixed(5)), .init("", .fixed(1)),
        .init("", .flexible),
      ]
      : [.init("", .fixed(max(6, rect.width / 2 - 3))), .init("", .fixed(5)), .init("", .flexible)]
    let table = TableWidget(
      widths,
      rows: window.range.filter { visible[$0] < dataset.clips.count }.map {
        row(dataset.clips[visible[$0]], dataset.classes)
      }, selection: window.selection, hasHeader: false,
      emptyText: "no clip passes; esc clears the filter")
    grid.draw(table, in: rect)
  }

  private var nothing: [StyledText] {
    if let preparation = bench.preparation {
      return [StyledText(preparation.sentence, .muted)]
    }
    return [
      StyledText("No data set is open.", .title),
      StyledText("1 Data, then enter. Own folders work too.", .muted),
    ]
  }

  private func row(_ clip: ClipRow, _ classes: [String]) -> [StyledText] {
    if bench[.clips].order.needsPredictions { return differing(clip, classes) }
    let names = zip(clip.labels, classes).filter { $0.0.isPositive }.map { label, name in
      label.isAnswered ? "\(name)\(bench.glyphs.label(.human))" : name
    }
    return [
      name(clip),
      StyledText(clip.split == "validation" ? "val" : clip.split, .muted),
      StyledText(
        names.isEmpty ? String(bench.glyphs.label(.missing)) : names.joined(separator: " ")),
    ]
  }

  /// A `w` before a watched clip.
  private func name(_ clip: ClipRow) -> StyledText {
    bench[.clips].watched.contains(clip.id)
      ? StyledText("w \(clip.id)", .warn) : StyledText(clip.id)
  }

  /// The largest difference, the label there, and the class it is in.
  private func differing(_ clip: ClipRow, _ classes: [String]) -> [StyledText] {
    guard let found = Predictions.difference(bench, clip), found.class < classes.count else {
      return [name(clip), StyledText("-", .muted)]
    }
    let label = clip.label(of: found.class)
    let answer = StyledText(label.answer, ink: label.isAnswered ? .role(.human) : .plain)
    return [
      name(clip), StyledText(Double(found.difference).signed), answer,
      StyledText(classes[found.class]),
    ]
  }
}

/// Missing labels to answer, the most worth asking first: clip, class, the answer or the gain.
struct QuestionList: ListView {
  let pane = Pane.clipList
  let bench: Workbench

  var title: String {
    if let rule = bench[.annotation].rule { return "to label · \(rule.rawValue)" }
    let scope = bench[.clips].filter.scope.map { " · \($0.title)" } ?? ""
    return "to label\(scope)"
  }

  var note: String {
    let count = bench[.annotation].given.count
    return count == 0 ? "y n x" : "\(count) answered"
  }

  func draw(in rect: Rect, on grid: inout Grid) {
    guard let dataset = bench.dataset else { return }
    let questions = bench[.annotation].questions
    let window = window(in: rect)
    // Student and teacher, and behind them the gain, where there is room.
    let numbers = rect.width < 36 ? 0 : rect.width < 50 ? 2 : 3
    let columns: [TableWidget.Column] =
      [
        .init("", .fixed(2)), .init("", .fixed(rect.width < 36 ? 10 : rect.width < 50 ? 12 : 20)),
        .init("", .flexible),
      ] + (0..<numbers).map { _ in .init("", .fixed(4), .right) }
    let table = TableWidget(
      columns, rows: window.range.map { Array(row(questions[$0], dataset).prefix(3 + numbers)) },
      selection: window.selection, hasHeader: false, emptyText: empty)
    grid.draw(table, in: rect)
  }

  private var empty: String {
    bench[.annotation].rule == nil ? "no label is missing here" : "ranking missing labels"
  }

  /// Answer, clip, class, what student and teacher say, gain.
  private func row(_ question: AnnotationQuestion, _ dataset: OpenDataset) -> [StyledText] {
    let answer = bench[.annotation].answer(question.cell)
    let mark = answer.map { "\(bench.glyphs.label(.human))\($0.rawValue)" } ?? "?"
    return [
      StyledText(mark, answer == nil ? .missing : .human),
      StyledText(dataset.clips[question.cell.clip].id),
      StyledText(dataset.classes[question.cell.classIndex]),
      StyledText(text(question.student), .student),
      StyledText(text(question.teacher), .teacher),
      StyledText(Double(question.gain).fixed(2), .muted),
    ]
  }

  private func text(_ value: Float?) -> String { value.map { Double($0).fixed(2) } ?? "-" }
}

/// Which clips the clip list shows: a split, words, and the cell of the missingness map or the
/// class from which the list was opened.
public struct ClipFilter: Sendable, Equatable {
  /// The clips of something that was opened on another screen, such as a class.
  public struct Scope: Sendable, Equatable {
    /// What the list's title says, such as "guitar · clips 4096–4159".
    public var title: String
    /// Indices into the data set's clips.
    public var clips: [Int]

    public init(title: String, clips: [Int]) {
      self.title = title
      self.clips = clips
    }
  }

  public var split: String?
  /// Bare words are looked for in ids and in the names of positive classes; `class:x`,
  /// `missing:x` and `split:x` say where; `!` in front turns a word round.
  public var words = ""
  public var scope: Scope?

  public init(split: String? = nil, words: String = "", scope: Scope? = nil) {
    self.split = split
    self.words = words
    self.scope = scope
  }

  public var isEmpty: Bool { self == ClipFilter() }

  /// Indices of the clips that pass, in the data set's order.
  public func clips(of dataset: DatasetSnapshot) -> [Int] {
    let tests = words.lowercased().split(separator: " ").map { Word(String($0)) }
    let candidates = scope?.clips ?? Array(dataset.clips.indices)
    return candidates.filter { index in
      guard let clip = dataset.clips[at: index] else { return false }
      return (split == nil || clip.split == split)
        && tests.allSatisfy { $0.passes(clip, dataset.classes) }
    }
  }

  /// One word of the filter language.
  private struct Word {
    var place = ""
    var text: String
    var isNegated = false

    init(_ raw: String) {
      text = raw
      if text.hasPrefix("!") {
        isNegated = true
        text.removeFirst()
      }
      if let colon = text.firstIndex(of: ":") {
        place = String(text[..<colon])
        text = String(text[text.index(after: colon)...])
      }
    }

    func passes(_ clip: ClipRow, _ classes: [String]) -> Bool {
      text.isEmpty || found(clip, classes) != isNegated
    }

    private func found(_ clip: ClipRow, _ classes: [String]) -> Bool {
      switch place {
      case "split": clip.split.hasPrefix(text)
      case "class": has(.positive, clip, classes)
      case "missing": has(.missing, clip, classes)
      default: clip.id.lowercased().contains(text) || has(.positive, clip, classes)
      }
    }

    private func has(_ state: LabelState, _ clip: ClipRow, _ classes: [String]) -> Bool {
      zip(clip.labels, classes).contains { label, name in
        (label == state || state == .positive && label.isPositive)
          && name.lowercased().contains(text)
      }
    }
  }
}
