// Runs independent pieces of work on threads, with progress. The first error ends it.
import Foundation
import Synchronization

/// Maps over indices or items in parallel.
enum Parallel {
  /// The number of cores.
  static var cores: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }

  /// The results of `work(worker, index)` for every index below `count`, in order.
  ///
  /// Each thread makes its own worker. Throws the first error, or `CancellationError` if `progress`
  /// returns false, after the pieces in progress.
  static func map<Worker, Result: Sendable>(
    _ count: Int, threads: Int, _ what: String, progress: ProgressHandler?,
    worker: @escaping @Sendable () throws -> Worker,
    work: @escaping @Sendable (borrowing Worker, Int) throws -> Result
  ) throws -> [Result] {
    let (results, isCancelled) = try partial(
      count, threads: threads, what, progress: progress, worker: worker, work: work)
    if isCancelled { throw CancellationError() }
    return results.compactMap { $0 }
  }

  /// The same, with nil for pieces that had not begun when `progress` returned false.
  static func partial<Worker, Result: Sendable>(
    _ count: Int, threads: Int, _ what: String, progress: ProgressHandler?,
    worker: @escaping @Sendable () throws -> Worker,
    work: @escaping @Sendable (borrowing Worker, Int) throws -> Result
  ) throws -> (results: [Result?], isCancelled: Bool) {
    let board = Board<Result>(what, count, progress)
    let crew = max(1, min(threads, count))
    DispatchQueue.concurrentPerform(iterations: crew) { _ in
      do {
        let tool = try worker()
        while let index = board.next() { board.finish(index, try work(tool, index)) }
      } catch {
        board.fail(error)
      }
    }
    return try board.results()
  }

  /// The results of `work` for every item, in order; threads take a thousand items at a time, for
  /// short work.
  static func chunks<Item: Sendable, Result: Sendable>(
    _ items: [Item], threads: Int, work: @escaping @Sendable (Item) throws -> Result
  ) throws -> [Result] {
    let size = 1024
    let parts = try map(
      (items.count + size - 1) / size, threads: threads, "", progress: nil, worker: {},
      work: { _, part in
        try items[part * size..<min(items.count, (part + 1) * size)].map(work)
      })
    return parts.flatMap { $0 }
  }
}

/// The state that threads share: the next piece, and the results.
private final class Board<Result: Sendable>: Sendable {
  private struct State {
    var next = 0
    var done = 0
    var results: [Result?]
    var failure: (any Error)?
    var isCancelled = false
  }

  private let state: Mutex<State>
  private let what: String
  private let count: Int
  private let progress: ProgressHandler?

  init(_ what: String, _ count: Int, _ progress: ProgressHandler?) {
    self.what = what
    self.count = count
    self.progress = progress
    var state = State(results: [Result?](repeating: nil, count: count))
    state.isCancelled = count > 0 && !(progress?(what, 0, count) ?? true)
    self.state = Mutex(state)
  }

  func next() -> Int? {
    state.withLock { state in
      guard state.failure == nil, !state.isCancelled, state.next < count else { return nil }
      state.next += 1
      return state.next - 1
    }
  }

  func finish(_ index: Int, _ result: Result) {
    state.withLock { state in
      state.results[index] = result
      state.done += 1
      if let progress, !progress(what, state.done, count) { state.isCancelled = true }
    }
  }

  func fail(_ error: any Error) {
    state.withLock { $0.failure = $0.failure ?? error }
  }

  func results() throws -> (results: [Result?], isCancelled: Bool) {
    try state.withLock { state in
      if let failure = state.failure { throw failure }
      return (state.results, state.isCancelled)
    }
  }
}
