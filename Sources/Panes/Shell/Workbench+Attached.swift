import Lab

/// A run that another process trains, shown and commanded from here.
extension Workbench {
  /// `Enter` or `r` on 7 Sessions, on a run that is being trained.
  mutating func attach(_ row: RunRow) -> [Effect] {
    let left = Replay.end(&self)
    guard !isTraining else {
      let isShown = row.summary.name == run.run
      if isShown { screen = .train }
      return left + (isShown ? [] : said("a run is active; press S to stop it first"))
    }
    screen = .train
    return left + [.engine(.sessions(.attach(row.folder)))]
  }

  /// Seconds without a word after which a followed run is called stale.
  static let patience = 20.0

  /// Seconds since the last event of a followed run that trains; nil while that is recent.
  var silence: Double? {
    guard isAttached, replay == nil, run.lifecycle.state == .running, let heard else { return nil }
    return now - heard >= Self.patience ? now - heard : nil
  }

  /// When that changes on the screen.
  var silenceTick: Double? {
    guard isAttached, replay == nil, run.lifecycle.state == .running, let heard else { return nil }
    return silence == nil ? heard + Self.patience : now.rounded(.down) + 1
  }

  /// The engine follows a run, or has come to the end of one. Opens the run's data set if it is
  /// another one.
  mutating func follow(_ attachment: Attachment?) -> [Effect] {
    guard let attachment else {
      isAttached = false
      isStarting = false
      return []
    }
    isAttached = true
    heard = now - (attachment.age ?? 0)
    if let log = attachment.log { return said(log.limits) }
    say("\(attachment.run) is trained by another process; q leaves it running")
    guard replay == nil, let recipe = attachment.recipe else { return [] }
    return openDataset(of: recipe)
  }
}

/// A log that another program writes: it is looked at, and there is nothing to command.
extension Workbench {
  /// Whether the run that is shown is such a log, live or as a replay.
  var showsOtherLog: Bool { run.otherLog != nil }

  /// Why a key that commands a run does nothing; nil where there is a run to command.
  var watchRefusal: String? {
    if replay == nil, let log = run.otherLog {
      return "\(log.title) of another program: scant only reads it"
    }
    return nil
  }

  /// What a screen about classes, labels or clips lacks while a log is shown; nil elsewhere.
  func lacks(on place: Screen) -> String? {
    [.clips, .missing].contains(place) ? run.otherLog?.limits : nil
  }
}
