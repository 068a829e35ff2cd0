/// Groups of classes, as in the taxonomy of SONYC-UST: fine tags under a coarse tag.
///
/// A clip may have the tag X ("other or unknown") of a group: the group is present, but its class
/// is not known.
public struct TagGroups: Sendable, Equatable {
  /// A coarse tag and its fine tags.
  public struct Group: Sendable, Equatable {
    /// The name of the coarse tag.
    public let name: String
    /// The columns of the fine tags in the scores.
    public let members: [Int]

    /// A group of the columns `members`.
    public init(name: String, members: [Int]) {
      self.name = name
      self.members = members
    }
  }

  /// The groups.
  public let groups: [Group]
  /// Whether X is present, `[clips, groups]`, row-major; nil if it is not annotated.
  public let isUncertain: [Bool?]
  /// The scores of X, `[clips, groups]`; nil for a model that does not predict X.
  public let uncertainScores: [Float]?

  /// Groups with the labels and scores of X.
  ///
  /// - Throws: `MetricError.shape` if the counts do not fit or a group has no members.
  public init(
    _ groups: [Group], isUncertain: [Bool?], uncertainScores: [Float]? = nil
  ) throws(MetricError) {
    let expected = "clips × \(groups.count) groups"
    guard !groups.isEmpty, isUncertain.count.isMultiple(of: groups.count) else {
      throw .shape(what: "isUncertain", count: isUncertain.count, expected: expected)
    }
    if let uncertainScores, uncertainScores.count != isUncertain.count {
      throw .shape(what: "uncertainScores", count: uncertainScores.count, expected: expected)
    }
    if let empty = groups.first(where: \.members.isEmpty) {
      throw .shape(what: "group \(empty.name)", count: 0, expected: "at least 1 class")
    }
    self.groups = groups
    self.isUncertain = isUncertain
    self.uncertainScores = uncertainScores
  }
}

/// The official scores of SONYC-UST: areas under the precision–recall curves of groups of tags, and
/// F1 at a threshold of 0.5.
public struct TagGroupScores: Sendable, Equatable {
  /// The mean of `perGroup`: the official ranking since 2020.
  public let macroAUPRC: Double
  /// The AUPRC of the counts of all groups, added at every threshold that occurs in any group.
  public let microAUPRC: Double
  /// F1 of the added counts at the smallest threshold of at least 0.5.
  public let microF1: Double
  /// The AUPRC of each group, in the order of the groups.
  public let perGroup: [Double]
  /// The number of observed entries, plus one for each clip and group whose X is known.
  public let scored: Int
  /// The number of entries, plus one for each clip and group.
  public let entries: Int
}

/// Computes the official scores of DCASE 2019 task 5 and DCASE 2020 task 5 in O(n log n).
///
/// Thresholds are 1 and the distinct scores of at least 0.01. Curves are padded with
/// (recall, precision) = (0, 1) and (1, 0) and interpolated linearly. Points of equal recall keep
/// the order of falling thresholds; the published scorer leaves their order to an unstable sort.
/// Sources: Cartwright et al. 2019, doi:10.33682/j5zw-2t88; Cartwright et al. 2020.
///
/// - Throws: `MetricError` if a score that counts is not finite, or if the sizes do not fit.
public func score(
  _ labelled: LabelledScores, by tags: TagGroups
) throws(MetricError) -> TagGroupScores {
  guard tags.isUncertain.count == labelled.clips * tags.groups.count else {
    throw .shape(
      what: "isUncertain", count: tags.isUncertain.count,
      expected: "\(labelled.clips) clips × \(tags.groups.count) groups")
  }
  var curves: [GroupCurve] = []
  for (index, group) in tags.groups.enumerated() {
    if let odd = group.members.first(where: { !(0..<labelled.classes).contains($0) }) {
      throw .shape(
        what: "group \(group.name)", count: odd, expected: "columns below \(labelled.classes)")
    }
    curves.append(try GroupCurve(labelled, tags, group: index))
  }
  let known = tags.isUncertain.count { $0 != nil }
  let perGroup = curves.map { GroupCurve.area($0.points.map(\.counts)) }
  let thresholds = Set(curves.flatMap { $0.points.map(\.threshold) }).sorted(by: >)
  let summed = thresholds.map { sum(curves, at: $0) }
  let half = thresholds.last { $0 >= 0.5 } ?? 1
  return TagGroupScores(
    macroAUPRC: perGroup.reduce(0, +) / Double(perGroup.count),
    microAUPRC: GroupCurve.area(summed), microF1: sum(curves, at: half).f1, perGroup: perGroup,
    scored: labelled.scored + known, entries: labelled.entries + tags.isUncertain.count)
}

private func sum(_ curves: [GroupCurve], at threshold: Float) -> GroupCounts {
  curves.reduce(into: GroupCounts()) { $0 += $1.counts(reaching: threshold) }
}

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
    let predictions = Dictionary(grouping: predicted, by: \.label).mapValues(\.count)
    let hits = Dictionary(grouping: truth.intersection(predicted), by: \.label)
      .mapValues(\.count)
    let labels = Set(actual.keys).union(predictions.keys)
    perLabel = Dictionary(
      uniqueKeysWithValues: labels.map {
        ($0, Part(hits: hits[$0] ?? 0, actual: actual[$0] ?? 0, predicted: predictions[$0] ?? 0))
      })
    micro = Part(
      hits: hits.values.reduce(0, +), actual: truth.count, predicted: predicted.count)
    files = Set(truth.map(\.file)).count
  }
}

extension TagPairScores.Part {
  fileprivate init(hits: Int, actual: Int, predicted: Int) {
    precision = predicted == 0 ? 0 : Double(hits) / Double(predicted)
    recall = actual == 0 ? 0 : Double(hits) / Double(actual)
    f1 = actual + predicted == 0 ? 0 : 2 * Double(hits) / Double(actual + predicted)
    (self.actual, self.predicted) = (actual, predicted)
  }
}
