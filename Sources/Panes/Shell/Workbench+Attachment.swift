import Lab

/// A run that another process trains, shown and commanded from here.
extension Workbench {
  /// `Enter` or `r` on 7 Sessions, on a run that is being trained.
  mutating func attach(_ row: RunRow) -> [Effect] {
    let left = endReplay()
    guard !isTraining else {
      let isShown = row.summary.name == run.run
      if isShown { screen = .train }
      return left + (isShown ? [] : said("a run is training; S ends it first"))
    }
    screen = .train
    return left + [.engine(.sessions(.attach(row.folder)))]
  }

  /// Seconds without a word after which a followed run is called stale.
  static let patience = 20.0

  /// How long a followed run that should train has said nothing, s; nil where it is not overdue.
  var silence: Double? {
    guard isAttached, replay == nil, run.lifecycle.state == .running, let heard else { return nil }
    return now - heard >= Self.patience ? now - heard : nil
  }

  /// When that changes on the screen.
  var silenceTick: Double? {
    guard isAttached, replay == nil, run.lifecycle.state == .running, let heard else { return nil }
    return silence == nil ? heard + Self.patience : now.rounded(.down) + 1
  }

  /// The engine follows a run, or has come to the end of one. Its data set is opened where it is
  /// another one.
  mutating func follow(_ attachment: Attachment?) -> [Effect] {
    guard let attachment else {
      isAttached = false
      isStarting = false
      return []
    }
    isAttached = true
    heard = now
    say("\(attachment.run) is trained by another process; q leaves it to that")
    guard replay == nil, let recipe = attachment.recipe, !sees(recipe) else { return [] }
    opened = recipe
    return [.engine(.openDataset(recipe))]
  }
}
