import Canvas
import Lab

/// What a person chooses from at the first start; the palette's `start` shows it again.
struct StartOverlay: Overlay {
  struct Choice {
    let title: String
    /// How long it takes.
    let time: String
    let lines: [String]
    let take: @Sendable (inout Workbench) -> [Effect]
  }

  var cursor = 0

  static let action = Action(
    .start, "start", "tour, own folder, lessons, sessions: what to begin with", [.f(3)]
  ) { open(&$0) }

  static func open(_ bench: inout Workbench) -> [Effect] {
    bench.overlay = StartOverlay()
    return bench.sessions == nil ? [.engine(.sessions(.list))] : []
  }

  private static let choices = [
    Choice(
      title: "Take the tour", time: "2 min",
      lines: [
        "Four instruments, three labels of four hidden: four methods train while",
        "you watch, and one line at a time says what happens.",
      ], take: Tour.begin),
    Choice(
      title: "Use a folder of my own", time: "from 3 min",
      lines: [
        "Sound files and, if there are any, a labels.csv. Scant checks them,",
        "compares methods and says what can be concluded.",
      ], take: askFolder),
    Choice(
      title: "Take a lesson", time: "5 min each",
      lines: ["One idea each: missing labels, masking, teachers, features, questions."],
      take: showLessons),
    Choice(
      title: "Open a session", time: "",
      lines: ["Experiments that come with Scant, and your own; R trains one."],
      take: { $0.show(.sessions) }),
  ]

  func answer(_ key: Key, _ bench: inout Workbench) -> [Effect] {
    var overlay = self
    let last = Self.choices.count - 1
    switch key {
    case .down, .character("j"): overlay.cursor = min(last, cursor + 1)
    case .up, .character("k"): overlay.cursor = max(0, cursor - 1)
    case .enter: return choose(Self.choices[cursor], &bench)
    case .character(let character):
      guard let number = character.wholeNumberValue, let choice = Self.choices[at: number - 1]
      else { return close(&bench) }
      return choose(choice, &bench)
    default: return close(&bench)
    }
    bench.overlay = overlay
    return []
  }

  func choose(_ line: Int, _ bench: inout Workbench) -> [Effect] {
    Self.choices[at: line].map { choose($0, &bench) } ?? []
  }

  func line(at x: Int, _ y: Int, _ bench: Workbench, over place: Rect) -> Int? {
    if StartPage.fits(place) { return page(bench).choice(at: x, y, over: place) }
    return box(bench, over: place)?.line(at: x, y, over: place).flatMap(Self.places)
  }

  func fill(_ place: Rect, _ bench: Workbench, on grid: inout Grid) -> Bool {
    guard StartPage.fits(place) else { return false }
    page(bench).draw(over: place, on: &grid)
    return true
  }

  private func page(_ bench: Workbench) -> StartPage {
    StartPage(bench: bench, choices: Self.choices, cursor: cursor)
  }

  private func choose(_ choice: Choice, _ bench: inout Workbench) -> [Effect] {
    bench.overlay = nil
    return choice.take(&bench)
  }

  private func close(_ bench: inout Workbench) -> [Effect] {
    bench.overlay = nil
    return bench.said("F3 shows this page again")
  }

  // MARK: what they do

  private static func askFolder(_ bench: inout Workbench) -> [Effect] {
    bench.show(.sessions) + bench.perform(.newSession)
  }

  private static func showLessons(_ bench: inout Workbench) -> [Effect] {
    let effects = bench.show(.sessions)
    SessionScreen.moveToLessons(&bench)
    return effects + bench.said("o opens a lesson, F2 shows its text, R on 3 Train starts it")
  }

  // MARK: the box

  /// Columns of the text.
  private static let width = 72

  /// The choice that a line of the box belongs to.
  private static func places(at line: Int) -> Int? {
    var end = 2
    for (index, choice) in choices.enumerated() {
      end += choice.lines.count + 2
      if line < end { return line < 2 ? nil : index }
    }
    return nil
  }

  func box(_ bench: Workbench, over place: Rect) -> Box? {
    var lines = [
      [StyledText("Learning from sound when labels are few.", .title)],
      [StyledText("Everything runs on this computer; nothing is sent anywhere.", .muted)],
    ]
    var selection = 0
    for (index, choice) in Self.choices.enumerated() {
      if place.height >= 2 + 2 + 4 * 4 { lines.append([]) }
      if index == cursor { selection = lines.count }
      let mark = index == cursor ? "\(bench.glyphs.pointer) " : "  "
      let gap = max(1, Self.width - 4 - choice.title.columns - choice.time.columns)
      lines.append([
        StyledText("\(mark)\(index + 1) ", .accent), StyledText(choice.title, .title),
        StyledText(String(repeating: " ", count: gap) + choice.time, .muted),
      ])
      lines += choice.lines.map { [StyledText("    \($0)", .muted)] }
    }
    return Box(
      title: "scant", note: "enter chooses · esc closes", spans: lines, selection: selection)
  }
}

extension Workbench {
  /// Shows what a person may begin with.
  public mutating func showStart() -> [Effect] { StartOverlay.open(&self) }
}

extension SessionScreen {
  /// The cursor on the first lesson that is listed.
  static func moveToLessons(_ bench: inout Workbench) {
    let place = sessionLines(bench).firstIndex {
      if case .session(let row) = $0 { row.isLesson } else { false }
    }
    if let place { bench.cursors[.sessionList] = place }
  }
}

extension Action.ID {
  public static let start = Self("start")
}
