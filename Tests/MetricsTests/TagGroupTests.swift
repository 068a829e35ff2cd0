/// The metric of SONYC-UST against a slow one that follows its description word by word.
import Metrics
import Testing

extension TagGroups {
  /// Every class is a group of its own and never uncertain: how coarse classes are scored.
  static func singles(
    _ names: [String], clips: Int
  ) throws(MetricError) -> TagGroups {
    try TagGroups(
      names.enumerated().map { Group(name: $1, members: [$0]) },
      isUncertain: Array(repeating: false, count: names.count * clips))
  }
}

@Suite struct TagGroupTests {
  @Test(arguments: 0..<12) func agreesWithTheSlowReference(seed: Int) throws {
    let (labelled, tags) = try drawn(seed, withX: seed % 2 == 0, missing: seed % 3 == 0)
    let found = try score(labelled, by: tags)
    let slow = Slow(labelled, tags)
    for (index, value) in found.perGroup.enumerated() {
      #expect(abs(value - slow.area(of: [index])) < 1e-12, "group \(index)")
    }
    #expect(abs(found.microAUPRC - slow.area(of: [0, 1, 2])) < 1e-12)
    #expect(abs(found.microF1 - slow.microF1) < 1e-12)
    #expect(abs(found.macroAUPRC - found.perGroup.reduce(0, +) / 3) < 1e-15)
  }

  @Test func groupsOfOneEqualCoarseTags() throws {
    let (labelled, _) = try drawn(5, withX: false, missing: false)
    let names = (0..<8).map { "class \($0)" }
    let tags = try TagGroups.singles(names, clips: labelled.clips)
    let found = try score(labelled, by: tags)
    let slow = Slow(labelled, tags)
    for index in 0..<8 { #expect(abs(found.perGroup[index] - slow.area(of: [index])) < 1e-12) }
    #expect(abs(found.microAUPRC - slow.area(of: Array(0..<8))) < 1e-12)
  }

  @Test func singleThresholdHalvesTheArea() throws {
    let labelled = try LabelledScores(
      scores: [0.9, 0.2, 0.1, 0.8], targets: [1, 0, 0, 1],
      observed: [true, true, true, true], classes: 2)
    let found = try score(labelled, by: TagGroups.singles(["a", "b"], clips: 2))
    // From (0, 1) down to (0, 0) at threshold 1, where nothing is decided, up to (1, 1): one half.
    #expect(found.perGroup == [0.5, 0.5] && found.microF1 == 1)
    #expect(found.scored == 8 && found.entries == 8)
  }

  @Test func anUncertainGroupAcceptsAnyMember() throws {
    // Which member is right was not said: both decisions are one hit, none a false alarm.
    let labelled = try LabelledScores(
      scores: [0.9, 0.8], targets: [0, 0], observed: [true, true], classes: 2)
    func f1(_ isUncertain: Bool?) throws -> Double {
      let group = TagGroups.Group(name: "saw", members: [0, 1])
      return try score(labelled, by: TagGroups([group], isUncertain: [isUncertain])).microF1
    }
    #expect(try f1(true) == 1)
    #expect(try f1(false) == 0)
  }

  @Test func metricIsDefinedOnlyWithGroups() throws {
    var (labelled, tags) = try drawn(1, withX: false, missing: true)
    #expect(try score(labelled).values[.sonycAUPRC] == nil)
    labelled.groups = tags
    let macro = try score(labelled, by: tags).macroAUPRC
    #expect(try score(labelled).values[.sonycAUPRC] == macro)
    tags = try TagGroups.singles(["only"], clips: 3)
    #expect(throws: MetricError.self) { try score(labelled, by: tags) }
  }

  @Test func scoresOfMissingEntriesDoNotCount() throws {
    let (labelled, tags) = try drawn(3, withX: false, missing: true)
    var scores = labelled.scores
    for (index, group) in tags.groups.enumerated() {
      for clip in 0..<labelled.clips where tags.isUncertain[clip * 3 + index] != true {
        for member in group.members where !labelled.observed[clip * 8 + member] {
          scores[clip * 8 + member] = .nan
        }
      }
    }
    let other = try LabelledScores(
      scores: scores, targets: labelled.targets, observed: labelled.observed, classes: 8)
    #expect(scores.contains { $0.isNaN })
    let plain = try score(labelled, by: tags)
    #expect(try score(other, by: tags) == plain)
  }

  /// 50 clips, groups of 3, 4 and 1 classes, scores with ties; X in a third of the clips.
  private func drawn(
    _ seed: Int, withX: Bool, missing: Bool
  ) throws -> (LabelledScores, TagGroups) {
    var stream = Draw(state: UInt64(seed + 1))
    let clips = 50
    let scores = (0..<clips * 8).map { _ in Float(stream.below(40)) / 40 }
    let labelled = try LabelledScores(
      scores: scores,
      targets: scores.map { Float(stream.below(40)) / 40 < $0 * $0 ? 1 : 0 },
      observed: scores.map { _ in !missing || stream.below(5) > 0 }, classes: 8)
    let groups = [[0, 1, 2], [3, 4, 5, 6], [7]].enumerated().map {
      TagGroups.Group(name: "\($0)", members: $1)
    }
    let isUncertain = (0..<clips * 3).map { _ -> Bool? in
      missing && stream.below(6) == 0 ? nil : stream.below(3) == 0
    }
    let x = withX ? (0..<clips * 3).map { _ in Float(stream.below(40)) / 40 } : nil
    return (labelled, try TagGroups(groups, isUncertain: isUncertain, uncertainScores: x))
  }
}

/// Everything anew at every threshold.
private struct Slow {
  let labelled: LabelledScores
  let tags: TagGroups

  init(_ labelled: LabelledScores, _ tags: TagGroups) {
    self.labelled = labelled
    self.tags = tags
  }

  func thresholds(_ group: Int) -> [Float] {
    var all: Set<Float> = [1]
    for clip in 0..<labelled.clips {
      for entry in entries(clip, group) where matters(entry, clip, group) {
        if labelled.scores[entry] >= 0.01 { all.insert(labelled.scores[entry]) }
      }
    }
    return all.sorted()
  }

  func area(of groups: [Int]) -> Double {
    let all = Set(groups.flatMap(thresholds)).sorted(by: >)
    let points = all.map { threshold -> (r: Double, p: Double) in
      let (tp, fp, fn) = counts(groups, threshold)
      return (Double(tp) / max(Double(tp + fn), 0.5), Double(tp) / max(Double(tp + fp), 0.5))
    }
    let curve = [(r: 0.0, p: 1.0)] + points + [(r: 1.0, p: 0.0)]
    return zip(curve, curve.dropFirst()).reduce(0) { sum, pair in
      sum + (pair.1.r - pair.0.r) * (pair.1.p + pair.0.p) / 2
    }
  }

  var microF1: Double {
    let groups = Array(tags.groups.indices)
    let half = Set(groups.flatMap(thresholds)).filter { $0 >= 0.5 }.min() ?? 1
    let (tp, fp, fn) = counts(groups, half)
    return tp == 0 ? 0 : 2 * Double(tp) / Double(2 * tp + fp + fn)
  }

  /// Each group at its own smallest threshold that reaches this one.
  func counts(_ groups: [Int], _ threshold: Float) -> (Int, Int, Int) {
    var sum = (0, 0, 0)
    for group in groups {
      let own = thresholds(group).filter { $0 >= threshold }.min() ?? 1
      for clip in 0..<labelled.clips {
        let (tp, fp, fn) = counts(clip, group, own)
        sum = (sum.0 + tp, sum.1 + fp, sum.2 + fn)
      }
    }
    return sum
  }

  func counts(_ clip: Int, _ group: Int, _ threshold: Float) -> (Int, Int, Int) {
    let truthX = tags.isUncertain[clip * tags.groups.count + group]
    let saidX =
      truthX != nil
      && (tags.uncertainScores.map { $0[clip * tags.groups.count + group] >= threshold } ?? false)
    let counted = entries(clip, group).filter { matters($0, clip, group) }
    let said = counted.filter { labelled.scores[$0] >= threshold }
    let right = entries(clip, group).filter { labelled.observed[$0] && labelled.targets[$0] >= 0.5 }
    let wrong = entries(clip, group).filter { labelled.observed[$0] && labelled.targets[$0] < 0.5 }
    let exact = said.filter(right.contains).count
    var (tp, fp, fn) = (exact, 0, right.count - exact)
    if truthX == true {
      if exact == 0, !said.isEmpty || saidX { tp += 1 }
      if right.isEmpty, said.isEmpty, !saidX { fn += 1 }
    } else {
      fp += said.filter(wrong.contains).count
      let all = entries(clip, group).count
      if truthX == false, right.isEmpty, saidX, said.count < all { fp += 1 }
    }
    return (tp, fp, fn)
  }

  private func entries(_ clip: Int, _ group: Int) -> [Int] {
    tags.groups[group].members.map { clip * labelled.classes + $0 }
  }

  private func matters(_ entry: Int, _ clip: Int, _ group: Int) -> Bool {
    labelled.observed[entry] || tags.isUncertain[clip * tags.groups.count + group] == true
  }
}
