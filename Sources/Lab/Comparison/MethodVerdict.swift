// One method in a verdict.
import Metrics

/// The two ends of an interval; `[low, high]` in JSON.
public struct ScoreRange: Sendable, Equatable, Codable {
  public let low: Double
  public let high: Double

  public init(low: Double, high: Double) { (self.low, self.high) = (low, high) }

  init(_ interval: ConfidenceInterval) { self.init(low: interval.low, high: interval.high) }

  public init(from decoder: any Decoder) throws {
    var container = try decoder.unkeyedContainer()
    low = try container.decode(Double.self)
    high = try container.decode(Double.self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.unkeyedContainer()
    try container.encode(low)
    try container.encode(high)
  }
}

/// A method's score, and how it stands to the best one.
public struct MethodVerdict: Codable, Sendable, Equatable {
  /// The row's name in the session.
  public let name: String
  /// The name for people.
  public let title: String
  /// The headline metric.
  public let score: Double
  public let interval: ScoreRange
  /// The macro-averaged average precision; nil without an observed positive.
  public let averagePrecision: Double?
  /// Training time over all its runs, s.
  public let seconds: Double
  /// 0 for the methods that cannot be told apart from the best, 1 for those that cannot be told
  /// apart from the best of the rest, and so on.
  public let group: Int
  public let isBest: Bool
  /// nil for the best.
  public let versusBest: MethodComparison?

  /// The group's letter: A, B, C … ; after Z, Z.
  public var letter: String { Self.letter(group) }

  /// `best`, `level`, or `below A`: it can be told apart from the best of A.
  public var words: String {
    isBest ? "best" : group == 0 ? "level" : "below \(Self.letter(group - 1))"
  }

  private static func letter(_ group: Int) -> String {
    String(UnicodeScalar(UInt8(65 + min(max(group, 0), 25))))
  }
}

/// A method minus the best one, paired on the same clips.
public struct MethodComparison: Codable, Sendable, Equatable {
  /// In the headline metric; 0 or below.
  public let difference: Double
  public let interval: ScoreRange?
  public let p: Double
  /// By Holm, for all pairs of methods.
  public let corrected: Double
  /// What a test without correction finds in 80 % of cases; nil if the methods decide alike.
  public let smallestDifference: Double?
}
