import Lab

/// A recorded run shown again: how far its log has been told, and the run that is on meanwhile.
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
  /// The state of the run that the engine is at, kept up to date behind the replay.
  var live: RunState
  /// Events told so far.
  var next = 0
  /// Where the replay stands, ns since the run started.
  var t: UInt64 = 0
  /// Seconds of the run that pass in one second.
  var speed = 4.0
  /// The clock of `tick` when it last went on; nil while it holds.
  var playingSince: Double?
  /// Whether the fault box of the live run was put aside.
  var liveFaultSeen = false
  /// Places in the log.
  var bookmarks: [Int] = []

  static let speeds: [Double] = [1, 4, 16, 64, 256]

  /// What screens that travel through a replay offer while one is shown.
  static let hints: [Action.ID] = [
    .pause, .step, .stepBack, .epoch, .previousMark, .nextMark, .changes, .back, .goTo, .faster,
    .slower, .bookmark,
  ]

  /// What to do with a recording once all of it has been read.
  enum Wanted: Sendable, Equatable {
    /// Play it from its start.
    case play
    case step(Int)
  }

  init(_ recording: Recording, live: RunState) {
    self.recording = recording
    self.live = live
    marks = recording.events.enumerated().compactMap { Mark($0, $1) }
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
  init?(_ index: Int, _ event: Event) {
    let kind: Kind, text: String
    switch event.body {
    case let end as EvalEnd:
      let best = ScoreOrder.sorted(Array(end.metrics.keys)).first
      let score = best.map { " \($0) \((end.metrics[$0] ?? .nan).fixed(3))" } ?? ""
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
