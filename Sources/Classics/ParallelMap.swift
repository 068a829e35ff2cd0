// Results of independent pieces of work, in order.
import Autograd

/// `body` of 0..<count, in parallel on the shared pool; the results are in order whatever the
/// scheduling.
func parallelMap<Value: Sendable>(
  _ count: Int, _ body: @Sendable (Int) -> Value
) -> [Value] {
  [Value](unsafeUninitializedCapacity: count) { buffer, initialized in
    guard let base = buffer.baseAddress else { return }
    let slots = Slots(base: base)
    ThreadPool.shared.parallel(count) { (slots.base + $0).initialize(to: body($0)) }
    initialized = count
  }
}

/// Safe: every piece writes its own slot, once, before the array is seen.
private struct Slots<Value>: @unchecked Sendable { let base: UnsafeMutablePointer<Value> }
