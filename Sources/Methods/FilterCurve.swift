// FilterAugment: a random filter over mel bands.
import Autograd
import Layers

/// A change of level for each mel band, as a filter in front of the microphone would make it.
/// Paper: Nam, Kim & Park 2022, arXiv:2110.03282.
/// Differs: the paper's levels are dB of amplitude spectrograms. On standardized log spectrograms
/// they are added, in standard deviations.
public struct FilterCurve: Sendable {
  /// How the level changes over the bands.
  public enum Shape: String, CaseIterable, HyperparameterValue, Sendable {
    /// In straight lines between knots.
    case linear
    /// Constant within a range of bands.
    case step

    /// The number of ranges, and the least width of one in bands.
    var ranges: ClosedRange<Int> { self == .linear ? 3...5 : 2...4 }
    var leastWidth: Int { self == .linear ? 6 : 4 }
    /// The number of levels for so many ranges.
    func levels(_ ranges: Int) -> Int { self == .linear ? ranges + 1 : ranges }
  }

  private let shape: Shape
  /// The first band of each range, and the number of bands.
  public let boundaries: [Int]

  /// Ranges of bands.
  ///
  /// - Parameters:
  ///   - shape: Whether the gain is constant within a range or linear in the band.
  ///   - bands: The number of mel bands.
  ///   - draws: A random whole number for each boundary inside, from 0 to
  ///     `largestDraw(bands:ranges:shape:)`.
  ///   - leastWidth: The least width of a range; that of the shape if nil.
  public init(_ shape: Shape, bands: Int, draws: [Int], leastWidth: Int? = nil) {
    let width = leastWidth ?? shape.leastWidth
    self.shape = shape
    let inside = draws.sorted().enumerated().map { $1 + ($0 + 1) * width }
    boundaries = [0] + inside + [bands]
  }

  /// A random curve's ranges; nil if there are too few bands for two ranges.
  init?(_ shape: Shape, bands: Int, _ generator: inout Generator) {
    let choices = shape.ranges
    var ranges = choices.lowerBound + generator.index(below: choices.count)
    var width = shape.leastWidth
    // As in the authors' code, ranges become narrower where there are few bands.
    while width > 1, bands - ranges * width < 1 { width -= 1 }
    ranges = min(ranges, bands / max(1, width))
    guard ranges > 1 else { return nil }
    let free = bands - ranges * width + 1
    let draws = (1..<ranges).map { _ in generator.index(below: free) }
    self.init(shape, bands: bands, draws: draws, leastWidth: width)
  }

  /// The number of levels that a curve needs.
  public var levelCount: Int { shape.levels(boundaries.count - 1) }

  /// The change of each band, from levels of the knots or of the ranges.
  public func values(_ levels: [Double]) -> [Double] {
    precondition(levels.count == levelCount, "\(levels.count) levels for \(levelCount)")
    return (0..<boundaries.count - 1).flatMap { range -> [Double] in
      let width = boundaries[range + 1] - boundaries[range]
      guard shape == .linear, width > 1 else {
        return [Double](repeating: levels[range], count: width)
      }
      let slope = (levels[range + 1] - levels[range]) / Double(width - 1)
      return (0..<width).map { levels[range] + slope * Double($0) }
    }
  }
}
