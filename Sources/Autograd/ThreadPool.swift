// Worker threads for parallel loops.
import CKernels
import Foundation
import Synchronization

/// A pool of worker threads that runs the iterations of a loop in parallel.
///
/// ```swift
/// ThreadPool.configure(threads: 2)
/// ThreadPool.shared.parallel(8) { index in
///   // Write only what belongs to `index`.
/// }
/// ```
///
/// Threads claim iterations one by one. If each iteration writes only what belongs to its index,
/// the result does not depend on scheduling. Several queues may use the pool at once: if the
/// workers are busy, the loop runs on the calling thread alone. Nested loops run on the thread they
/// are in.
public final class ThreadPool: Sendable {
  private static let current = Mutex(ThreadPool(threads: ProcessInfo.processInfo.processorCount))

  /// The pool that all operations use. It has one thread per core unless configured otherwise.
  public static var shared: ThreadPool { current.withLock { $0 } }

  /// Replaces the shared pool. Running loops finish on the old one.
  public static func configure(threads: Int) {
    let pool = ThreadPool(threads: threads)
    current.withLock { $0 = pool }
  }

  /// The number of threads, including the calling one; at least 1.
  public let threads: Int
  /// Safe: the C pool locks itself, and only `deinit` frees it.
  private nonisolated(unsafe) let pool: OpaquePointer?

  /// A pool of `threads` threads, at least 1.
  public init(threads: Int) {
    self.threads = max(1, threads)
    pool = scant_pool_create(Int32(self.threads))
  }

  deinit { if let pool { scant_pool_destroy(pool) } }

  /// The CPU time of the workers so far, in s, without that of the calling thread.
  package var workerSeconds: Double { pool.map { scant_pool_seconds($0) } ?? 0 }

  /// Calls `body` once with each of 0..<count and returns when all calls have returned.
  public func parallel(_ count: Int, _ body: @Sendable (Int) -> Void) {
    guard let pool, count > 1 else {
      for index in 0..<count { body(index) }
      return
    }
    withoutActuallyEscaping(body) { body in
      // Safe: the loop has ended on every thread before `loop` is freed.
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

/// Splits 0..<count into parts of at most `grain` (see `partLength`) and runs them on the shared
/// pool. `body` receives the start and the length of a part.
func parallelParts(
  _ count: Int, grain: Int = 32_768, _ body: @Sendable (_ start: Int, _ length: Int) -> Void
) {
  let length = partLength(count, grain: grain)
  guard count > length else { return body(0, count) }
  ThreadPool.shared.parallel((count + length - 1) / length) { part in
    body(part * length, min(length, count - part * length))
  }
}

/// The length of the parts of 0..<count; the last part may be shorter.
///
/// The length does not depend on the number of threads. The number of parts is even and their
/// lengths are nearly equal, so that two threads end together. If `grain` is a multiple of 32, so
/// is the length. Calling the function again with the result as `grain` returns the same length.
func partLength(_ count: Int, grain: Int) -> Int {
  guard count > grain, grain > 1 else { return grain }
  let parts = 2 * ((count + 2 * grain - 1) / (2 * grain))
  let length = (count + parts - 1) / parts
  return grain.isMultiple(of: 32) ? min(grain, (length + 31) / 32 * 32) : length
}
