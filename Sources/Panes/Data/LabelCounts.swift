import Canvas
import Lab

/// How many labels of a class are positive, negative, missing …
public struct LabelCounts: Sendable, Equatable {
  public var positive = 0
  public var negative = 0
  /// Masked and teacher-filled labels.
  public var other = 0
  public var total = 0
  /// Of the positive and negative ones, those answered by hand.
  public var answered = 0

  public init(
    positive: Int = 0, negative: Int = 0, other: Int = 0, total: Int = 0, answered: Int = 0
  ) {
    self.positive = positive
    self.negative = negative
    self.other = other
    self.total = total
    self.answered = answered
  }

  public var missing: Int { total - positive - negative - other }
  public var observed: Int { positive + negative }
  /// Missing labels per label, 0…1; 0 where there are none at all.
  public var missingShare: Double { total == 0 ? 0 : Double(missing) / Double(total) }
  public var observedShare: Double { total == 0 ? 0 : Double(observed) / Double(total) }

  public static func + (a: LabelCounts, b: LabelCounts) -> LabelCounts {
    LabelCounts(
      positive: a.positive + b.positive, negative: a.negative + b.negative,
      other: a.other + b.other, total: a.total + b.total, answered: a.answered + b.answered)
  }
}

extension LabelCounts {
  /// What a cell that stands for several labels shows: what most of them are.
  var prevailing: LabelMark {
    if other > observed { return .masked }
    if 2 * answered > observed { return .human }
    return positive >= negative ? .positive : .negative
  }
}

/// Running sums of the labels of clips in some order, so that the counts of any class over any
/// range of clips cost two look-ups: the missingness map draws thousands of them a frame.
public struct LabelSums: Sendable, Equatable {
  public let classes: Int
  public let clips: Int
  /// `[C, N + 1]`: labels of the first n clips.
  private let positive, negative, other, answered: [Int32]

  /// `label(class, position)` answers for the clip at `position` of the order.
  public init(classes: Int, clips: Int, label: (Int, Int) -> LabelState) {
    self.classes = classes
    self.clips = clips
    var positive = [Int32](repeating: 0, count: classes * (clips + 1))
    var negative = positive, other = positive, answered = positive
    for c in 0..<classes {
      let row = c * (clips + 1)
      for n in 0..<clips {
        let state = label(c, n), i = row + n
        positive[i + 1] = positive[i] + (state.isPositive ? 1 : 0)
        negative[i + 1] = negative[i] + (state.isNegative ? 1 : 0)
        other[i + 1] = other[i] + (state.isObserved || state == .missing ? 0 : 1)
        answered[i + 1] = answered[i] + (state.isAnswered ? 1 : 0)
      }
    }
    (self.positive, self.negative, self.other) = (positive, negative, other)
    self.answered = answered
  }

  /// Counts of class `c` over the clips at these positions; positions outside are dropped.
  public func counts(of c: Int, in range: Range<Int>) -> LabelCounts {
    let range = range.clamped(to: 0..<clips)
    guard (0..<classes).contains(c) else { return LabelCounts() }
    let low = c * (clips + 1) + range.lowerBound, high = c * (clips + 1) + range.upperBound
    return LabelCounts(
      positive: Int(positive[high] - positive[low]), negative: Int(negative[high] - negative[low]),
      other: Int(other[high] - other[low]), total: range.count,
      answered: Int(answered[high] - answered[low]))
  }
}
