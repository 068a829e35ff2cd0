// True positives, false positives and false negatives of a group of tags in a clip.

/// The counts of the evaluation of SONYC-UST within a group. Source: Cartwright et al. 2020,
/// SONYC-UST-V2, DCASE workshop, and the organizers' published scorer.
struct GroupCounts: Sendable, Equatable {
  var truePositives = 0
  var falsePositives = 0
  var falseNegatives = 0

  static func += (a: inout GroupCounts, b: GroupCounts) {
    a.truePositives += b.truePositives
    a.falsePositives += b.falsePositives
    a.falseNegatives += b.falseNegatives
  }

  static func -= (a: inout GroupCounts, b: GroupCounts) {
    a.truePositives -= b.truePositives
    a.falsePositives -= b.falsePositives
    a.falseNegatives -= b.falseNegatives
  }

  /// The denominator is at least 0.5, so the precision without a positive decision is 0.
  var precision: Double {
    Double(truePositives) / max(Double(truePositives + falsePositives), 0.5)
  }
  var recall: Double { Double(truePositives) / max(Double(truePositives + falseNegatives), 0.5) }

  var f1: Double {
    let (p, r) = (precision, recall)
    return p > 0 && r > 0 ? 2 * p * r / (p + r) : 0
  }
}

/// The labels and decisions of a clip within a group.
struct GroupDecision {
  /// The label of each member; nil if it is missing.
  let truth: [Bool?]
  let isUncertain: Bool?
  var decided: [Bool]
  var decidedUncertain = false

  /// The counts of this clip. Each member counts for itself, with these exceptions for X ("other or
  /// unknown"): if X is present, no member is a false positive, and any positive decision is one
  /// true positive unless a member is already one. If the group is absent, deciding X is one false
  /// positive.
  var counts: GroupCounts {
    var counts = GroupCounts()
    let hasX = isUncertain == true
    for (truth, decided) in zip(truth, decided) {
      switch (truth, decided) {
      case (true?, true): counts.truePositives += 1
      case (true?, false): counts.falseNegatives += 1
      case (false?, true): counts.falsePositives += hasX ? 0 : 1
      default: break
      }
    }
    let isPresent = truth.contains { $0 == true }
    let saysSomething = decidedUncertain || decided.contains(true)
    if hasX {
      if saysSomething, counts.truePositives == 0 { counts.truePositives = 1 }
      if !saysSomething, !isPresent { counts.falseNegatives += 1 }
    } else if isUncertain == false, decidedUncertain, !isPresent, decided.contains(false) {
      counts.falsePositives += 1
    }
    return counts
  }
}
