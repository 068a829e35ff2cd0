import Canvas
import Lab

/// Keys and time while a recorded run is shown.
extension Workbench {
  /// Shows a run from its log, held at its end; the run that is on goes on behind it.
  mutating func show(_ recording: Recording) -> [Effect] {
    if let replay, replay.recording.folder == recording.folder, !replay.recording.isWhole {
      if recording.isWhole { complete(recording, after: replay) }
      return []
    }
    if recording.isWhole, recording.folder == leftEarly {
      leftEarly = nil
      return []
    }
    let seen = replay?.liveFaultSeen ?? train.faultSeen
    replay = Replay(recording, live: replay?.live ?? run)
    replay?.liveFaultSeen = seen
    forgetRun()
    clips.before = [:]
    tell(recording.events.count)
    if recording.isWhole { goWhereWanted() }
    if recording.skipped > 0 {
      say("\(recording.skipped) lines of the log are no events; skipped", isWarning: true)
    }
    guard !sees(recording.recipe) else { return [] }
    opened = recording.recipe
    return [.engine(.openDataset(recording.recipe))]
  }

  /// What was looked at in the run that was shown so far.
  private mutating func forgetRun() {
    run = RunState()
    (train.inspect, train.pins, train.showsStep, train.faultSeen) = (nil, [], false, false)
    forgetPredictions()
  }

  /// The ends of the log were shown; now all of it is here. What is shown stays.
  private mutating func complete(_ recording: Recording, after ends: Replay) {
    let added = max(0, recording.events.count - ends.recording.events.count)
    var replay = Replay(recording, live: ends.live)
    replay.speed = ends.speed
    replay.playingSince = ends.playingSince
    replay.liveFaultSeen = ends.liveFaultSeen
    replay.bookmarks = ends.bookmarks.map { $0 + added }
    self.replay = replay
    run = RunState()
    tell(ends.next + added)
    goWhereWanted()
  }

  private mutating func goWhereWanted() {
    switch wanted {
    case .play?:
      tell(0)
      replay?.playingSince = now
    case .step(let step)?:
      wanted = nil
      seek(step: step)
    case nil: break
    }
    wanted = nil
  }

  /// Whether the open data set is that of a recipe, with the same labels hidden.
  func sees(_ recipe: Recipe) -> Bool {
    let keys =
      recipe.fields.map(\.key).filter { $0.hasPrefix("dataset.") && $0 != "dataset.patch" }
      + ["dataset.id", "seed"]
    return keys.allSatisfy { opened[$0] == recipe[$0] }
  }

  /// Back to the run that is on, or was last.
  mutating func endReplay() -> [Effect] {
    guard let replay else { return [] }
    leftEarly = replay.recording.isWhole ? nil : replay.recording.folder
    wanted = nil
    self.replay = nil
    forgetRun()
    train.faultSeen = replay.liveFaultSeen
    run = replay.live
    remask()
    say("the replay is over")
    guard !sees(recipe) else { return [] }
    opened = recipe
    return [.engine(.openDataset(recipe))]
  }

  /// What the keys of a run do to a replay.
  mutating func controlReplay(_ id: Action.ID) -> [Effect] {
    let count = pendingCount
    if let count { screen = count.origin }
    let n = max(1, count?.value ?? 1)
    switch id {
    case .pause: playOrHold()
    case .step: seek(step: run.step + n)
    case .stepBack: seek(step: max(0, run.step - n))
    case .epoch: seek(step: (run.step / stepsPerEpoch + n) * stepsPerEpoch)
    case .run where run.fault != nil: return goOn(with: replay?.recording)
    default: say("a replay is shown: esc on 7 Sessions leaves it, then this key works")
    }
    if id != .pause { replay?.playingSince = nil }
    return []
  }

  /// As the box over a failed run says, also where the run is only shown again.
  private mutating func goOn(with recording: Recording?) -> [Effect] {
    guard let recording else { return [] }
    return goOn(with: recording.run, recording.folder)
  }

  private var stepsPerEpoch: Int { max(1, run.started?.stepsPerEpoch ?? 1) }

  private mutating func playOrHold() {
    guard let replay else { return }
    if replay.playingSince != nil {
      self.replay?.playingSince = nil
    } else {
      if replay.next >= replay.recording.events.count { tell(0) }
      self.replay?.playingSince = now
    }
  }

  private static let noReplay = "no replay is shown; R on 7 Sessions starts one"

  mutating func addBookmark() -> [Effect] {
    guard let replay else { return said(Self.noReplay) }
    self.replay?.bookmarks.append(replay.next)
    self.replay?.bookmarks.sort()
    return said("bookmark at step \(run.step)")
  }

  /// To the event marked before or after this place, bookmarks included.
  mutating func jump(_ direction: Int) -> [Effect] {
    guard let replay else { return said(Self.noReplay) }
    let places = (replay.marks.map { $0.index + 1 } + replay.bookmarks).sorted()
    let found =
      direction > 0
      ? places.first { $0 > replay.next } : places.last { $0 < replay.next }
    self.replay?.playingSince = nil
    guard let found else { return said("no event \(direction > 0 ? "after" : "before") this") }
    tell(found)
    return []
  }

  mutating func changeSpeed(_ step: Int) -> [Effect] {
    guard let replay else { return said(Self.noReplay) }
    let all = Replay.speeds
    let place = (all.firstIndex(of: replay.speed) ?? 0) + step
    self.replay?.speed = all[min(all.count - 1, max(0, place))]
    return []
  }

  /// A sixtieth of the run per key.
  mutating func seek(by step: Int) {
    guard let replay else { return say("enter shows the run under the cursor") }
    self.replay?.playingSince = nil
    let stride = max(1, replay.length / 60)
    let back = min(replay.t, stride)
    tell(until: step > 0 ? replay.t + stride : replay.t - back)
  }

  /// What has passed of a replay since it was looked at last.
  mutating func play() {
    guard let replay, let since = replay.playingSince, now > since else { return }
    self.replay?.playingSince = now
    tell(until: replay.t + UInt64((now - since) * replay.speed * 1e9))
    if self.replay?.next == replay.recording.events.count { self.replay?.playingSince = nil }
  }

  // MARK: telling the log

  /// Shows the log up to its first `count` events.
  mutating func tell(_ count: Int) {
    guard var replay else { return }
    let events = replay.recording.events
    let wanted = min(max(0, count), events.count)
    if wanted < replay.next {
      run = RunState()
      replay.next = 0
    }
    for event in events[replay.next..<wanted] { run.apply(event) }
    replay.next = wanted
    replay.t = wanted == 0 ? 0 : events[wanted - 1].t
    self.replay = replay
    if run.fault == nil { train.faultSeen = false }  // told again, it is shown again
    remask()
  }

  /// Shows the run as it was `t` nanoseconds after its start.
  mutating func tell(until t: UInt64) {
    guard let replay else { return }
    let events = replay.recording.events
    var place = t < replay.t ? 0 : replay.next
    while place < events.count, events[place].t <= t { place += 1 }
    tell(place)
    self.replay?.t = min(t, replay.length)
  }

  /// Shows the run behind step `step`. A line of the log holds many steps: only its part up to
  /// there is told; the whole line replaces it later.
  public mutating func seek(step: Int) {
    guard let replay else { return }
    guard replay.recording.isWhole else {
      wanted = .step(step)
      return
    }
    let events = replay.recording.events
    let place = events.firstIndex { $0.step > step } ?? events.count
    tell(place)
    guard place < events.count, let scalars = events[place].body as? Scalars,
      scalars.first <= step
    else { return }
    var part = events[place]
    part.step = step
    part.body = scalars.prefix(step - scalars.first + 1)
    run.apply(part)
  }

  // MARK: what changed

  /// Instants before this one that something happened at: events of the time line, bookmarks and
  /// the start.
  private var instants: [(place: Int, name: String)] {
    guard let replay else { return [] }
    let marks = replay.marks.map { (place: $0.index + 1, name: $0.text) }
    let books = replay.bookmarks.map { (place: $0, name: "bookmark") }
    return ([(place: 0, name: "the start")] + (marks + books).sorted { $0.place < $1.place })
      .filter { $0.place < replay.next }
  }

  /// Compares what is shown with the instant before it.
  mutating func showChanges() -> [Effect] {
    guard replay != nil else { return said("no replay is shown; R on 7 Sessions starts one") }
    guard let last = instants.last else { return said("nothing lies before this") }
    replay?.playingSince = nil
    compareWith(last.place, last.name)
    return []
  }

  private mutating func compareWith(_ place: Int, _ name: String) {
    guard let replay else { return }
    let before = replay.recording.events.prefix(place).reduce(into: RunState()) { $0.apply($1) }
    overlay = .changes(
      ChangesState(
        since: place, name: name, before: before, changes: Changes(from: before, to: run)))
  }

  mutating func answer(_ key: Key, _ state: ChangesState) {
    var state = state
    switch key {
    case .down, .character("j"): state.first += 1
    case .up, .character("k"): state.first -= 1
    case .pageDown, .character(" "): state.first += 10
    case .pageUp: state.first -= 10
    case .left, .character("["), .right, .character("]"):
      let isBack = [.left, .character("[")].contains(key)
      let next =
        isBack
        ? instants.last { $0.place < state.since } : instants.first { $0.place > state.since }
      if let next { compareWith(next.place, next.name) }
      return
    default:
      overlay = nil
      return
    }
    let last = ChangesBox(bench: self, state: state, glyphs: .ascii).lastFirst(size.height)
    state.first = min(last, max(0, state.first))
    overlay = .changes(state)
  }
}

/// `#`: a replay is shown behind the step whose number is typed.
extension Workbench {
  mutating func goTo() -> [Effect] {
    guard replay != nil else { return said("no replay is shown; R on 7 Sessions starts one") }
    replay?.playingSince = nil
    if let count = pendingCount {
      screen = count.origin
      go(to: count.value)
    } else {
      overlay = .goTo("")
    }
    return []
  }

  /// Digits, then enter.
  mutating func answer(_ key: Key, typing digits: String) {
    switch key {
    case .character(let digit) where digit.isASCII && digit.isNumber && digits.count < 9:
      overlay = .goTo(digits + String(digit))
    case .backspace: overlay = .goTo(String(digits.dropLast()))
    case .enter:
      overlay = nil
      if let step = Int(digits) { go(to: step) }
    case .escape, .character("q"): overlay = nil
    default: break
    }
  }

  private mutating func go(to step: Int) {
    let last = replay?.recording.events.last?.step ?? 0
    seek(step: min(step, last))
    if step > last { say("the log ends at step \(last)") }
  }
}

/// The line that is typed.
struct GoToBox {
  let digits: String
  let last: Int
  let glyphs: GlyphSet

  func draw(over place: Rect, on grid: inout Grid) {
    let line = StyledText("step \(digits)_".padded(to: 24), ink: .role(.title))
    Box(title: "go to step", note: "0 to \(last)", lines: [line], glyphs: glyphs)
      .draw(over: place, on: &grid)
  }
}
