// A mono sound in memory: samples and their rate, not a file.

/// Mono samples, nominally in -1...1, at `sampleRate` Hz.
public struct Waveform: Sendable, Equatable {
  public var samples: [Float]
  /// Samples per second, Hz.
  public var sampleRate: Int

  public init(samples: [Float], sampleRate: Int) {
    precondition(sampleRate > 0, "a waveform's sample rate is positive, not \(sampleRate)")
    self.samples = samples
    self.sampleRate = sampleRate
  }

  /// Duration in s.
  public var seconds: Double { Double(samples.count) / Double(sampleRate) }

  /// The same sound at `rate` Hz, band-limited; itself when the rate already fits.
  public func resampled(to rate: Int) -> Waveform {
    guard rate != sampleRate else { return self }
    let resampler = Resampler.shared(from: sampleRate, to: rate)
    return Waveform(samples: resampler(samples), sampleRate: rate)
  }

  /// Cut at the end, or padded with silence there, to `seconds` s (rounded to whole samples).
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
