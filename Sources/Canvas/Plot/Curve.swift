/// A curve of a plot: points in order of x. A non-finite value is a gap.
public struct Curve: Sendable, Hashable {
  public var name: String
  /// The letter at the right edge of a narrow plot, so that colour is not needed.
  public var letter: Character
  public var ink: Ink
  public var x: [Double]
  public var y: [Double]

  /// `x` and `y` are truncated to the shorter one.
  public init(
    _ name: String, letter: Character? = nil, ink: Ink = .role(.series0), x: [Double], y: [Double]
  ) {
    let count = min(x.count, y.count)
    self.name = name
    self.letter = letter ?? name.first ?? "?"
    self.ink = ink
    self.x = Array(x.prefix(count))
    self.y = Array(y.prefix(count))
  }

  /// The last finite value.
  public var last: Double? { y.last(where: \.isFinite) }

  /// The finite value at the largest x up to `position`.
  public func value(at position: Double) -> Double? {
    guard let i = x.lastIndex(where: { $0 <= position }) else { return nil }
    return y[i].isFinite ? y[i] : nil
  }

  /// The exponential moving average with weight `beta` on the past, divided by 1 − beta^n to
  /// correct the bias of the start (Kingma & Ba 2015, section 3). Gaps stay gaps.
  public func smoothed(_ beta: Double) -> Curve {
    let beta = min(0.99, max(0, beta))
    guard beta > 0 else { return self }
    var copy = self
    var mean = 0.0, weight = 0.0
    for i in y.indices where y[i].isFinite {
      mean = beta * mean + (1 - beta) * y[i]
      weight = beta * weight + (1 - beta)
      copy.y[i] = mean / weight
    }
    return copy
  }
}

extension Sequence<Double> {
  /// The values between which the middle 96 % of the finite ones lie; nil without any.
  var middle: ClosedRange<Double>? {
    let sorted = filter(\.isFinite).sorted()
    guard let last = sorted.indices.last else { return nil }
    let cut = Int(Double(last) * 0.02)
    return sorted[cut]...sorted[last - cut]
  }
}
