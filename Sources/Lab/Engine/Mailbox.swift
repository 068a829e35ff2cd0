// Messages from the engine's queues to the thread that draws. Many messages cause one wake-up: the
// reader is woken when the mailbox becomes non-empty, and then takes everything at once.
import Synchronization

public final class Mailbox<Element: Sendable>: Sendable {
  /// Puts a message behind the pending ones, or folds it into them.
  public typealias Fold = @Sendable (_ pending: inout [Element], _ new: Element) -> Void

  private struct Contents {
    var pending: [Element] = []
    var onWake: (@Sendable () -> Void)?
  }

  private let contents = Mutex(Contents())
  private let fold: Fold

  public init(fold: @escaping Fold = { $0.append($1) }) { self.fold = fold }

  /// Called on the sender's thread at each change from empty to non-empty; it must return at once
  /// (write to a pipe). Called now if something is already waiting.
  public func onWake(_ wake: @escaping @Sendable () -> Void) {
    let isWaiting = contents.withLock {
      $0.onWake = wake
      return !$0.pending.isEmpty
    }
    if isWaiting { wake() }
  }

  public func send(_ element: Element) {
    let wake = contents.withLock { contents -> (@Sendable () -> Void)? in
      let wasEmpty = contents.pending.isEmpty
      fold(&contents.pending, element)
      return wasEmpty && !contents.pending.isEmpty ? contents.onWake : nil
    }
    wake?()
  }

  /// Everything that is waiting, in order.
  public func drain() -> [Element] {
    contents.withLock {
      let all = $0.pending
      $0.pending = []
      return all
    }
  }
}

/// How messages are combined while the screen is busy: nothing that must arrive is lost, the order
/// is kept, and a keep-latest message is there once.
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
    case .preparation, .background, .session, .queue, .sound, .sessions, .reprogrammed,
      .parameters, .completions:
      pending.removeAll { $0.isReplaced(by: new) }
      pending.append(new)
    case .held(.progress):
      pending.removeAll { if case .held(.progress) = $0 { true } else { false } }
      pending.append(new)
    case .held, .dataset, .run, .attached, .problem, .notice, .opened, .recording, .records, .patch,
      .guesses, .activations, .stepBack, .verdict, .report, .made, .noted, .guide:
      pending.append(new)
    }
  }

  /// Keep-latest events replace their kind; scalars join those before them, at the new place.
  static func add(_ event: Event, to waiting: inout [Event]) {
    var event = event
    if event.body.isCoalescable {
      waiting.removeAll { $0.body.kind == event.body.kind && $0.run == event.run }
    } else if let new = event.body as? Scalars,
      let place = waiting.lastIndex(where: { !$0.body.isCoalescable }),
      waiting[place].run == event.run, let old = waiting[place].body as? Scalars,
      let joined = old.joined(with: new)
    {
      waiting.remove(at: place)
      event.body = joined
    }
    waiting.append(event)
  }
}

extension Message {
  fileprivate func isReplaced(by new: Message) -> Bool {
    switch (self, new) {
    case (.preparation, .preparation), (.background, .background), (.session, .session),
      (.queue, .queue), (.sound, .sound),
      (.sessions, .sessions), (.reprogrammed, .reprogrammed),
      (.parameters, .parameters), (.completions, .completions):
      true
    default: false
    }
  }
}

extension Scalars {
  /// Both as one, if `next` starts right after; else `nil`.
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
