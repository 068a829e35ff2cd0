// How long one repetition takes: warmed up, repeated, summed up by the median.

/// Milliseconds of single repetitions.
public struct Timing: Sendable, Equatable {
  public let milliseconds: [Double]

  public init(milliseconds: [Double]) { self.milliseconds = milliseconds }

  public var repetitions: Int { milliseconds.count }
  public var least: Double { milliseconds.min() ?? 0 }

  /// The mean of the two in the middle where their number is even.
  public var median: Double {
    let sorted = milliseconds.sorted()
    guard let last = sorted.last else { return 0 }
    let middle = sorted.count / 2
    let upper = middle < sorted.count ? sorted[middle] : last
    return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + upper) / 2 : upper
  }

  /// Runs `body` twice to warm up (once when that takes 2 s), then for `seconds`, three times at
  /// least.
  public static func measure(seconds: Double, _ body: () throws -> Void) rethrows -> Timing {
    let clock = ContinuousClock()
    let warmUp = try clock.measure { try body() }
    if warmUp < .seconds(2) { try body() }
    var times: [Double] = []
    let end = clock.now + .seconds(seconds)
    while times.count < 3 || clock.now < end {
      times.append(try clock.measure { try body() } / .milliseconds(1))
    }
    return Timing(milliseconds: times)
  }
}
