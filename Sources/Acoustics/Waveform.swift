/// A mono sound in memory.
public struct Waveform: Sendable, Equatable {
  /// The samples, nominally in −1...1.
  public var samples: [Float]
  /// Samples per second, in Hz.
  public var sampleRate: Int

  /// A sound at `sampleRate` Hz, which is positive.
  public init(samples: [Float], sampleRate: Int) {
    precondition(sampleRate > 0, "a waveform's sample rate is positive, not \(sampleRate)")
    self.samples = samples
    self.sampleRate = sampleRate
  }

  /// The duration in s.
  public var seconds: Double { Double(samples.count) / Double(sampleRate) }

  /// The sound resampled to `rate` Hz, band-limited.
  public func resampled(to rate: Int) -> Waveform {
    guard rate != sampleRate else { return self }
    let resampler = Resampler.shared(from: sampleRate, to: rate)
    return Waveform(samples: resampler(samples), sampleRate: rate)
  }

  /// Cuts the end, or pads it with silence, to `seconds` s, rounded to whole samples.
  public func fitted(toSeconds seconds: Double) -> Waveform {
    fitted(toCount: Int((seconds * Double(sampleRate)).rounded()))
  }

  func fitted(toCount count: Int) -> Waveform {
    guard count != samples.count else { return self }
    let kept = samples.prefix(count)
    let silence = repeatElement(Float(0), count: max(0, count - kept.count))
    return Waveform(samples: Array(kept) + silence, sampleRate: sampleRate)
  }
}

/// FNV-1a, 64 bits (Fowler, Noll, Vo), over bytes or over whole words.
public struct FNV1a: Sendable, Equatable {
  public var value: UInt64 = 0xcbf2_9ce4_8422_2325

  @inlinable public init() {}

  /// Takes in a byte; or a word at once, which gives another value than its eight bytes do.
  @inlinable public mutating func add(_ word: UInt64) {
    value = (value ^ word) &* 0x0000_0100_0000_01b3
  }

  @inlinable public mutating func add(bytes: some Sequence<UInt8>) {
    for byte in bytes { add(UInt64(byte)) }
  }

  /// A number as 16 hexadecimal digits.
  public static func digits(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

public enum Digest {
  /// The FNV-1a hash of `bytes` as 16 hexadecimal digits.
  public static func hex(_ bytes: some Sequence<UInt8>) -> String {
    var hash = FNV1a()
    hash.add(bytes: bytes)
    return FNV1a.digits(hash.value)
  }
}

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
