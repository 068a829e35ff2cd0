// Comparison of arrays of numbers within a stated tolerance.
import Testing

/// Expects `abs(a - b) <= absolute + relative * abs(b)` everywhere; b is the reference. The
/// message names the worst place and the largest difference. NaN is close to nothing.
public func expectClose(
  _ a: [Float], _ b: [Float], relative: Float = 0, absolute: Float = 1e-6,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard a.count == b.count else {
    Issue.record("\(a.count) values; expected \(b.count)", sourceLocation: sourceLocation)
    return
  }
  var worst = 0
  var largest: Float = 0
  var excess: Float = 0
  for index in a.indices {
    let difference = abs(a[index] - b[index])
    let tolerance = absolute + relative * abs(b[index])
    largest = max(largest, difference)
    let beyond = difference <= tolerance ? 0 : difference.isNaN ? .infinity : difference - tolerance
    if beyond > excess { (excess, worst) = (beyond, index) }
  }
  if excess > 0 {
    Issue.record(
      """
      \(a[worst]) at \(worst); expected \(b[worst]); largest difference \(largest), \
      tolerance \(absolute) + \(relative) · |expected|
      """, sourceLocation: sourceLocation)
  }
}

/// Expects two numbers to be close, as for arrays.
public func expectClose(
  _ a: Float, _ b: Float, relative: Float = 0, absolute: Float = 1e-6,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  expectClose([a], [b], relative: relative, absolute: absolute, sourceLocation: sourceLocation)
}
