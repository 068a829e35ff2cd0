// Which missing labels a method took out of the loss, and how well it chose.
import Datasets

/// Entries (clip, class) that a teacher's scores removed from the student's loss.
public struct MaskReport: Sendable, Equatable {
  /// Entries n · C + k of clip n and class k in the training set, ascending.
  public let cells: [Int]
  /// The teacher's probability of each of them.
  public let scores: [Float]
  /// Per class, the lowest probability that was masked; nil where nothing was.
  public let thresholds: [Float?]
  /// Per class, missing entries there were to choose from.
  public let candidates: [Int]
  /// Share of the masked entries that are positive in truth, and share of the truly positive
  /// missing entries that are masked; nil where truth is unknown (or there is nothing to count).
  public let precision, recall: Double?

  /// `masked`: entries by class; `probabilities` [N, C].
  init(masked: [[Int]], candidates: [Int], probabilities: [Float], clips: [Clip]) {
    let classes = masked.count
    let cells = masked.enumerated()
      .flatMap { k, rows in rows.map { $0 * classes + k } }.sorted()
    self.cells = cells
    scores = cells.map { probabilities[$0] }
    thresholds = masked.enumerated().map { k, rows in
      rows.map { probabilities[$0 * classes + k] }.min()
    }
    self.candidates = candidates
    (precision, recall) = MaskReport.quality(cells, clips, classes)
  }

  private static func quality(
    _ cells: [Int], _ clips: [Clip], _ classes: Int
  ) -> (precision: Double?, recall: Double?) {
    let isKnown = clips.allSatisfy { $0.truth != nil }
    guard isKnown, !clips.isEmpty else { return (nil, nil) }
    func isPositive(_ cell: Int) -> Bool {
      (clips[cell / classes].truth?[cell % classes] ?? 0) >= 0.5
    }
    let right = cells.count(where: isPositive)
    let positives = clips.indices.reduce(0) { sum, n in
      sum
        + (0..<classes).count { clips[n].labels[$0] == nil && isPositive(n * classes + $0) }
    }
    return (
      cells.isEmpty ? nil : Double(right) / Double(cells.count),
      positives == 0 ? nil : Double(right) / Double(positives)
    )
  }
}
