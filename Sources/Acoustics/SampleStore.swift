// Averages channels and gathers the result without ever holding it twice.

/// The mean of the channels of one block, in a buffer that is used again.
struct MonoBlock {
  private var mixed: [Float] = []

  mutating func mean<Result>(
    _ block: UnsafeBufferPointer<Float>, _ channels: Int,
    _ take: (UnsafeBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    guard channels > 1 else { return try take(block) }
    let frames = block.count / channels
    if mixed.count < frames { mixed = [Float](repeating: 0, count: frames) }
    let share = 1 / Float(channels)
    return try mixed.withUnsafeMutableBufferPointer { target in
      for frame in 0..<frames {
        let first = frame * channels
        var sum: Float = 0
        for channel in first..<(first + channels) { sum += block[channel] }
        target[frame] = sum * share
      }
      return try take(UnsafeBufferPointer(rebasing: target[..<frames]))
    }
  }
}

/// Gathers samples to one array.
struct SampleStore {
  private var samples: [Float] = []
  /// Filled parts of a sound whose length nobody knew. Each is just above 32 MiB: the allocator
  /// gives memory of that size back to the system as soon as it is freed.
  private var parts: [[Float]] = []
  private static let part = 8_300_000

  /// `expected` only where as many samples will come.
  init(expected: Int?) {
    if let expected { samples.reserveCapacity(expected) }
  }

  mutating func add(_ block: UnsafeBufferPointer<Float>) {
    if samples.count >= SampleStore.part, samples.count + block.count > samples.capacity {
      parts.append(samples)
      samples = []
      samples.reserveCapacity(1 << 23)
    }
    samples.append(contentsOf: block)
  }

  /// All samples; nothing is left here.
  mutating func finish() -> [Float] {
    guard !parts.isEmpty else { return samples }
    parts.append(samples)
    samples = []
    let count = parts.reduce(0) { $0 + $1.count }
    return [Float](unsafeUninitializedCapacity: count) { target, filled in
      for index in parts.indices {
        let slot = UnsafeMutableBufferPointer(rebasing: target[filled...])
        filled += parts[index].withUnsafeBufferPointer { slot.update(fromContentsOf: $0) }
        parts[index] = []
      }
    }
  }
}
