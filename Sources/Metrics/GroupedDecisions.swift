/// The decisions of several methods on the same clips, counted by group, so that resampling whole
/// groups needs no second look at the clips.
///
/// A group is what is drawn as a whole, such as the clips of one recording: they sound alike, and
/// ten of them are not ten independent tests.
///
/// ```swift
/// let first = try LabelledScores(
///   scores: [[0.9], [0.2], [0.8]], targets: [[1], [0], [1]],
///   observed: [[true], [true], [true]])
/// let second = try LabelledScores(
///   scores: [[0.9], [0.7], [0.1]], targets: [[1], [0], [1]],
///   observed: [[true], [true], [true]])
/// let decisions = try GroupedDecisions([first, second], groups: ["a", "b", "b"])
/// let better = decisions.values[0]
/// ```
public struct GroupedDecisions: Sendable {
  /// The number of methods.
  public let methods: Int
  /// The number of classes.
  public let classes: Int
  /// The number of groups.
  public let groups: Int
  /// What `values` measures: `Metric.headline`.
  public let metric: Metric
  /// Groups with an observed positive of each class.
  public let groupsWithPositives: [Int]
  /// `[groups, width]`. A row holds, class by class, the observed positives and negatives, and of
  /// each method the true positives and the false positives.
  let counts: [Int32]
  var width: Int { classes * (2 + 2 * methods) }

  /// Counts the decisions: a score that reaches the threshold; with one class a clip, the highest.
  ///
  /// - Parameters:
  ///   - methods: One or more methods on the same clips, in the same order, with the same labels.
  ///   - groups: The group of each clip.
  ///   - threshold: The decision threshold.
  /// - Throws: `MetricError` if the methods differ in clips or labels, or an observed score is not
  ///   finite.
  public init(
    _ methods: [LabelledScores], groups: [String], threshold: Float = 0.5
  ) throws(MetricError) {
    guard let first = methods.first else { throw .pairing("no method to compare; expected one") }
    guard groups.count == first.clips else {
      throw .shape(what: "groups", count: groups.count, expected: "\(first.clips) clips")
    }
    for method in methods { try method.requireSameLabels(as: first) }
    metric = .headline(isSingleLabel: first.isSingleLabel)
    (self.methods, classes) = (methods.count, first.classes)
    var rowOfGroup: [String: Int] = [:]
    let rows = groups.map { group in
      let row = rowOfGroup[group] ?? rowOfGroup.count
      rowOfGroup[group] = row
      return row
    }
    self.groups = rowOfGroup.count
    let counted = try Self.counted(methods, first, rows, count: rowOfGroup.count, threshold)
    counts = counted
    let (width, count) = (first.classes * (2 + 2 * methods.count), rowOfGroup.count)
    groupsWithPositives = (0..<first.classes).map { c in
      (0..<count).count { counted[$0 * width + c] > 0 }
    }
  }

  private static func counted(
    _ methods: [LabelledScores], _ first: LabelledScores, _ rows: [Int], count: Int,
    _ threshold: Float
  ) throws(MetricError) -> [Int32] {
    let classes = first.classes
    let width = classes * (2 + 2 * methods.count)
    var counts = [Int32](repeating: 0, count: count * width)
    for entry in first.observed.indices where first.observed[entry] {
      let column = entry % classes + (first.targets[entry] >= 0.5 ? 0 : classes)
      counts[rows[entry / classes] * width + column] += 1
    }
    for (m, method) in methods.enumerated() {
      let decided = try method.decisions(threshold: threshold)
      for entry in decided.indices where decided[entry] && first.observed[entry] {
        let side = first.targets[entry] >= 0.5 ? 0 : 1
        let column = (2 + 2 * m + side) * classes + entry % classes
        counts[rows[entry / classes] * width + column] += 1
      }
    }
    return counts
  }

  /// The headline metric of each method on all clips; nil where it is undefined.
  public var values: [Double?] {
    let sums = total
    return (0..<methods).map { sums.value(of: $0) }
  }

  /// F1 of the positives, `[methods][classes]`; nil without an observed positive.
  public var f1: [[Double?]] {
    let sums = total
    return (0..<methods).map { m in (0..<classes).map { sums.confusion(m, $0).f1 } }
  }

  /// Observed positives of each class, a clip counted once for each row.
  public var positives: [Int] {
    let sums = total
    return (0..<classes).map { sums.confusion(0, $0).positives }
  }

  /// Observed negatives of each class.
  public var negatives: [Int] {
    let sums = total
    return (0..<classes).map { sums.confusion(0, $0).negatives }
  }

  /// The headline metric of the best answer that does not listen: every class absent, or for
  /// accuracy the most frequent class everywhere.
  public var baseline: Double? {
    let sums = total
    let ofClass = (0..<classes).map { sums.confusion(0, $0) }
    if metric == .accuracy {
      let all = ofClass.reduce(0) { $0 + $1.positives }
      return all > 0 ? Double(ofClass.map(\.positives).max() ?? 0) / Double(all) : nil
    }
    return mean(
      ofClass.map {
        Confusion(falseNegatives: $0.positives, trueNegatives: $0.negatives).f1Both
      })
  }

  /// All groups once.
  var total: DecisionSums { sums([Int32](repeating: 1, count: groups)) }

  /// The sums with each group counted as often as `weights` says.
  func sums(_ weights: [Int32]) -> DecisionSums {
    var sums = [Int32](repeating: 0, count: width)
    let width = width
    sums.withUnsafeMutableBufferPointer { sums in
      counts.withUnsafeBufferPointer { counts in
        for (group, weight) in weights.enumerated() where weight > 0 {
          let row = group * width
          for i in 0..<width { sums[i] &+= weight &* counts[row + i] }
        }
      }
    }
    return DecisionSums(counts: sums, classes: classes, metric: metric)
  }
}

/// Decisions summed over groups.
struct DecisionSums: Sendable {
  /// As a row of `GroupedDecisions.counts`.
  var counts: [Int32]
  let classes: Int
  let metric: Metric

  func confusion(_ method: Int, _ c: Int) -> Confusion {
    let column = (2 + 2 * method) * classes + c
    let (hits, alarms) = (Int(counts[column]), Int(counts[column + classes]))
    return Confusion(
      truePositives: hits, falsePositives: alarms, falseNegatives: Int(counts[c]) - hits,
      trueNegatives: Int(counts[classes + c]) - alarms)
  }

  /// The headline metric. `whole`: sums whose classes are averaged too where they are undefined
  /// here, so that a resample without a rare class is not a mean over the other ones.
  func value(of method: Int, whole: DecisionSums? = nil) -> Double? {
    guard metric == .accuracy else {
      return mean(
        (0..<classes).map { c in
          confusion(method, c).f1Both ?? whole.flatMap { $0.confusion(method, c).f1Both }
        })
    }
    let all = (0..<classes).map { confusion(method, $0) }
    let clips = all.reduce(0) { $0 + $1.positives }
    return clips > 0 ? Double(all.reduce(0) { $0 + $1.truePositives }) / Double(clips) : nil
  }
}

/// The mean of the defined values.
private func mean(_ values: [Double?]) -> Double? {
  var (sum, count) = (0.0, 0)
  for case .some(let value) in values { (sum, count) = (sum + value, count + 1) }
  return count > 0 ? sum / Double(count) : nil
}

extension LabelledScores {
  /// Whether each class is decided to be there, `[clips, classes]`: its score reaches the
  /// threshold; with one class a clip, it has the highest score, the first of ties.
  ///
  /// - Throws: `MetricError.nonFinite` if an observed score is not finite.
  public func decisions(threshold: Float) throws(MetricError) -> [Bool] {
    for entry in scores.indices where observed[entry] && !scores[entry].isFinite {
      throw .nonFinite(
        score: scores[entry], clip: entry / classes, classIndex: entry % classes)
    }
    guard isSingleLabel else { return scores.map { $0 >= threshold } }
    var decided = [Bool](repeating: false, count: scores.count)
    for clip in 0..<clips {
      let row = clip * classes..<(clip + 1) * classes
      var best = row.lowerBound
      for entry in row where scores[entry] > scores[best] { best = entry }
      decided[best] = true
    }
    return decided
  }

  fileprivate func requireSameLabels(as other: LabelledScores) throws(MetricError) {
    let isSame =
      clips == other.clips && classes == other.classes && observed == other.observed
      && isSingleLabel == other.isSingleLabel
      && targets.indices.allSatisfy {
        !observed[$0] || (targets[$0] >= 0.5) == (other.targets[$0] >= 0.5)
      }
    guard isSame else {
      throw .pairing("two methods have other clips or labels; expected the same in the same order")
    }
  }
}
