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
extension Workbench {
  func hints(_ glyphs: GlyphSet) -> Footer {
    let leave = isAttached ? "leave" : "quit"
    let last = isTyping ? nil : Footer.Hint("? q", "help, \(leave)")
    return Footer(offers.map(\.hint), last: last, glyphs: glyphs)
  }

  /// What a press in column `x` of the last row does. In `? q help, quit` each key and each word
  /// is its own.
  func act(at x: Int, in rect: Rect) -> Offer.Act? {
    let places = hints(.unicode).places(in: rect)
    guard let place = places.firstIndex(where: { $0.columns.contains(x) }) else { return nil }
    let offers = offers
    if isTyping || place < places.count - 1 {
      return offers.indices.contains(place) ? offers[place].act : nil
    }
    let isQuit =
      [2, 3].contains(x - places[place].columns.lowerBound)
      || x - places[place].columns.lowerBound >= "? q help, ".count
    return .action(isQuit ? .leave : .help)
  }

  var isTyping: Bool { model.typingHints(self) != nil }

  private var offers: [Offer] {
    if let typing = model.typingHints(self) { return typing }
    return macroHints + hintActions.compactMap { offer(of: $0) }
  }

  /// The actions that the last row offers, the most useful first.
  package var hintActions: [Action.ID] { model.hints(self) }

  /// What starts the run, or holds and steps it, then what a screen offers; `early` comes behind
  /// the first `lead` of all.
  package func offered(
    _ own: [Action.ID], early: [Action.ID] = [], behind lead: Int = 1
  ) -> [Action.ID] {
    let start: [Action.ID] = isTraining || replay != nil ? [.pause, .step] : [.run]
    let all = start + own
    return Array(all.prefix(lead)) + early + all.dropFirst(lead).filter { !early.contains($0) }
  }

  /// The action's first key on this screen and its title.
  private func offer(of id: Action.ID) -> Offer? {
    guard let action = screens.action(id), let key = keymap.keys(of: action, on: screen).first
    else { return nil }
    if [.run, .phase].contains(id), !isTraining, screen != .method, isFinished { return nil }
    return Offer(key.label, title(of: action), .action(id))
  }

  private func title(of action: Action) -> String {
    switch action.id {
    case .pause where replay != nil: "play"
    case .pause where [.paused, .pausing].contains(run.lifecycle.state): "go on"
    case .run where screen != .method && !session.isEmpty: "run all"
    default: action.title
    }
  }
}
