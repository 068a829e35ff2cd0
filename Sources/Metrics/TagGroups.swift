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
