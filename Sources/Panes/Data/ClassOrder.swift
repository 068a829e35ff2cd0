/// How a table of classes is sorted.
public enum ClassOrder: String, Sendable, CaseIterable {
  case dataset = "data set"
  case missing
  case positives
  case name

  public var next: ClassOrder {
    let all = Self.allCases
    return all[((all.firstIndex(of: self) ?? 0) + 1) % all.count]
  }

  /// Class indices in this order.
  func sorted(_ names: [String], _ counts: [LabelCounts]) -> [Int] {
    let indices = Array(names.indices)
    switch self {
    case .dataset: return indices
    case .name: return indices.sorted { (names[$0], $0) < (names[$1], $1) }
    case .missing:
      return indices.sorted { (-counts[$0].missingShare, $0) < (-counts[$1].missingShare, $1) }
    case .positives:
      return indices.sorted { (-counts[$0].positive, $0) < (-counts[$1].positive, $1) }
    }
  }
}
