// Averages channels and collects the samples without a second copy in memory.

/// Averages the channels of a block in a reusable buffer.
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

/// Collects samples into one array.
struct SampleStore {
  private var samples: [Float] = []
  /// The full parts of a sound of unknown length. Each part is just above 32 MiB, since the
  /// allocator returns memory of that size to the system as soon as it is freed.
  private var parts: [[Float]] = []
  private static let part = 8_300_000

  /// `expected` is nil unless the number of samples is certain.
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

  /// Returns all samples and leaves the store empty.
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
