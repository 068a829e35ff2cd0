// The official scores of DCASE 2017 task 4, subtask A: sets of (file, label) pairs.

/// One label of one file.
public struct TagPair: Hashable, Sendable {
  public let file: String
  public let label: String

  public init(file: String, label: String) {
    self.file = file
    self.label = label
  }
}

/// Precision, recall and F1 of predicted pairs, over all labels and for each of them.
/// Source: Mesaros et al. 2019, doi:10.1109/TASLP.2019.2907016, and the organizers' scorer: what
/// is undefined is 0, and a label that the truth does not know is a false alarm.
public struct TagPairScores: Sendable, Equatable {
  public struct Part: Sendable, Equatable {
    public let precision, recall, f1: Double
    /// Pairs of the truth, and pairs predicted.
    public let actual, predicted: Int
  }

  public let micro: Part
  /// By label, of truth or prediction.
  public let perLabel: [String: Part]
  /// Files of the truth.
  public let files: Int

  public init(truth: Set<TagPair>, predicted: Set<TagPair>) {
    let actual = Dictionary(grouping: truth, by: \.label).mapValues(\.count)
    let said = Dictionary(grouping: predicted, by: \.label).mapValues(\.count)
    let right = Dictionary(grouping: truth.intersection(predicted), by: \.label)
      .mapValues(\.count)
    let labels = Set(actual.keys).union(said.keys)
    perLabel = Dictionary(
      uniqueKeysWithValues: labels.map { label in
        (label, Part(hits: right[label] ?? 0, of: actual[label] ?? 0, said: said[label] ?? 0))
      })
    micro = Part(
      hits: right.values.reduce(0, +), of: truth.count, said: predicted.count)
    files = Set(truth.map(\.file)).count
  }
}

extension TagPairScores.Part {
  fileprivate init(hits: Int, of actual: Int, said: Int) {
    precision = said == 0 ? 0 : Double(hits) / Double(said)
    recall = actual == 0 ? 0 : Double(hits) / Double(actual)
    f1 = actual + said == 0 ? 0 : 2 * Double(hits) / Double(actual + said)
    self.actual = actual
    predicted = said
  }
}
