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
