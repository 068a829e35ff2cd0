// A parallel map that keeps the order.
import Autograd

/// Maps 0..<count in parallel on the shared thread pool. The results are in order.
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

/// Safe: each iteration writes only its own slot, before the array is read.
private struct Slots<Value>: @unchecked Sendable { let base: UnsafeMutablePointer<Value> }
