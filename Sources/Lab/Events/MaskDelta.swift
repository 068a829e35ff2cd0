// The event of a method that takes missing labels out of the loss.
import Methods

/// Which entries are masked from now on. `cells` n · C + k count the training clips in the order
/// of the data set; they are written as differences, the first from 0.
public struct MaskDelta: EventBody {
  public static let kind = "maskDelta"

  public var method: String
  /// Per class, the lowest teacher's probability that was masked; absent if none was.
  public var thresholds: [Float?]
  /// Candidate entries per class.
  public var candidates: [Int]
  public var cells: [Int]
  /// The teacher's probability of each masked entry, three decimals.
  public var scores: [Float]
  /// Share of the masked entries that are positive in truth, and share of the hidden positives
  /// that are masked; absent if the truth is unknown.
  public var precision: Double?
  public var recall: Double?
  /// The masked share if the method chose it; absent if it was given.
  public var share: Double?
}

extension MaskDelta {
  /// `masked`: entries n · C + k, ascending.
  package init(
    method: String, thresholds: [Float?], candidates: [Int], masked: [Int], scores: [Float],
    precision: Double?, recall: Double?
  ) {
    self.init(
      method: method, thresholds: thresholds, candidates: candidates,
      cells: zip(masked, [0] + masked).map { $0 - $1 }, scores: scores, precision: precision,
      recall: recall)
  }

  init(_ report: MaskReport, method: String) {
    self.init(
      method: method, thresholds: report.thresholds, candidates: report.candidates,
      masked: report.cells, scores: report.scores.map { ($0 * 1000).rounded() / 1000 },
      precision: report.precision, recall: report.recall)
    share = report.choice?.share
  }

  /// Masked entries n · C + k, ascending, and the teacher's probability of each.
  public var masked: [(cell: Int, score: Float)] {
    var cell = 0
    return zip(cells, scores).map { difference, score in
      cell += difference
      return (cell, score)
    }
  }

  /// "8640 of 28800 missing labels masked, precision 0.31, recall 0.78".
  public var summary: String {
    let all = candidates.reduce(0, +)
    let quality = [("precision", precision), ("recall", recall)].compactMap { name, value in
      value.map { ", \(name) \(($0 * 1000).rounded() / 1000)" }
    }
    return "\(cells.count) of \(all) missing labels masked" + quality.joined()
  }
}

/// The state of a label and its origin, one letter each; the letters are those of the ASCII
/// screens, which show every answer given by hand as `h`.
public enum LabelState: UInt8, Codable, Sendable, CaseIterable {
  case missing, positive, negative, masked, teacher, answeredYes, answeredNo

  public var letter: Character {
    switch self {
    case .missing: "."
    case .positive: "P"
    case .negative: "n"
    case .masked: "x"
    case .teacher: "t"
    case .answeredYes: "H"
    case .answeredNo: "h"
    }
  }

  /// Nil for another letter.
  package init?(letter: Character) {
    guard let found = Self.allCases.first(where: { $0.letter == letter }) else { return nil }
    self = found
  }

  /// An answer given by hand: an entry of a label patch.
  public var isAnswered: Bool { self == .answeredYes || self == .answeredNo }

  public var isPositive: Bool { self == .positive || self == .answeredYes }

  public var isNegative: Bool { self == .negative || self == .answeredNo }

  /// A positive or negative label.
  public var isObserved: Bool { isPositive || isNegative }
}
