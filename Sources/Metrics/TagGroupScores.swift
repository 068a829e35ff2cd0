// The official metrics of SONYC-UST, on groups of fine tags or on coarse tags alone.

/// Areas under the precision–recall curves of groups, and F1 at one half.
public struct TagGroupScores: Sendable, Equatable {
  /// Mean of `perGroup`: the official ranking since 2020.
  public let macroAUPRC: Double
  /// Of the counts of all groups added up at every threshold that any of them has.
  public let microAUPRC: Double
  /// Of the added counts at the smallest threshold of at least 0.5.
  public let microF1: Double
  /// In the order of the groups.
  public let perGroup: [Double]
  /// Entries scored: observed ones, and clips whose X is known, once a group.
  public let scored: Int
  public let entries: Int
}

/// Areas under precision–recall curves as the organizers of DCASE 2019 task 5 and 2020 task 5
/// define them (Cartwright et al. 2019, doi:10.33682/j5zw-2t88; Cartwright et al. 2020).
/// Thresholds are the distinct scores of at least 0.01, and 1; curves are padded with
/// (recall, precision) = (0, 1) and (1, 0), and joined by straight lines. Points of equal recall
/// keep the order of falling thresholds; the published scorer leaves that order to an unstable
/// sort. O(n log n). Throws where a score that counts is not finite, or the sizes disagree.
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
