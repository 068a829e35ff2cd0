import Datasets

/// The missing entries (clip, class) that a method masked in the loss, and how well it chose them.
public struct MaskReport: Sendable, Equatable {
  /// The masked entries in ascending order: n · C + k for clip n and class k of the training set.
  public let cells: [Int]
  /// The teacher's probability for each of them.
  public let scores: [Float]
  /// For each class, the lowest masked probability; nil if nothing was masked.
  public let thresholds: [Float?]
  /// For each class, the number of missing entries.
  public let candidates: [Int]
  /// The fraction of masked entries that are truly positive; nil if the truth is unknown or nothing
  /// was masked.
  public let precision: Double?
  /// The fraction of truly positive missing entries that are masked; nil if the truth is unknown or
  /// there are none.
  public let recall: Double?
  /// How the share was chosen; nil if it was given.
  public internal(set) var choice: ShareChoice?

  /// `masked` holds the masked clips by class; `probabilities` is [N, C].
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
