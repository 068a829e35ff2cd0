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

  private var stepsPerEpoch: Int { max(1, run.hello?.stepsPerEpoch ?? 1) }

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
