import Foundation

/// A band-limited resampler with a Kaiser-windowed sinc, one filter per phase.
///
/// n samples become ⌈n · to / from⌉. Tones up to 89 % of the band stay within 0.1 dB; tones 2 %
/// above the band are attenuated by 95 dB. Sources: J. O. Smith, "Digital audio resampling", CCRMA;
/// Kaiser 1974 for the window.
public struct Resampler: Sendable {
  /// The input rate in Hz.
  public let from: Int
  /// The output rate in Hz.
  public let to: Int

  private let up, down: Int  // to / from in lowest terms
  private let phases: Int
  private let taps: Int
  private let filters: [Float]  // [phases (+ 1 when interpolating), taps]
  private let isExact: Bool  // one filter for each phase that occurs

  /// Zero crossings of the sinc on each side. With `rolloff` and `beta` this gives the passband and
  /// stopband stated above.
  private static let zeroCrossings = 40.0
  private static let rolloff = 0.945
  private static let beta = 10.06
  /// The maximum number of phases. Beyond it filters are interpolated, with an error below −110 dB.
  private static let mostPhases = 2048

  /// A resampler from `from` Hz to `to` Hz, both positive. Its tables take up to a few MB;
  /// ``shared(from:to:)`` caches them.
  public init(from: Int, to: Int) {
    precondition(from > 0 && to > 0, "sample rates are positive, not \(from) and \(to)")
    self.from = from
    self.to = to
    let divisor = Self.commonDivisor(from, to)
    up = to / divisor
    down = from / divisor
    isExact = up <= Self.mostPhases
    phases = isExact ? up : Self.mostPhases / 2
    let cutoff = Self.rolloff * min(1, Double(to) / Double(from))
    taps = 2 * Int((Self.zeroCrossings / cutoff).rounded(.up))
    filters = Self.filters(
      phases: phases, count: isExact ? phases : phases + 1, taps: taps, cutoff: cutoff)
  }

  /// The cached resampler for these rates in Hz.
  public static func shared(from: Int, to: Int) -> Resampler { cache[Rates(from: from, to: to)] }

  private struct Rates: Hashable { var from, to: Int }
  private static let cache = Shared<Rates, Resampler> { Resampler(from: $0.from, to: $0.to) }

  /// Resamples mono samples. Silence is assumed before and after them.
  public func callAsFunction(_ samples: [Float]) -> [Float] {
    guard from != to, !samples.isEmpty else { return samples }
    let count = (samples.count * up + down - 1) / down
    let half = taps / 2
    let margin = [Float](repeating: 0, count: taps)
    let padded = margin[..<(half - 1)] + samples + margin
    // In bounds: the last output lies before the last input, and at most `half` taps reach past it.
    return padded.withUnsafeBufferPointer { input in
      filters.withUnsafeBufferPointer { filters in
        [Float](unsafeUninitializedCapacity: count) { output, initialized in
          if let x = input.baseAddress, let h = filters.baseAddress, let y = output.baseAddress {
            isExact ? exact(x, h, y, count) : interpolated(x, h, y, count)
            initialized = count
          }
        }
      }
    }
  }

  private func exact(
    _ input: UnsafePointer<Float>, _ filters: UnsafePointer<Float>,
    _ output: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    var start = 0
    var phase = 0
    let whole = down / up
    let rest = down % up
    for index in 0..<count {
      output[index] = dot(input + start, filters + phase * taps, taps)
      start += whole
      phase += rest
      if phase >= up {
        phase -= up
        start += 1
      }
    }
  }

  private func interpolated(
    _ input: UnsafePointer<Float>, _ filters: UnsafePointer<Float>,
    _ output: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    for index in 0..<count {
      let (start, rest) = (index * down).quotientAndRemainder(dividingBy: up)
      let position = Double(rest) / Double(up) * Double(phases)
      let phase = min(Int(position), phases - 1)
      let share = Float(position - Double(phase))
      let low = dot(input + start, filters + phase * taps, taps)
      let high = dot(input + start, filters + (phase + 1) * taps, taps)
      output[index] = low + share * (high - low)
    }
  }
}

extension Resampler {
  private static func commonDivisor(_ a: Int, _ b: Int) -> Int {
    b == 0 ? a : commonDivisor(b, a % b)
  }

  /// Filter p reads the inputs k − (taps / 2 − 1) for k in 0..<taps around a time p / phases after
  /// the centre. Each filter has sum 1, so that a constant stays exactly the same.
  private static func filters(phases: Int, count: Int, taps: Int, cutoff: Double) -> [Float] {
    let half = Double(taps / 2)
    var table: [Float] = []
    table.reserveCapacity(count * taps)
    for phase in 0..<count {
      let instant = Double(phase) / Double(phases)
      let filter = (0..<taps).map { tap -> Double in
        let t = Double(tap) - (half - 1) - instant
        return sinc(cutoff * t) * kaiser(t / half)
      }
      let sum = filter.reduce(0, +)
      table += filter.map { Float($0 / sum) }
    }
    return table
  }

  private static func sinc(_ x: Double) -> Double {
    abs(x) < 1e-12 ? 1 : sin(.pi * x) / (.pi * x)
  }

  /// The Kaiser window at x in −1...1, up to a constant.
  private static func kaiser(_ x: Double) -> Double {
    besselI0(beta * max(0, 1 - x * x).squareRoot())
  }

  /// The modified Bessel function of the first kind and order 0, by its power series.
  private static func besselI0(_ x: Double) -> Double {
    var term = 1.0
    var sum = 1.0
    var k = 1.0
    while term > sum * 1e-12 {
      term *= (x / (2 * k)) * (x / (2 * k))
      sum += term
      k += 1
    }
    return sum
  }
}
