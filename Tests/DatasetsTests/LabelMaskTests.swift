// Hidden labels: how many, which, and that training never sees them.
import Datasets
import Testing

@Suite struct LabelMaskTests {
  private let clips = composedClips(1600) + composedClips(100, split: .test)

  private func observed(_ clips: [Clip]) -> [Float] {
    clips.filter { $0.split == .train }.flatMap { $0.labels.compactMap { $0 } }
  }

  @Test(arguments: [0.2, 0.1, 0.05, 0.025])
  func balancedKeepsTheFractionWith40PercentPositives(share: Double) {
    let kept = observed(LabelMask.hide(clips, observed: share, rule: .balanced, seed: 1))
    #expect(abs(Double(kept.count) / 32_000 - share) < 0.008 + 0.05 * share)
    #expect(abs(Double(kept.count { $0 == 1 }) / Double(kept.count) - 0.4) < 0.05)
  }

  @Test func balancedAddsNegativesIfPositivesRunOut() {
    let kept = observed(LabelMask.hide(clips, observed: 0.5, rule: .balanced, seed: 1))
    #expect(abs(Double(kept.count) / 32_000 - 0.5) < 0.01)
    let truth = clips.filter { $0.split == .train }.flatMap(\.labels)
    #expect(kept.count { $0 == 1 } == truth.count { $0 == 1 })
  }

  @Test func randomKeepsAllEntriesWithEqualProbability() {
    let kept = observed(LabelMask.hide(clips, observed: 0.1, rule: .random, seed: 1))
    #expect(abs(Double(kept.count) / 32_000 - 0.1) < 0.007)
    #expect(abs(Double(kept.count { $0 == 1 }) / Double(kept.count) - 0.095) < 0.025)
  }

  @Test func everyClipKeepsALabelFromTenPercentOn() {
    let masked = LabelMask.hide(clips, observed: 0.1, rule: .balanced, seed: 1)
    #expect(masked.allSatisfy { $0.labels.contains { $0 != nil } })
    let thin = LabelMask.hide(clips, observed: 0.025, rule: .balanced, seed: 1)
    #expect(thin.contains { $0.labels.allSatisfy { $0 == nil } })
  }

  @Test(arguments: [HidingRule.balanced, .random])
  func fractionsBelowTenPercentAreNested(rule: HidingRule) {
    let tenth = LabelMask.hide(clips, observed: 0.1, rule: rule, seed: 4)
    let less = LabelMask.hide(clips, observed: 0.05, rule: rule, seed: 4)
    for (a, b) in zip(tenth, less) where a.split == .train {
      #expect(zip(a.labels, b.labels).allSatisfy { $1 == nil || $0 == $1 })
    }
  }

  // MARK: positives, classes, clips, wrong labels

  @Test func positivesHidesEveryNegativeInTraining() {
    let all = clips + composedClips(400, split: .validation)
    let masked = LabelMask.hide(all, observed: 0.3, rule: .positives, seed: 1)
    let kept = observed(masked), positives = observed(all).count { $0 == 1 }
    #expect(kept.allSatisfy { $0 == 1 })
    #expect(abs(Double(kept.count) / Double(positives) - 0.3) < 0.03)
    let validation = masked.filter { $0.split == .validation }.flatMap {
      $0.labels.compactMap { $0 }
    }
    #expect(abs(Double(validation.count) / 8000 - 0.3) < 0.02 && validation.contains(0))
  }

  @Test(arguments: [0.2, 0.5, 0.8])
  func classesDifferInTheirShares(share: Double) {
    let masked = LabelMask.hide(clips, observed: share, rule: .classes, seed: 1)
    let members = masked.filter { $0.split == .train }
    let shares = (0..<20).map { c in
      Double(members.count { $0.labels[c] != nil }) / Double(members.count)
    }
    #expect(abs(shares.reduce(0, +) / 20 - share) < 0.01)
    let spread = 2 * min(share, 1 - share)
    #expect(abs((shares.max() ?? 0) - (shares.min() ?? 0) - spread * 0.95) < 0.05)
    let other = LabelMask.hide(clips, observed: share, rule: .classes, seed: 2)
    let first = masked.count { $0.labels[0] != nil }
    #expect(first != other.count { $0.labels[0] != nil })
  }

  @Test func clipsKeepAllLabelsOrNone() {
    let masked = LabelMask.hide(clips, observed: 0.25, rule: .clips, seed: 1)
    let members = masked.filter { $0.split == .train }
    let whole = members.count { $0.labels.allSatisfy { $0 != nil } }
    #expect(members.allSatisfy { clip in Set(clip.labels.map { $0 == nil }).count == 1 })
    #expect(abs(Double(whole) / 1600 - 0.25) < 0.03)
    #expect(members.allSatisfy { !$0.isUnlabelled }, "hidden labels are not absent ones")
  }

  @Test func flippedLabelsAreWrongAndTruthIsKept() {
    let masked = LabelMask.hide(clips, observed: 0.5, rule: .random, seed: 1)
    let flipped = LabelMask.flip(0.1, in: masked, seed: 1)
    var wrong = 0
    for (before, after) in zip(masked, flipped) {
      #expect(after.truth == before.truth)
      #expect(zip(before.labels, after.labels).allSatisfy { ($0 == nil) == ($1 == nil) })
      if before.split == .test { #expect(after == before) }
      wrong += zip(before.labels, after.labels).count { $0 != $1 }
    }
    #expect(abs(Double(wrong) / 16_000 - 0.1) < 0.01)
    let more = LabelMask.flip(0.2, in: masked, seed: 1)
    for (clip, (a, b)) in zip(masked, zip(flipped, more)) {
      for k in clip.labels.indices where a.labels[k] != clip.labels[k] {
        #expect(b.labels[k] == a.labels[k], "a smaller share is a subset of a larger one")
      }
    }
    #expect(LabelMask.flip(0.1, in: clips, seed: 1)[0].truth == clips[0].labels.compactMap { $0 })
  }

  @Test func hiddenLabelsMoveToTruth() {
    let masked = LabelMask.hide(clips, observed: 0.1, rule: .balanced, seed: 1)
    for (before, after) in zip(clips, masked) {
      if before.split == .test {
        #expect(after == before)
      } else {
        #expect(after.truth == before.labels.compactMap { $0 })
        #expect(zip(before.labels, after.labels).allSatisfy { $1 == nil || $0 == $1 })
      }
    }
  }

  @Test func dependsOnTheSeedAlone() {
    let once = LabelMask.hide(clips, observed: 0.1, rule: .balanced, seed: 1)
    #expect(once == LabelMask.hide(clips, observed: 0.1, rule: .balanced, seed: 1))
    #expect(once != LabelMask.hide(clips, observed: 0.1, rule: .balanced, seed: 2))
  }

  /// Masks of published runs: the same for ever. FNV-1a of what is kept.
  @Test(arguments: [
    (HidingRule.balanced, 0.1, "6c604f3b96c9bd1c"), (.balanced, 0.025, "e3ca83e49cc1f2f6"),
    (.balanced, 0.5, "f2109eea41961ffa"), (.random, 0.1, "f0920f6a7d7044d6"),
  ])
  func masksMatchEarlierVersions(rule: HidingRule, share: Double, expected: String) {
    let masked = LabelMask.hide(clips, observed: share, rule: rule, seed: 1)
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for label in masked.flatMap(\.labels) {
      hash = (hash ^ (label == nil ? 0 : 1)) &* 0x0000_0100_0000_01B3
    }
    #expect(String(hash, radix: 16) == expected)
  }

  @Test func noneHidesNothing() {
    #expect(LabelMask.hide(clips, observed: 0.1, rule: .none, seed: 1) == clips)
    #expect(LabelMask.hide(clips, observed: 1, rule: .balanced, seed: 1) == clips)
  }

  @Test func validationLabelsAreHidden() {
    let validation = LabelMask.hide(
      composedClips(400, split: .validation), observed: 0.1, rule: .balanced, seed: 1)
    let kept = validation.flatMap { $0.labels.compactMap { $0 } }
    #expect(abs(Double(kept.count) / 8000 - 0.1) < 0.02)
  }

  @Test(arguments: [HidingRule.balanced, .random])
  func missingLabelsStayMissing(rule: HidingRule) {
    let sparse = (0..<300).map {
      Clip(
        id: "\($0)", audio: nil, split: .train, seconds: 1,
        labels: [nil, $0.isMultiple(of: 2) ? 1 : 0, nil])
    }
    let masked = LabelMask.hide(sparse, observed: 0.5, rule: rule, seed: 1)
    #expect(masked.allSatisfy { $0.labels[0] == nil && $0.labels[2] == nil && $0.truth == nil })
    let kept = masked.count { $0.labels[1] != nil }
    #expect(rule == .balanced ? kept == 300 : abs(kept - 150) < 40)
  }

  @Test(arguments: [0.1, 0.2, 0.4, 0.8])
  func removalTakesTheFractionOfRemainingLabels(share: Double) {
    let hidden = LabelMask.hide(clips, observed: 0.5, rule: .random, seed: 1)
    let removed = LabelMask.remove(share, from: hidden, seed: 1)
    let (before, after) = (observed(hidden).count, observed(removed).count)
    #expect(abs(Double(after) / Double(before) - (1 - share)) < 0.02)
    for (a, b) in zip(hidden, removed) {
      #expect(zip(a.labels, b.labels).allSatisfy { $1 == nil || $0 == $1 })
      if a.split != .train { #expect(a == b) }
    }
  }

  @Test func removalIsNestedAndDrawnPerSeed() {
    let some = LabelMask.remove(0.2, from: clips, seed: 1)
    let more = LabelMask.remove(0.8, from: clips, seed: 1)
    #expect(
      zip(some, more).allSatisfy { zip($0.labels, $1.labels).allSatisfy { $1 == nil || $0 != nil } }
    )
    #expect(some != LabelMask.remove(0.2, from: clips, seed: 2))
    #expect(LabelMask.remove(0, from: clips, seed: 1) == clips)
  }
}
