// Classes that belong together under a coarse one, some clips being labelled with the coarse one
// alone: the taxonomy of SONYC-UST.

/// Which classes form which group, and in which clips a group is present although which of its
/// classes it is was not said ("other or unknown", the tag X).
public struct TagGroups: Sendable, Equatable {
  public struct Group: Sendable, Equatable {
    public let name: String
    /// Columns of the scores.
    public let members: [Int]

    public init(name: String, members: [Int]) {
      self.name = name
      self.members = members
    }
  }

  public let groups: [Group]
  /// `[clips, groups]`, row-major: whether X is right; `nil` where nobody said.
  public let isUncertain: [Bool?]
  /// `[clips, groups]`: scores of X from a model that has it; `nil` from one that never says X.
  public let uncertainScores: [Float]?

  /// Throws where the counts disagree or a group has no members.
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
