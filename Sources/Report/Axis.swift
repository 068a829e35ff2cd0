// A linear axis with round ticks, and numbers as a plot writes them.
import Foundation

/// Maps values to pixels.
package struct Axis: Sendable, Equatable {
  package let range: ClosedRange<Double>
  /// The pixels of both ends of the range; the first may be the larger one.
  package let pixels: (Double, Double)
  package let ticks: [Double]

  package static func == (a: Axis, b: Axis) -> Bool {
    a.range == b.range && a.pixels == b.pixels && a.ticks == b.ticks
  }

  /// - Parameters:
  ///   - values: What must fit in; those that are not finite are passed over.
  ///   - isRounded: Whether the range grows to the next ticks.
  ///   - most: The most intervals between ticks.
  package init(_ values: [Double], pixels: (Double, Double), isRounded: Bool = true, most: Int = 5)
  {
    let finite = values.filter(\.isFinite)
    var (low, high) = (finite.min() ?? 0, finite.max() ?? 1)
    if high - low < 1e-9 { (low, high) = (low - 0.5, high + 0.5) }
    let step = Self.step((high - low) / Double(most))
    if isRounded {
      low = (low / step + 1e-9).rounded(.down) * step
      high = (high / step - 1e-9).rounded(.up) * step
    }
    let first = Int((low / step - 1e-9).rounded(.up))
    let last = Int((high / step + 1e-9).rounded(.down))
    ticks = first <= last ? (first...last).map { Double($0) * step } : []
    range = low...high
    self.pixels = pixels
  }

  package func callAsFunction(_ value: Double) -> Double {
    let share = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    return pixels.0 + share * (pixels.1 - pixels.0)
  }

  /// The next of 1, 2 and 5 times a power of ten.
  private static func step(_ least: Double) -> Double {
    let power = pow(10, log10(least).rounded(.down))
    return ([1, 2, 5].first { $0 * power >= least * (1 - 1e-9) } ?? 10) * power
  }

  /// A tick's number, with no more digits than the ticks differ in.
  package func label(_ tick: Double) -> String {
    let step = ticks.count > 1 ? ticks[1] - ticks[0] : 1
    let digits = max(0, Int((-log10(step) - 1e-9).rounded(.up)))
    if abs(tick) >= 10_000, step >= 1000 { return "\((tick / 1000).fixed(0)) k" }
    return tick.fixed(digits)
  }
}

extension Double {
  /// With that many decimals; a minus sign and not a hyphen.
  func fixed(_ digits: Int) -> String {
    guard isFinite else { return "–" }
    let text = String(format: "%.\(digits)f", self)
    let isZero = !text.contains { ("1"..."9").contains($0) }
    guard text.hasPrefix("-") else { return text }
    return isZero ? String(text.dropFirst()) : "−" + text.dropFirst()
  }

  /// As an attribute: pixels to a tenth.
  var pixel: String {
    let rounded = (self * 10).rounded() / 10
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }
}
