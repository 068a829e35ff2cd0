// The event of a method that takes missing labels out of the loss.
import Methods

/// Which entries are masked from now on. `cells` n · C + k count the training clips in the order
/// of the data set; they are written as differences, the first from 0.
public struct MaskDelta: Codable, Sendable, Equatable {
  public var method: String
  /// Per class, the lowest teacher's probability that was masked; absent where nothing was.
  public var thresholds: [Float?]
  /// Entries there were to choose from, per class.
  public var candidates: [Int]
  public var cells: [Int]
  /// The teacher's probability of each masked entry, three decimals.
  public var scores: [Float]
  /// Share of the masked entries that are positive in truth, and share of the hidden positives
  /// that are masked; absent where the truth is unknown.
  public var precision: Double?
  public var recall: Double?

  package init(
    method: String, thresholds: [Float?], candidates: [Int], cells: [Int], scores: [Float],
    precision: Double? = nil, recall: Double? = nil
  ) {
    self.method = method
    self.thresholds = thresholds
    self.candidates = candidates
    self.cells = cells
    self.scores = scores
    self.precision = precision
    self.recall = recall
  }

  init(_ report: MaskReport, method: String) {
    var last = 0
    self.init(
      method: method, thresholds: report.thresholds, candidates: report.candidates,
      cells: report.cells.map { cell in
        defer { last = cell }
        return cell - last
      },
      scores: report.scores.map { ($0 * 1000).rounded() / 1000 }, precision: report.precision,
      recall: report.recall)
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

/// Where a label comes from, one letter each; the letters are those of the ASCII screens, where an
/// answer given by hand is `h` whatever it says.
public enum LabelState: UInt8, Sendable, CaseIterable {
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

  /// Given by hand after the data set was made: an entry of a label patch.
  public var isAnswered: Bool { self == .answeredYes || self == .answeredNo }

  public var isPositive: Bool { self == .positive || self == .answeredYes }

  public var isNegative: Bool { self == .negative || self == .answeredNo }

  /// Somebody has said yes or no.
  public var isObserved: Bool { isPositive || isNegative }
}
