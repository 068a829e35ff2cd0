// Where the engine's queues leave messages for the one thread that draws. Many sends, one
// wake-up: the reader is woken when the box turns non-empty and then takes everything at once.
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
