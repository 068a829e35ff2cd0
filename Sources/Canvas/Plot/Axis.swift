/// A plot axis: a linear or logarithmic range and its ticks.
public struct Axis: Sendable, Hashable {
  public let low, high: Double
  public let isLogarithmic: Bool

  /// Exactly this range. An empty or invalid range is widened.
  public init(_ range: ClosedRange<Double>, logarithmic: Bool = false) {
    let low = logarithmic ? max(range.lowerBound, 1e-300) : range.lowerBound
    var high = logarithmic ? max(range.upperBound, low) : range.upperBound
    if high <= low { high = logarithmic ? low * 10 : low + 1 }
    (self.low, self.high, isLogarithmic) = (low, high, logarithmic)
  }

  /// A range of round numbers around the finite values. A constant gets some room on both sides.
  public init(fitting values: some Sequence<Double>, logarithmic: Bool = false, ticks: Int = 4) {
    var low = Double.infinity, high = -Double.infinity
    for value in values where value.isFinite && (!logarithmic || value > 0) {
      low = min(low, value)
      high = max(high, value)
    }
    guard low <= high else {
      self.init(logarithmic ? 0.1...1 : 0...1, logarithmic: logarithmic)
      return
    }
    if logarithmic {
      self.init(Axis.decades(low, high), logarithmic: true)
    } else {
      self.init(Axis.rounded(low, high, ticks))
    }
  }

  /// The position of a value, 0 at the low end and 1 at the high end; nil if it cannot be drawn.
  public func position(_ value: Double) -> Double? {
    guard value.isFinite else { return nil }
    guard isLogarithmic else { return (value - low) / (high - low) }
    guard value > 0 else { return nil }
    return (Math.log10(value) - Math.log10(low)) / (Math.log10(high) - Math.log10(low))
  }

  /// About `count` round values inside the range, at most, in ascending order.
  public func ticks(_ count: Int) -> [Double] {
    guard count > 0 else { return [] }
    if isLogarithmic { return logarithmicTicks(count) }
    let step = Axis.step(high - low, count)
    let first = (low / step - 1e-6).rounded(.up)
    let last = (high / step + 1e-6).rounded(.down)
    guard first <= last, last - first < 1000 else { return [] }
    return (Int(first)...Int(last)).map { Double($0) * step }
  }

  /// The tick as text, with enough decimals to distinguish it from its neighbours.
  public func label(_ tick: Double, of count: Int) -> String {
    if isLogarithmic { return tick >= 0.01 && tick < 1000 ? tick.short : tick.scientific }
    let step = Axis.step(high - low, count)
    let largest = max(low.magnitude, high.magnitude)
    if largest >= 1e6 || largest < 1e-3 { return tick.scientific }
    if largest >= 1e4, step >= 100 { return (tick / 1000).fixed(step < 1000 ? 1 : 0) + "k" }
    return tick.fixed(max(0, -Int(Math.log10(step * 1.001).rounded(.down))))
  }

  private func logarithmicTicks(_ count: Int) -> [Double] {
    let first = Int((Math.log10(low) - 1e-9).rounded(.up))
    let last = Int((Math.log10(high) + 1e-9).rounded(.down))
    guard first <= last else { return [low, high] }
    let stride = max(1, (last - first + count) / count)
    return Swift.stride(from: first, through: last, by: stride).map { Math.pow10($0) }
  }

  private static func decades(_ low: Double, _ high: Double) -> ClosedRange<Double> {
    let first = (Math.log10(low) + 1e-9).rounded(.down)
    let last = max(first + 1, (Math.log10(high) - 1e-9).rounded(.up))
    return Math.pow10(Int(first))...Math.pow10(Int(last))
  }

  private static func rounded(_ low: Double, _ high: Double, _ ticks: Int) -> ClosedRange<Double> {
    var (low, high) = (low, high)
    if high - low <= max(low.magnitude, high.magnitude) * 1e-9 {
      let room = low == 0 ? 1 : low.magnitude * 0.1
      (low, high) = (low == 0 ? 0 : low - room, high + room)
    }
    let step = step(high - low, max(8, 2 * ticks))  // finer than the ticks
    return (low / step + 1e-9).rounded(.down) * step...(high / step - 1e-9).rounded(.up) * step
  }

  /// The smallest of 1, 2, 5 times a power of ten that needs at most `count` steps.
  private static func step(_ span: Double, _ count: Int) -> Double {
    let raw = max(span, 1e-300) / Double(max(1, count))
    let power = Math.pow10(Int(Math.log10(raw).rounded(.down)))
    let factor = [1.0, 2, 5].first { $0 * power >= raw * 0.999 } ?? 10
    return factor * power
  }
}
