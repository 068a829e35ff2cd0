/// How messages fold together while the screen is busy: nothing that must arrive is lost, order
/// is kept, and what only matters in its latest form is there once.
extension Mailbox where Element == Message {
  /// The mailbox between an engine and a screen.
  public static func messages() -> Mailbox<Message> {
    Mailbox { pending, new in MessageFolding.add(new, to: &pending) }
  }
}

enum MessageFolding {
  /// Steps one folded scalars event may hold; a longer wait starts the next one.
  static let longestBatch = 4096

  static func add(_ new: Message, to pending: inout [Message]) {
    switch new {
    case .events(let events):
      guard case .events(var waiting)? = pending.last else { return pending.append(new) }
      pending.removeLast()
      for event in events { add(event, to: &waiting) }
      pending.append(.events(waiting))
    case .preparation, .session, .sound, .sessions:
      pending.removeAll { $0.isReplaced(by: new) }
      pending.append(new)
    case .dataset, .run, .attached, .trouble, .opened, .recording, .records:
      pending.append(new)
    }
  }

  /// Keep-latest events replace their kind; scalars join those before them, at the new place.
  static func add(_ event: Event, to waiting: inout [Event]) {
    var event = event
    if event.body.kind.isKeepLatest {
      waiting.removeAll { $0.body.kind == event.body.kind && $0.run == event.run }
    } else if case .scalars(let new) = event.body,
      let place = waiting.lastIndex(where: { !$0.body.kind.isKeepLatest }),
      waiting[place].run == event.run, case .scalars(let old) = waiting[place].body,
      let joined = old.joined(with: new)
    {
      waiting.remove(at: place)
      event.body = .scalars(joined)
    }
    waiting.append(event)
  }
}

extension Message {
  fileprivate func isReplaced(by new: Message) -> Bool {
    switch (self, new) {
    case (.preparation, .preparation), (.session, .session), (.sound, .sound),
      (.sessions, .sessions):
      true
    default: false
    }
  }
}

extension Scalars {
  /// Both as one, where `next` goes on right after; else `nil`.
  func joined(with next: Scalars) -> Scalars? {
    guard next.first == first + n, n + next.n <= MessageFolding.longestBatch else { return nil }
    var joined = Scalars(first: first, n: n + next.n, series: series)
    for name in Set(series.keys).union(next.series.keys) {
      let before = series[name] ?? Array(repeating: nil, count: n)
      joined.series[name] = before + (next.series[name] ?? Array(repeating: nil, count: next.n))
    }
    return joined
  }
}
