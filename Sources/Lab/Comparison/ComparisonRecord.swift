// `compare.json`: the plan of a comparison, how far it got, and what it took.
import Formats
import Foundation

/// Everything that a comparison needs to go on after an interruption, beside its runs.
package struct ComparisonRecord: Codable, Sendable, Equatable {
  package static let fileName = "compare.json"
  package static let version = 1

  package var version = ComparisonRecord.version
  package var name: String
  /// Of the data set with its first fold.
  package var digest: String
  package var budget: TimeBudget
  /// The rows that it began with, by name.
  package var methods: [String]
  /// Spent in all processes so far, s.
  package var used = 0.0
  package var plan: ComparisonPlan
  /// In the order of training.
  package var places: [ComparisonPlace]
  /// Places whose runs are finished, or given up.
  package var done: [ComparisonPlace] = []
  /// Of a row at a place, the candidate that validation chose: its name by `ROW PLACE`.
  package var chosen: [String: String] = [:]
  /// The validation scores of those, by the same key.
  package var scores: [String: Double] = [:]
  /// What the curve is drawn for, and where it is finished.
  package var curve: ComparisonRow.Candidate?
  package var curveDone: [ComparisonPlace] = []
  package var remarks: [String] = []
  /// What went wrong, a line each.
  package var problems: [String] = []
  /// Answers that its runs were trained with; nil without any.
  package var answers: Answers?
  package var isFinished = false
  /// Of the last time that the command came to its end.
  package var verdict: Verdict?

  /// Of a person, to missing labels.
  package struct Answers: Codable, Sendable, Equatable {
    /// A copy of the answers, so that later ones do not change the runs.
    package static let fileName = "answers.csv"
    package let count: Int
    package let digest: String
  }

  package init(
    name: String, digest: String, budget: TimeBudget, plan: ComparisonPlan,
    places: [ComparisonPlace], remarks: [String]
  ) {
    (self.name, self.digest, self.budget) = (name, digest, budget)
    (self.plan, self.places, self.remarks) = (plan, places, remarks)
    methods = plan.rows.map(\.name)
  }

  static func key(_ row: ComparisonRow, _ place: ComparisonPlace) -> String {
    row.name + place.draw + place.suffix
  }

  func candidate(of row: ComparisonRow, at place: ComparisonPlace) -> String? {
    chosen[Self.key(row, place)]
  }

  /// What the budget left no time for, a line each. Time may be found for the curve at the end.
  package var leftOut: [String] {
    plan.dropped.filter { curveDone.isEmpty || $0 != ComparisonPlan.noCurve }
  }

  /// The mean validation score of each row over the places that it was chosen at.
  var meanScores: [String: Double] {
    plan.rows.reduce(into: [:]) { means, row in
      let scores = places.compactMap { self.scores[Self.key(row, $0)] }
      guard !scores.isEmpty else { return }
      means[row.name] = scores.reduce(0, +) / Double(scores.count)
    }
  }

  /// Places in the order of training that the plan still has.
  var plannedPlaces: [ComparisonPlace] {
    let draws = Dictionary(grouping: places, by: \.draw)
    let order = places.map(\.draw).reduce(into: [String]()) {
      if !$0.contains($1) { $0.append($1) }
    }
    return order.prefix(1 + plan.repeats).flatMap { (draws[$0] ?? []).prefix(plan.folds) }
  }
}

extension ComparisonRecord {
  static func file(in folder: URL) -> URL { folder.appendingPathComponent(fileName) }

  /// Nil without the file. Throws `Problem` where it is not one of this version.
  package static func read(_ folder: URL) throws -> ComparisonRecord? {
    let file = file(in: folder)
    guard let data = try StoredFile.bytes(file) else { return nil }
    // Whatever does not decode is refused, never taken for an absent file.
    guard let record = try? JSONDecoder().decode(ComparisonRecord.self, from: data),
      record.version == version
    else {
      throw Problem(file.path, "not a comparison of this version; expected one, or --fresh")
    }
    return record
  }

  func write(_ folder: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(try encoder.encode(self), to: Self.file(in: folder))
  }
}
