// Averages channels and gathers the result without ever holding it twice.

struct MonoMix {
  private var samples: [Float] = []
  /// Filled parts of a sound whose length nobody knew. Each is 40 MB, which the allocator gives
  /// back to the system as soon as it is freed.
  private var parts: [[Float]] = []
  private static let part = 10_000_000
  private var mixed: [Float] = []

  /// `expected` only where as many samples will come.
  init(expected: Int?) {
    if let expected { samples.reserveCapacity(expected) }
  }

  mutating func add(_ block: UnsafeBufferPointer<Float>, _ channels: Int) {
    if channels == 1 {
      samples.append(contentsOf: block)
    } else {
      mix(block, channels)
      samples.append(contentsOf: mixed[..<(block.count / channels)])
    }
    if samples.count >= MonoMix.part, samples.count + block.count > samples.capacity {
      parts.append(samples)
      samples = []
      samples.reserveCapacity(MonoMix.part + block.count)
    }
  }

  private mutating func mix(_ block: UnsafeBufferPointer<Float>, _ channels: Int) {
    let frames = block.count / channels
    if mixed.count < frames { mixed = [Float](repeating: 0, count: frames) }
    let share = 1 / Float(channels)
    mixed.withUnsafeMutableBufferPointer { target in
      for frame in 0..<frames {
        let first = frame * channels
        var sum: Float = 0
        for channel in first..<(first + channels) { sum += block[channel] }
        target[frame] = sum * share
      }
    }
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
