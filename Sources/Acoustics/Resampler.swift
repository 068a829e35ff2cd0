// Band-limited change of sample rate by a Kaiser-windowed sinc, one filter per phase.
import Foundation

/// Resamples by the ratio `to / from`; n samples become ceil(n · to / from).
/// Theory: J. O. Smith, "Digital audio resampling", CCRMA; window after Kaiser 1974.
public struct Resampler: Sendable {
  /// Input and output rate in Hz.
  public let from, to: Int

  private let up, down: Int  // to / from in lowest terms
  private let phases: Int
  private let taps: Int
  private let filters: [Float]  // [phases (+ 1 when interpolating), taps]
  private let isExact: Bool  // one filter for each phase that occurs

  /// Zero crossings of the sinc on each side; with `rolloff` and `beta` this keeps tones
  /// up to 89 % of the band within 0.1 dB and lowers those 2 % beyond it by 95 dB.
  private static let zeroCrossings = 40.0
  private static let rolloff = 0.945
  private static let beta = 10.06
  /// Above this many phases neighbours are interpolated; the error stays below -110 dB.
  private static let mostPhases = 2048

  /// Rates in Hz, positive. Tables take up to a few MB; `shared` keeps them.
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

  /// The resampler for these rates, its tables computed once.
  public static func shared(from: Int, to: Int) -> Resampler { cache[Rates(from: from, to: to)] }

  private struct Rates: Hashable { var from, to: Int }
  private static let cache = Shared<Rates, Resampler> { Resampler(from: $0.from, to: $0.to) }

  /// `samples` at rate `to`; silence is assumed before and after them.
  public func callAsFunction(_ samples: [Float]) -> [Float] {
    guard from != to, !samples.isEmpty else { return samples }
    let count = (samples.count * up + down - 1) / down
    let half = taps / 2
    let margin = [Float](repeating: 0, count: taps)
    let padded = margin[..<(half - 1)] + samples + margin
    // In bounds: the last output sits before the last input, at most `half` taps reach past it.
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

  /// Filter p looks at input k - (taps / 2 - 1) for k in 0..<taps around an instant p / phases
  /// past the centre. Each is scaled to a sum of one, so that a constant stays exactly itself.
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

  /// The Kaiser window at x in -1...1, up to a constant.
  private static func kaiser(_ x: Double) -> Double {
    besselI0(beta * max(0, 1 - x * x).squareRoot())
  }

  /// Modified Bessel function of the first kind, order 0, by its power series.
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
