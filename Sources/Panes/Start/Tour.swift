import Canvas
import Lab

/// The tour: one line at a time above the last row, beside a session of four short runs.
struct Tour: Sendable {
  /// A sentence, and when the next one comes.
  struct Step: Sendable {
    let screen: Screen
    /// The key that goes on; `enter` skips where there is another one.
    var key = Key.enter
    /// What the key does, for the last row.
    var act = "next"
    let text: @Sendable (Workbench) -> String
    /// Whether it goes on by itself.
    var isOver: @Sendable (Workbench) -> Bool = { _ in false }
  }

  /// The name of the session that it is told beside.
  static let session = "tour"

  private(set) var place = 0

  var step: Step { Self.steps[min(place, Self.steps.count - 1)] }

  /// "tour 2/9"
  var number: String { "tour \(place + 1)/\(Self.steps.count)" }

  static let steps = [
    Step(
      screen: .missing,
      text: { bench in
        "Rows are instruments, columns are clips: \(missing(bench)) of the labels are missing."
      }),
    Step(
      screen: .train, key: .character("R"), act: "train",
      text: { _ in "R trains four methods on the few labels that are left." },
      isOver: { $0.isTraining }),
    Step(
      screen: .train,
      text: { _ in
        "b0 takes missing labels for negatives. Most are missing: it learns to say no."
      }, isOver: { hasBegun("b1", $0) }),
    Step(
      screen: .train,
      text: { _ in "b1 leaves missing labels out of the loss: it learns from the known ones." },
      isOver: { hasBegun("label-enhancing", $0) }),
    Step(
      screen: .train,
      text: { _ in
        "label-enhancing: a teacher like b0 first; its student skips doubtful labels."
      }, isOver: { hasBegun("mean-teacher", $0) }),
    Step(
      screen: .train,
      text: { _ in
        "mean-teacher: an average of the student's past weights teaches every clip."
      }, isOver: { $0.remainingRuns == 0 }),
    Step(screen: .compare, text: { results($0) }),
    Step(
      screen: .clips,
      text: { _ in "Here are the clips: p plays one, enter on 7 loads a network to ask." }),
    Step(
      screen: .sessions,
      text: { _ in "Lessons explain one idea each; N makes a session of your own folder." }),
  ]

  // MARK: numbers

  private static func missing(_ bench: Workbench) -> String {
    let rows = bench.dataset?.clips.filter { $0.split == "train" } ?? []
    let cells = rows.reduce(0) { $0 + $1.labels.count }
    let known = rows.reduce(0) { $0 + $1.labels.count { $0 != .missing } }
    return cells == 0 ? "most" : (1 - Double(known) / Double(cells)).percent
  }

  private static func hasBegun(_ method: String, _ bench: Workbench) -> Bool {
    bench.session.contains { run in
      run.method == method
        && (run.name == bench.run.run || ["training", "done"].contains(run.state))
    }
  }

  /// "F1 on the test clips: b0 .49 · b1 .87 · …"
  private static func results(_ bench: Workbench) -> String {
    let id = Headline.metric(bench.columns(of: session), among: [])
    let scores = bench.session.compactMap { run in
      run.scores[id].map { "\(run.method) \($0.fixed(2))" }
    }
    return scores.isEmpty
      ? "6 Compare will show the scores side by side."
      : "Test \(ScoreOrder.short(id)): " + scores.joined(separator: ", ") + "."
  }

  // MARK: the way through it

  static func begin(_ bench: inout Workbench) -> [Effect] {
    bench.awaitsTour = false
    guard !bench.isTraining else { return bench.said("a run is training; S ends it first") }
    guard let rows = bench.sessions else {
      bench.awaitsTour = true
      return bench.said("the tour begins when the sessions are listed")
        + [.engine(.sessions(.list))]
    }
    guard let row = rows.first(where: { $0.name == session && $0.problem == nil }) else {
      return bench.said("no session '\(session)' was found; expected it beside the program")
    }
    bench.tour = Tour()
    // What the session that was open trains on is made beside the tour.
    let later = Effect.engine(.makeSounds(bench.opening))
    let open =
      bench.sessionName == session ? [] : [Effect.engine(.sessions(.open(row.folder)))]
    return open + [later] + bench.show(steps[0].screen)
  }

  /// Takes a key; nil leaves it to the workbench. A key while the tour is waited for is a change of
  /// mind.
  static func take(_ key: Key, _ bench: inout Workbench) -> [Effect]? {
    bench.awaitsTour = false
    guard let tour = bench.tour else { return nil }
    if key == .enter { return next(&bench) }
    if key == tour.step.key { return nil }
    bench.tour = nil
    if key == .escape { return bench.said("the tour is over; F3 offers it again") }
    return nil
  }

  private static func next(_ bench: inout Workbench) -> [Effect] {
    guard let tour = bench.tour else { return [] }
    guard tour.place + 1 < steps.count else {
      bench.tour = nil
      return []
    }
    bench.tour?.place += 1
    return bench.show(steps[tour.place + 1].screen)
  }

  /// After each message: begins if it was waited for, and goes on where the step is over.
  static func follow(_ bench: inout Workbench) -> [Effect] {
    if bench.awaitsTour, bench.sessions != nil { return begin(&bench) }
    guard let tour = bench.tour, bench.sessionName == session, tour.step.isOver(bench) else {
      return []
    }
    return next(&bench)
  }
}

/// The sentence of the tour, on the row above the last one.
struct TourRow: Widget {
  let tour: Tour
  let bench: Workbench

  func draw(in rect: Rect, on grid: inout Grid) {
    grid.text(
      [StyledText(" \(tour.step.text(bench))", .title)], x: rect.x, y: rect.y,
      maxWidth: rect.width)
  }

  /// The keys of the last row.
  var offers: [Offer] {
    let key = tour.step.key
    let skip = key == .enter ? [] : [Offer("enter", "skip", .key(.enter))]
    return [Offer(key.label, "\(tour.step.act) (\(tour.number))", .key(key))] + skip
      + [Offer("esc", "leave the tour", .key(.escape))]
  }
}
