import Canvas
import Lab

/// A hint on the last row, and what a click on it does.
package struct Offer: Sendable {
  package enum Act: Sendable {
    case action(Action.ID)
    case key(Key)
  }

  package let hint: Footer.Hint
  package let act: Act

  package init(_ key: String, _ title: String, _ act: Act) {
    hint = Footer.Hint(key, title)
    self.act = act
  }
}

/// The last row: which keys it names, and what clicks on them do.
struct HintRow {
  let bench: Workbench

  var footer: Footer {
    let leave = bench.isAttached ? "leave" : "quit"
    let last = bench.isTyping ? nil : Footer.Hint("? q", "help, \(leave)")
    return Footer(offers.map(\.hint), last: last)
  }

  /// What a press in column `x` of the last row does. In `? q help, quit` each key and each word
  /// is its own.
  func act(at x: Int, in rect: Rect) -> Offer.Act? {
    let places = footer.places(in: rect)
    guard let place = places.firstIndex(where: { $0.columns.contains(x) }) else { return nil }
    let offers = offers
    if bench.isTyping || place < places.count - 1 {
      return offers[at: place]?.act
    }
    let isQuit =
      [2, 3].contains(x - places[place].columns.lowerBound)
      || x - places[place].columns.lowerBound >= "? q help, ".count
    return .action(isQuit ? .leave : .help)
  }

  private var offers: [Offer] {
    if let typing = bench.typingHints { return typing }
    if let tour = bench.tour { return TourRow(tour: tour, bench: bench).offers }
    return recording + bench.hintActions.compactMap { offer(of: $0) }
  }

  /// The action's first key on this screen and its title.
  private func offer(of id: Action.ID) -> Offer? {
    guard let action = bench.screens.action(id),
      let key = bench.keymap.keys(of: action, on: bench.screen).first
    else { return nil }
    let starts = [.run, .phase].contains(id) && !bench.isTraining
    if starts, bench.screen != .method, bench.isFinished { return nil }
    return Offer(key.label, title(of: action), .action(id))
  }

  private func title(of action: Action) -> String {
    switch action.id {
    case .pause where bench.replay?.playingSince != nil: "pause"
    case .pause where bench.replay != nil: "resume"
    case .pause where [.paused, .pausing].contains(bench.run.lifecycle.state): "resume"
    case .run where bench.screen != .method && !bench.session.isEmpty: "run all"
    default: action.title
    }
  }

  /// Told while keys are recorded.
  private var recording: [Offer] {
    guard let keys = bench.macro.recording, let record = bench.screens.action(.record) else {
      return []
    }
    let key = bench.keymap.keys(of: record, on: bench.screen).first?.label ?? ""
    return [Offer(key, "ends recording (\(keys.count))", .action(.record))]
  }
}
