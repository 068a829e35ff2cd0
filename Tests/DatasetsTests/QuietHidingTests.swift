// Hiding by loudness: as many labels as chance would keep, rather those of loud sources.
import Autograd
import Datasets
import Foundation
import Testing

@Suite struct QuietHidingTests {
  private let clips = composedClips(1600).map { clip in
    var generator = Generator(seed: 5, Int(clip.id.dropFirst(6)) ?? 0)
    return clip.with(levels: clip.labels.map { $0 == 1 ? Float(generator.uniform(-40, -10)) : nil })
  }

  private func hide(_ share: Double, _ rule: HidingRule = .quiet, seed: Int = 1) -> [Clip] {
    LabelMask.hide(clips, observed: share, rule: rule, seed: seed)
  }

  /// Kept entries of all clips that say this.
  private func kept(_ clips: [Clip], _ label: Float) -> Int {
    clips.reduce(0) { $0 + $1.labels.count { $0 == label } }
  }

  @Test(arguments: [0.2, 0.1, 0.05, 0.025])
  func quietKeepsTheFractionWith40PercentPositives(share: Double) {
    let hidden = hide(share)
    let (yes, no) = (kept(hidden, 1), kept(hidden, 0))
    #expect(abs(Double(yes + no) / 32_000 - share) < 0.008 + 0.05 * share)
    #expect(abs(Double(yes) / Double(yes + no) - 0.4) < 0.05)
  }

  @Test func keepsTheSameCountsAsBalanced() {
    let (quiet, balanced) = (
      (0..<4).map { hide(0.1, seed: $0) }, (0..<4).map { hide(0.1, .balanced, seed: $0) }
    )
    for k in 0..<20 {
      let counts = [quiet, balanced].map { $0.joined().count { $0.labels[k] == 1 } }
      // About 4 · 65 each: five deviations of their difference.
      #expect(abs(counts[0] - counts[1]) < 100, "class \(k): \(counts)")
    }
  }

  @Test func louderSourcesKeepTheirLabelsMoreOften() {
    var found = [[Bool]](repeating: [], count: 4)
    for seed in 0..<3 {
      for clip in hide(0.1, seed: seed) {
        for (k, share) in powerShares(clip).enumerated() where share > 0 {
          found[share < 0.01 ? 0 : share < 0.1 ? 1 : share < 0.9 ? 2 : 3].append(
            clip.labels[k] != nil)
        }
      }
    }
    let rates = found.map { group in Double(group.count { $0 }) / Double(group.count) }
    #expect(found.allSatisfy { $0.count > 200 })
    #expect(rates == rates.sorted(), "\(rates)")
    #expect(rates[0] < 0.05 && rates[3] > 0.6, "\(rates)")
  }

  @Test func probabilitiesHaveTheMeanAndGrowWithTheLevel() {
    for mean in [0.01, 0.3, 0.6, 0.95, 1] {
      let odds = LoudnessOdds(clips, mean: [Double](repeating: mean, count: 20))
      for k in 0..<20 {
        let shares = clips.filter { $0.labels[k] == 1 }.map { powerShares($0)[k] }.sorted()
        let chances = shares.map { odds.probability(of: k, share: $0) }
        #expect(chances == chances.sorted() && chances.allSatisfy { (0...1).contains($0) })
        #expect(abs(chances.reduce(0, +) / Double(chances.count) - mean) < 1e-9)
      }
    }
  }

  @Test func negativesEqualThoseOfBalanced() {
    var compared = 0
    for (a, b) in zip(hide(0.1), hide(0.1, .balanced)) {
      // A clip's only label may be the one it was given.
      guard [a, b].allSatisfy({ $0.labels.count { $0 != nil } > 1 }) else { continue }
      compared += 1
      #expect(zip(a.labels, b.labels).allSatisfy { ($0 == 0) == ($1 == 0) })
    }
    #expect(compared > 500)
  }

  @Test func dependsOnSeedAndLevelsAlone() {
    #expect(hide(0.1) == hide(0.1))
    #expect(hide(0.1) != hide(0.1, seed: 2))
    let louder = clips.map { clip in clip.with(levels: clip.levels?.map { $0.map { $0 + 7 } }) }
    let moved = LabelMask.hide(louder, observed: 0.1, rule: .quiet, seed: 1)
    // A clip as a whole may be louder: what counts is the part of each source.
    #expect(zip(hide(0.1), moved).count { $0.labels != $1.labels } < 3)
  }

  @Test func withoutDifferencesInLevelItIsBalanced() {
    let alone = composedClips(1600).filter { $0.labels.count { $0 == 1 } == 1 }.map { clip in
      clip.with(levels: clip.labels.map { $0 == 1 ? -20 : nil })
    }
    let quiet = LabelMask.hide(alone, observed: 0.1, rule: .quiet, seed: 3)
    #expect(quiet == LabelMask.hide(alone, observed: 0.1, rule: .balanced, seed: 3))
    let all = LabelMask.hide(alone, observed: 1, rule: .quiet, seed: 3)
    #expect(all == alone)
  }

  /// Written by hand, from what the guide says.
  private func powerShares(_ clip: Clip) -> [Double] {
    let powers = (clip.levels ?? []).map { $0.map { pow(10, Double($0) / 10) } ?? 0 }
    return powers.map { $0 / powers.reduce(0, +) }
  }
}

extension Clip {
  fileprivate func with(levels: [Float?]?) -> Clip {
    Clip(
      id: id, audio: audio, split: split, seconds: seconds, labels: labels, levels: levels,
      group: group)
  }
}
