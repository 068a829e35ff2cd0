// Score against cost: the rows of a table as a plot of letters.
import Foundation

/// What a row of the table costs.
public enum Cost: String, CaseIterable, Sendable {
  case parameters, seconds, inference, memory

  /// With the unit.
  public var title: String {
    switch self {
    case .parameters: "trained parameters"
    case .seconds: "training, s"
    case .inference: "inference, ms a clip"
    case .memory: "peak memory, MiB"
    }
  }

  /// nil if the logs of the row do not say, or if it is 0, which a logarithm has no place for.
  func value(_ row: ResultsTable.Row) -> Double? {
    let value: Double? =
      switch self {
      case .parameters: Double(row.trainableParameters)
      case .seconds: row.trainingSeconds
      case .inference: row.inferenceMilliseconds
      case .memory: row.peakMemory.map { Double($0) / 1_048_576 }
      }
    return value.flatMap { $0 > 0 ? $0 : nil }
  }
}

/// A plot in text: the mean score of each row upwards, the logarithm of its cost to the right. Each
/// row has a letter; a place that several rows share has a star.
public struct CostPlot: Sendable {
  public struct Mark: Sendable, Equatable {
    public let letter: Character
    public let name: String
    public let score, cost: Double
  }

  public let metric: String
  public let cost: Cost
  public let marks: [Mark]
  /// Rows without a score or a cost.
  public let left: [String]

  /// Of the network that is the result of each row.
  public init(_ table: ResultsTable, metric: String, cost: Cost) {
    (self.metric, self.cost) = (metric, cost)
    var marks: [Mark] = [], left: [String] = []
    for row in table.rows {
      let swept = row.sweep.sorted { $0.key < $1.key }.map(\.value)
      let name = ([row.name] + swept).joined(separator: " ")
      guard let score = row.networks.first?.cells[metric]?.mean, let cost = cost.value(row) else {
        left.append(name)
        continue
      }
      let letter = Self.letters[marks.count % Self.letters.count]
      marks.append(Mark(letter: letter, name: name, score: score, cost: cost))
    }
    (self.marks, self.left) = (marks, left)
  }

  private static let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")

  /// The plot, then a line for each letter. `width` and `height` are those of the field of letters.
  public func lines(width: Int = 60, height: Int = 14) -> [String] {
    guard let scores = ends(marks.map(\.score)), let costs = ends(marks.map { log10($0.cost) })
    else { return ["no row has a \(metric) and a cost"] }
    var field = [[Character]](repeating: Array(repeating: " ", count: width), count: height)
    for mark in marks {
      let x = place(log10(mark.cost), costs, width)
      let y = height - 1 - place(mark.score, scores, height)
      field[y][x] = field[y][x] == " " ? mark.letter : "*"
    }
    var lines = field.enumerated().map { y, row in
      let isLabelled = y == 0 || y == height - 1
      let label = isLabelled ? Self.number(y == 0 ? scores.high : scores.low) : ""
      return padded(label, 7) + " │" + String(row)
    }
    let (low, high) = (Self.number(pow(10, costs.low)), Self.number(pow(10, costs.high)))
    lines.append(padded("", 7) + " └" + String(repeating: "─", count: width))
    lines.append(
      padded("", 9) + low + String(repeating: " ", count: max(1, width - low.count - high.count))
        + high)
    return ["\(metric) against \(cost.title) (logarithm)"] + lines + legend
  }

  private var legend: [String] {
    let rows = marks.map {
      let numbers = String(format: "%.3f", $0.score) + "  " + padded(Self.number($0.cost), 9)
      return "\($0.letter)  \(numbers)  \($0.name)"
    }
    return rows
      + (left.isEmpty ? [] : ["without a score or a cost: \(left.joined(separator: ", "))"])
  }

  /// The ends of an axis; apart from each other also if all values are alike.
  private func ends(_ values: [Double]) -> (low: Double, high: Double)? {
    guard let low = values.min(), let high = values.max() else { return nil }
    return low < high ? (low, high) : (low - 0.5, high + 0.5)
  }

  private func place(_ value: Double, _ ends: (low: Double, high: Double), _ count: Int) -> Int {
    let share = (value - ends.low) / (ends.high - ends.low)
    return min(count - 1, max(0, Int((share * Double(count - 1)).rounded())))
  }

  /// Three digits that count.
  private static func number(_ value: Double) -> String {
    abs(value) >= 100 ? String(format: "%.0f", value) : String(format: "%.3g", value)
  }

  private func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
