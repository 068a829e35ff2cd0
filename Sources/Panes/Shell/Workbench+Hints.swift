import Canvas
import Lab

/// A hint on the last row, and what a click on it does.
struct Offer {
  enum Act {
    case action(Action.ID)
    case key(Key)
  }

  let hint: Footer.Hint
  let act: Act
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

  var isTyping: Bool {
    (clips.typing != nil && screen == .clips) || (method.edit != nil && screen == .method)
  }

  private var offers: [Offer] {
    if let typing = clips.typing, screen == .clips {
      return [
        Offer(hint: .init("/" + typing + "_", ""), act: .key(.enter)),
        Offer(hint: .init("enter", "keeps"), act: .key(.enter)),
        Offer(hint: .init("esc", "clears"), act: .key(.escape)),
      ]
    }
    if method.edit != nil, screen == .method {
      return [
        Offer(hint: .init("enter", "set"), act: .key(.enter)),
        Offer(hint: .init("esc", "cancel"), act: .key(.escape)),
      ]
    }
    let travels = replay != nil && (screen == .train || screen == .sessions)
    let own = (travels ? Screen.replayHints : ownHints).compactMap { id in
      hint(of: id).map { Offer(hint: $0, act: .action(id)) }
    }
    return macroHints.map { Offer(hint: $0, act: .action(.record)) } + own
  }

  /// Of the screen and of what it shows; what only some runs have is offered early where it is.
  private var ownHints: [Action.ID] {
    if let mode = modeHints { return mode }
    switch trainView {
    case .step: return Screen.stepHints
    case .distances: return Screen.distanceHints
    case .curves: break
    }
    let all = screen.hints(isTraining: isTraining || replay != nil)
    var early: [Action.ID] = []
    if screen == .train, !run.distances.isEmpty { early = [.distances] }
    if screen == .train, run.lifecycle.state == .paused { early += [.phase, .stepBack] }
    if screen == .clips, changesInput { early = [.flipPicture] }
    if screen == .missing, missingView == .masked, missing.mask != nil { early = [.unmask] }
    let lead = screen == .train && isTraining ? 2 : 1
    return Array(all.prefix(lead)) + early + all.dropFirst(lead).filter { !early.contains($0) }
  }

  /// Of a mode within a screen.
  private var modeHints: [Action.ID]? {
    if screen == .clips, annotation.isOn { return Screen.annotationHints }
    if screen == .missing, missing.preview != nil { return Screen.previewHints }
    return nil
  }

  /// A footer hint: the action's first key on this screen and its title.
  func hint(of id: Action.ID) -> Footer.Hint? {
    guard let action = Action.named(id), let key = keymap.keys(of: action, on: screen).first
    else { return nil }
    if id == .pause, replay != nil { return Footer.Hint(key.label, "play") }
    if [.run, .phase].contains(id), !isTraining, screen != .method, isFinished { return nil }
    if id == .pause, [.paused, .pausing].contains(run.lifecycle.state) {
      return Footer.Hint(key.label, "go on")
    }
    let runsAll = id == .run && screen != .method && !session.isEmpty
    return Footer.Hint(key.label, runsAll ? "run all" : action.title)
  }
}
