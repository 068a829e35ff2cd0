/// A curve: values at increasing steps, as logged. A non-finite value is kept; plots draw a gap.
public struct Series: Sendable, Equatable {
  public private(set) var steps: [UInt32] = []
  public private(set) var values: [Float] = []

  public init() {}

  public var count: Int { steps.count }
  public var last: (step: Int, value: Float)? {
    guard let step = steps.last, let value = values.last else { return nil }
    return (Int(step), value)
  }

  /// Appends, or, when a resumed run repeats steps, drops what lies at or after `step` first:
  /// the later line of the log wins.
  public mutating func append(_ value: Float, at step: Int) {
    while let last = steps.last, last >= UInt32(step) {
      steps.removeLast()
      values.removeLast()
    }
    steps.append(UInt32(step))
    values.append(value)
  }
}
