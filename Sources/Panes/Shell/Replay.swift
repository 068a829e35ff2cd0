import Foundation
import Lab

/// A recorded run shown again: its position in the log, and the live run meanwhile.
struct Replay: Sendable, Equatable {
  /// Something worth jumping to.
  struct Mark: Sendable, Equatable {
    enum Kind: Sendable, Equatable { case evaluation, checkpoint, mask, warning, fault }

    /// Place of its event in the log.
    var index: Int
    var t: UInt64
    var kind: Kind
    var text: String
  }

  let recording: Recording
  let marks: [Mark]
  /// Nanoseconds from the first to the last event.
  let length: UInt64
  /// The state of the live run, kept up to date during the replay.
  var live: RunState
  /// Events told so far.
  var next = 0
  /// Where the replay stands, ns since the run started.
  var t: UInt64 = 0
  /// Seconds of the run that pass in one second.
  var speed = 4.0
  /// The clock of `tick` when it last went on; nil while it holds.
  var playingSince: Double?
  /// Whether the message about the live run's fault was closed.
  var liveFaultSeen = false
  /// Places in the log.
  var bookmarks: [Int] = []

  static let speeds: [Double] = [1, 4, 16, 64, 256]

  /// The hints of screens that control a replay.
  static let hints: [Action.ID] = [
    .pause, .step, .stepBack, .epoch, .previousMark, .nextMark, .changes, .back, .goTo, .faster,
    .slower, .bookmark,
  ]

  /// The action after all of a recording has been read.
  enum Wanted: Sendable, Equatable {
    /// Play it from its start.
    case play
    case step(Int)
  }

  init(_ recording: Recording, live: RunState) {
    self.recording = recording
    self.live = live
    let columns = recording.events.lazy.compactMap { ($0.body as? RunStarted)?.columns }.first ?? []
    marks = recording.events.enumerated().compactMap { Mark($0, $1, columns) }
    length = recording.events.map(\.t).max() ?? 0
  }

  /// An instant that something happened at.
  struct Instant: Sendable {
    /// Events told at that instant.
    var place: Int
    var name: String
  }

  /// Instants before this place: events of the time line, bookmarks and the start.
  var instants: [Instant] {
    let all =
      marks.map { Instant(place: $0.index + 1, name: $0.text) }
      + bookmarks.map { Instant(place: $0, name: "bookmark") }
    return ([Instant(place: 0, name: "the start")] + all.sorted { $0.place < $1.place })
      .filter { $0.place < next }
  }

  static func == (a: Replay, b: Replay) -> Bool {
    a.recording.folder == b.recording.folder && a.recording.isWhole == b.recording.isWhole
      && a.next == b.next && a.t == b.t
      && a.speed == b.speed && a.playingSince == b.playingSince && a.bookmarks == b.bookmarks
  }
}

extension Replay.Mark {
  /// `columns`: metrics that the run's session names, the main one first.
  init?(_ index: Int, _ event: Event, _ columns: [String]) {
    let kind: Kind, text: String
    switch event.body {
    case let end as EvalEnd:
      let main = Headline.metric(columns, among: end.metrics.keys)
      let score = end.metrics[main].map { " \(main) \($0.fixed(3))" } ?? ""
      (kind, text) = (.evaluation, "\(end.split) \(end.model)\(score)")
    case let saved as CheckpointSaved: (kind, text) = (.checkpoint, "\(saved.file) saved")
    case let mask as MaskDelta: (kind, text) = (.mask, mask.summary)
    case let line as LogLine where line.level != .info: (kind, text) = (.warning, line.text)
    case let fault as Fault: (kind, text) = (.fault, fault.message)
    default: return nil
    }
    self.init(index: index, t: event.t, kind: kind, text: text)
  }
}

/// Keys and time while a recorded run is shown.
extension Replay {
  /// Shows a run from its log, held at its end; the live run continues.
  static func show(_ bench: inout Workbench, _ recording: Recording) -> [Effect] {
    if let replay = bench.replay, replay.recording.folder == recording.folder,
      !replay.recording.isWhole
    {
      if recording.isWhole { complete(&bench, recording, after: replay) }
      return []
    }
    if recording.isWhole, recording.folder == bench.leftEarly {
      bench.leftEarly = nil
      return []
    }
    let seen = bench.replay?.liveFaultSeen ?? bench.isFaultSeen
    bench.replay = Replay(recording, live: bench.replay?.live ?? bench.run)
    bench.replay?.liveFaultSeen = seen
    (bench.run, bench.isFaultSeen) = (RunState(), false)
    _ = bench.announce(.run(isNew: false))
    tell(&bench, recording.events.count)
    if recording.isWhole { goWhereWanted(&bench) }
    if recording.skipped > 0 {
      bench.say(
        "\(recording.skipped) lines of the log are not events and were skipped", isWarning: true)
    }
    guard let recipe = recording.recipe else { return [] }
    return bench.openDataset(of: recipe) + Holding.take(&bench, recording)
  }

  /// Replaces the two ends of the log by the whole log; the position stays.
  private static func complete(_ bench: inout Workbench, _ recording: Recording, after ends: Replay)
  {
    let added = max(0, recording.events.count - ends.recording.events.count)
    var replay = Replay(recording, live: ends.live)
    replay.speed = ends.speed
    replay.playingSince = ends.playingSince
    replay.liveFaultSeen = ends.liveFaultSeen
    replay.bookmarks = ends.bookmarks.map { $0 + added }
    bench.replay = replay
    bench.run = RunState()
    tell(&bench, ends.next + added)
    goWhereWanted(&bench)
  }

  private static func goWhereWanted(_ bench: inout Workbench) {
    switch bench.wanted {
    case .play?:
      tell(&bench, 0)
      bench.replay?.playingSince = bench.now
    case .step(let step)?:
      bench.wanted = nil
      seek(&bench, step: step)
    case nil: break
    }
    bench.wanted = nil
  }

  /// Back to the live run, or the last one.
  static func end(_ bench: inout Workbench) -> [Effect] {
    guard let replay = bench.replay else { return [] }
    bench.leftEarly = replay.recording.isWhole ? nil : replay.recording.folder
    bench.wanted = nil
    bench.replay = nil
    (bench.run, bench.isFaultSeen) = (replay.live, replay.liveFaultSeen)
    _ = bench.announce(.run(isNew: false))
    bench.say("replay closed")
    return Holding.letGo(&bench)
      + (bench.watchesOnly ? [] : bench.openDataset(of: bench.recipe))
  }

  /// The keys of a run, applied to the replay.
  static func control(_ bench: inout Workbench, _ id: Action.ID) -> [Effect] {
    let count = bench.pendingCount
    if let count { bench.screen = count.origin }
    let n = max(1, count?.value ?? 1)
    switch id {
    case .pause: playOrHold(&bench)
    case .step: seek(&bench, step: bench.run.step + n)
    case .stepBack: seek(&bench, step: max(0, bench.run.step - n))
    case .epoch:
      seek(&bench, step: (bench.run.step / stepsPerEpoch(bench) + n) * stepsPerEpoch(bench))
    // As the box over a failed run says, also where the run is only shown again.
    case .run where bench.run.fault != nil:
      guard let failed = bench.replay?.recording else { return [] }
      return goOn(&bench, with: failed.run, failed.folder)
    default: bench.say("a replay is shown; press esc on 7 Sessions to close it first")
    }
    if id != .pause { bench.replay?.playingSince = nil }
    return []
  }

  /// From its last checkpoint; a replay is over then.
  static func goOn(_ bench: inout Workbench, with run: String, _ folder: URL) -> [Effect] {
    let left = end(&bench)
    guard !bench.isTraining else {
      return left + bench.said("a run is active; press S to stop it first")
    }
    bench.isStarting = true
    bench.screen = .train
    bench.say("resuming \(run)")
    return left + [.engine(.sessions(.resume(folder)))]
  }

  private static func stepsPerEpoch(_ bench: Workbench) -> Int {
    max(1, bench.run.started?.stepsPerEpoch ?? 1)
  }

  private static func playOrHold(_ bench: inout Workbench) {
    guard let replay = bench.replay else { return }
    if replay.playingSince != nil {
      bench.replay?.playingSince = nil
    } else {
      if replay.next >= replay.recording.events.count { tell(&bench, 0) }
      bench.replay?.playingSince = bench.now
    }
  }

  static let none = "no replay is shown; p on 7 Sessions starts one"

  static func addBookmark(_ bench: inout Workbench) -> [Effect] {
    guard let replay = bench.replay else { return bench.said(none) }
    bench.replay?.bookmarks.append(replay.next)
    bench.replay?.bookmarks.sort()
    return bench.said("bookmark at step \(bench.run.step)")
  }

  /// To the event marked before or after this place, bookmarks included.
  static func jump(_ bench: inout Workbench, _ direction: Int) -> [Effect] {
    guard let replay = bench.replay else { return bench.said(none) }
    let places = (replay.marks.map { $0.index + 1 } + replay.bookmarks).sorted()
    let found =
      direction > 0
      ? places.first { $0 > replay.next } : places.last { $0 < replay.next }
    bench.replay?.playingSince = nil
    guard let found else {
      return bench.said("no event \(direction > 0 ? "after" : "before") this")
    }
    tell(&bench, found)
    return []
  }

  static func changeSpeed(_ bench: inout Workbench, _ step: Int) -> [Effect] {
    guard let replay = bench.replay else { return bench.said(none) }
    let all = Replay.speeds
    let place = (all.firstIndex(of: replay.speed) ?? 0) + step
    bench.replay?.speed = all[min(all.count - 1, max(0, place))]
    return []
  }

  /// A sixtieth of the run per key.
  static func seek(_ bench: inout Workbench, by step: Int) {
    guard let replay = bench.replay else {
      return bench.say("enter shows the run under the cursor")
    }
    bench.replay?.playingSince = nil
    let stride = max(1, replay.length / 60)
    let back = min(replay.t, stride)
    tell(&bench, until: step > 0 ? replay.t + stride : replay.t - back)
  }

  /// Advances a playing replay by the time since the last call.
  static func play(_ bench: inout Workbench) {
    guard let replay = bench.replay, let since = replay.playingSince, bench.now > since else {
      return
    }
    bench.replay?.playingSince = bench.now
    tell(&bench, until: replay.t + UInt64((bench.now - since) * replay.speed * 1e9))
    if bench.replay?.next == replay.recording.events.count { bench.replay?.playingSince = nil }
  }

  // MARK: telling the log

  /// Shows the log up to its first `count` events.
  static func tell(_ bench: inout Workbench, _ count: Int) {
    guard var replay = bench.replay else { return }
    let events = replay.recording.events
    let wanted = min(max(0, count), events.count)
    if wanted < replay.next {
      bench.run = RunState()
      replay.next = 0
    }
    for event in events[replay.next..<wanted] { bench.run.apply(event) }
    replay.next = wanted
    replay.t = wanted == 0 ? 0 : events[wanted - 1].t
    bench.replay = replay
    if bench.run.fault == nil { bench.isFaultSeen = false }  // told again, it is shown again
    _ = bench.announce(.mask)
  }

  /// Shows the run as it was `t` nanoseconds after its start.
  static func tell(_ bench: inout Workbench, until t: UInt64) {
    guard let replay = bench.replay else { return }
    let events = replay.recording.events
    var place = t < replay.t ? 0 : replay.next
    while place < events.count, events[place].t <= t { place += 1 }
    tell(&bench, place)
    bench.replay?.t = min(t, replay.length)
  }

  /// Shows the run after step `step`. A line of the log holds many steps: only its part up to
  /// that step is applied; the whole line replaces it later.
  static func seek(_ bench: inout Workbench, step: Int) {
    guard let replay = bench.replay else { return }
    guard replay.recording.isWhole else {
      bench.wanted = .step(step)
      return
    }
    let events = replay.recording.events
    let place = events.firstIndex { $0.step > step } ?? events.count
    tell(&bench, place)
    guard place < events.count else { return }
    var part = events[place]
    part.step = step
    switch part.body {
    case let scalars as Scalars where scalars.first <= step:
      part.body = scalars.prefix(step - scalars.first + 1)
    case let points as OtherLogPoints: part.body = points.through(step)
    default: return
    }
    bench.run.apply(part)
  }
}
