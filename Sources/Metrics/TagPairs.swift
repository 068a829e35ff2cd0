// The official scores of DCASE 2017 task 4, subtask A, over sets of (file, label) pairs.

/// A label of a file.
public struct TagPair: Hashable, Sendable {
  /// The name of the file.
  public let file: String
  /// The name of the label.
  public let label: String

  /// The pair of `file` and `label`.
  public init(file: String, label: String) {
    self.file = file
    self.label = label
  }
}

/// Precision, recall and F1 of predicted pairs, over all labels and per label.
///
/// Undefined values are 0, and a predicted label that does not occur in the ground truth is a false
/// positive, as in the organizers' scorer. Source: Mesaros et al. 2019,
/// doi:10.1109/TASLP.2019.2907016.
public struct TagPairScores: Sendable, Equatable {
  /// The scores of a set of pairs.
  public struct Part: Sendable, Equatable {
    /// The fraction of predicted pairs that are true; 0 without predictions.
    public let precision: Double
    /// The fraction of true pairs that are predicted; 0 without true pairs.
    public let recall: Double
    /// The harmonic mean of precision and recall.
    public let f1: Double
    /// The number of pairs in the ground truth.
    public let actual: Int
    /// The number of predicted pairs.
    public let predicted: Int
  }

  /// The scores of all pairs pooled.
  public let micro: Part
  /// The scores of each label that occurs in the ground truth or in the prediction.
  public let perLabel: [String: Part]
  /// The number of files in the ground truth.
  public let files: Int

  /// Scores predicted pairs against the ground truth.
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
