// Out-of-fold predictions: what the chosen runs of each row said of the clips they were tested on,
// put together over all folds.
import Datasets
import Foundation
import Metrics

/// Reads the runs of a comparison.
package struct PooledPredictions {
  private let classes: Int
  private let isSingleLabel: Bool
  /// By id, with labels and groups.
  private let clips: [String: Clip]

  package init(classes: Int, isSingleLabel: Bool, clips: [String: Clip]) {
    (self.classes, self.isSingleLabel, self.clips) = (classes, isSingleLabel, clips)
  }

  /// All rows over the same clips in the same order. `runs`: [rows][places]. A clip that a row
  /// has no prediction for at a place, or that has no label, is left out for all.
  package func rows(
    _ names: [(name: String, title: String)], _ runs: [[RunFolder]], seconds: [Double]
  ) throws -> [OutOfFoldPredictions] {
    let found = try runs.map { try $0.map { try RunPredictions(reading: $0, classes: classes) } }
    let places = found.first?.indices.map { place in common(found.map { $0[place] }) } ?? []
    return try zip(names, zip(found, seconds)).map { name, pair in
      try row(name, pair.0, places, seconds: pair.1)
    }
  }

  /// Clips that all have, in the order of the first, with a label.
  private func common(_ all: [RunPredictions]) -> [String] {
    let others = all.dropFirst().map { Set($0.clips) }
    return (all.first?.clips ?? []).filter { id in
      others.allSatisfy { $0.contains(id) }
        && clips[id]?.labels.contains { $0 != nil } == true
    }
  }

  private func row(
    _ name: (name: String, title: String), _ found: [RunPredictions], _ places: [[String]],
    seconds: Double
  ) throws -> OutOfFoldPredictions {
    var scores: [Float] = []
    for (predictions, ids) in zip(found, places) {
      let rows = Dictionary(
        zip(predictions.clips, predictions.clips.indices), uniquingKeysWith: { first, _ in first })
      for id in ids {
        guard let row = rows[id] else { continue }
        scores += predictions.scores[row * classes..<(row + 1) * classes]
      }
    }
    let ids = Array(places.joined())
    let labels = ids.flatMap { clips[$0]?.labels ?? [] }
    let labelled = try LabelledScores(
      scores: scores, targets: labels.map { $0 ?? 0 }, observed: labels.map { $0 != nil },
      classes: classes, isSingleLabel: isSingleLabel)
    return OutOfFoldPredictions(
      name: name.name, title: name.title, clips: ids,
      groups: ids.map { clips[$0]?.group ?? $0 }, labelled: labelled, seconds: seconds)
  }
}
