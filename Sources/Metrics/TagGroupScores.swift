// The official metrics of SONYC-UST, on groups of fine tags or on coarse tags.

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
