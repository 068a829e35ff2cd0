// Our own workers: short loops over a fixed partition, asleep when idle.
import CKernels
import Foundation
import Synchronization

/// Runs a loop's iterations on several threads. Iterations are claimed one by one, so an iteration
/// must write only what belongs to its index; then the result does not depend on scheduling.
///
/// May be used from several queues at once: whoever finds the workers taken runs its loop alone.
/// Nested loops run on the thread they are in.
public final class ThreadPool: Sendable {
  private static let current = Mutex(ThreadPool(threads: ProcessInfo.processInfo.processorCount))

  /// The pool that all operations use; one thread per core unless configured.
  public static var shared: ThreadPool { current.withLock { $0 } }

  /// Replaces the shared pool; loops under way finish on the old one.
  public static func configure(threads: Int) {
    let pool = ThreadPool(threads: threads)
    current.withLock { $0 = pool }
  }

  public let threads: Int
  /// Safe: the C pool guards itself, and dies in `deinit` alone.
  private nonisolated(unsafe) let pool: OpaquePointer?

  public init(threads: Int) {
    self.threads = max(1, threads)
    pool = scant_pool_create(Int32(self.threads))
  }

  deinit { if let pool { scant_pool_destroy(pool) } }

  /// Processor time of the workers so far, s; the caller's own is not in it.
  package var workerSeconds: Double { pool.map { scant_pool_seconds($0) } ?? 0 }

  /// Calls `body` with 0..<count, each once, and returns when all calls have returned.
  public func parallel(_ count: Int, _ body: @Sendable (Int) -> Void) {
    guard let pool, count > 1 else {
      for index in 0..<count { body(index) }
      return
    }
    withoutActuallyEscaping(body) { body in
      // Safe: the loop has ended, on every thread, before `loop` goes.
      withUnsafePointer(to: Loop(body: body)) { loop in
        scant_pool_run(
          pool, count,
          { context, index in
            context?.assumingMemoryBound(to: Loop.self).pointee.body(index)
          }, loop)
      }
    }
  }

  private struct Loop { let body: @Sendable (Int) -> Void }
}

/// Splits 0..<count into parts of at most `grain`, as `partLength` says, and runs them on the
/// shared pool; `body` receives where a part starts and how long it is.
func parallelParts(
  _ count: Int, grain: Int = 32_768, _ body: @Sendable (_ start: Int, _ length: Int) -> Void
) {
  let length = partLength(count, grain: grain)
  guard count > length else { return body(0, count) }
  ThreadPool.shared.parallel((count + length - 1) / length) { part in
    body(part * length, min(length, count - part * length))
  }
}

/// How long the parts of 0..<count are, the last one perhaps shorter: whatever the number of
/// threads, and an even number of nearly equal ones, so that two threads end together; multiples of
/// 32 where `grain` is one. Asked again with the result as `grain`, it is the same.
func partLength(_ count: Int, grain: Int) -> Int {
  guard count > grain, grain > 1 else { return grain }
  let parts = 2 * ((count + 2 * grain - 1) / (2 * grain))
  let length = (count + parts - 1) / parts
  return grain.isMultiple(of: 32) ? min(grain, (length + 31) / 32 * 32) : length
}
