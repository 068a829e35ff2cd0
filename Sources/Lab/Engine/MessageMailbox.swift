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
    case .preparation, .session, .sound, .sessions, .reprogrammed, .parameters:
      pending.removeAll { $0.isReplaced(by: new) }
      pending.append(new)
    case .dataset, .run, .attached, .trouble, .notice, .opened, .recording, .records, .patch,
      .activations, .stepBack:
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
      (.sessions, .sessions), (.reprogrammed, .reprogrammed),
      (.parameters, .parameters):
      true
    default: false
    }
  }
}

extension Scalars {
  /// Both as one, where `next` goes on right after; else `nil`.
  func joined(with next: Scalars) -> Scalars? {
    guard next.first == first + n, n + next.n <= MessageFolding.longestBatch else { return nil }
    let (before, after) = (series, next.series)
    var joined: [String: [Float?]] = [:]
    for name in Set(before.keys).union(after.keys) {
      let head = before[name] ?? Array(repeating: nil, count: n)
      joined[name] = head + (after[name] ?? Array(repeating: nil, count: next.n))
    }
    return Scalars(first: first, n: n + next.n, series: joined)
  }
}
