// Hides labels, so that a fully labelled data set has missing labels. BAND §3.
import Autograd
import Foundation

/// The rule that selects the observed labels. Documentation/Data.md has the formulas.
public enum HidingRule: String, Sendable, CaseIterable, Codable {
  /// As in OpenMIC-2018: 40 % of the observed labels are positive, drawn at random.
  case balanced
  /// As many labels per class as `balanced`, but positives that are loud in their clip are more
  /// likely. Needs `Clip.levels`.
  case quiet
  /// All labels with equal probability.
  case random
  /// In training, positives only, each with equal probability: every negative is hidden. In
  /// validation as `random`, since positives alone cannot choose between networks.
  case positives
  /// All labels of a class with equal probability, which differs from class to class: it rises in
  /// equal steps, and the seed decides which class has which.
  case classes
  /// All labels of a clip, or none.
  case clips
  /// No label is hidden.
  case none
}

/// Hides labels of training and validation clips; test clips keep all.
public enum LabelMask {
  /// `clips` with about `share` of their labels observed; the full labels move to `truth`.
  ///
  /// Hidden labels are nil. The draw depends on `seed` and on each clip's place in its split. Below
  /// a share of 0.1, the rules `balanced` and `quiet` thin their pattern of 0.1, so smaller shares
  /// are subsets of larger ones. A share of at least 1 hides nothing. With the same seed, both
  /// rules observe the same negatives.
  public static func hide(
    _ clips: [Clip], observed share: Double, rule: HidingRule, seed: Int
  ) -> [Clip] {
    guard rule != .none, share < 1 else { return clips }
    var masked = clips
    for split in [Split.train, .validation] {
      let members = clips.indices.filter { clips[$0].split == split }
      let used = rule == .positives && split == .validation ? .random : rule
      let pattern = MaskPattern(
        share: max(0, share), rule: used, clips: members.map { clips[$0] }, seed: seed)
      for (place, index) in members.enumerated() {
        var generator = Generator(seed: seed, maskStream, split.index, place)
        let kept = pattern.kept(clips[index], &generator)
        masked[index].hide(allBut: kept)
      }
    }
    return masked
  }

  /// `clips` with this share of their observed training labels hidden, at random; validation and
  /// test clips keep theirs. Labels that a smaller share hides are a subset of those of a larger
  /// one. Paper: Gururani & Lerch 2021, arXiv:2111.12761, label removal.
  public static func remove(_ share: Double, from clips: [Clip], seed: Int) -> [Clip] {
    guard share > 0 else { return clips }
    var masked = clips
    let members = clips.indices.filter { clips[$0].split == .train }
    for (place, index) in members.enumerated() {
      var generator = Generator(seed: seed, removalStream, place)
      masked[index].hide(allBut: clips[index].labels.map { _ in generator.uniform() >= share })
    }
    return masked
  }

  /// `clips` with this share of their observed training labels turned into their opposite, at
  /// random, as a careless annotator would; validation and test clips keep theirs. `truth` keeps
  /// the labels as they were. Labels that a smaller share turns are a subset of those of a larger
  /// one.
  public static func flip(_ share: Double, in clips: [Clip], seed: Int) -> [Clip] {
    guard share > 0 else { return clips }
    var flipped = clips
    let members = clips.indices.filter { clips[$0].split == .train }
    for (place, index) in members.enumerated() {
      var generator = Generator(seed: seed, flipStream, place)
      let draws = clips[index].labels.map { _ in generator.uniform() }
      flipped[index].flip(draws.map { $0 < share })
    }
    return flipped
  }

  private static let removalStream = 0x7265_6D6F
  private static let flipStream = 0x666C_6970
  /// Separates the order of classes for `HidingRule.classes`.
  fileprivate static let classStream = 0x636C_6173

  /// Separates the random stream of the mask from others with the same seed.
  private static let maskStream = 0x6D61_736B
}

extension Clip {
  /// Moves the labels that are not `kept` to `hidden`, and copies all labels to `truth` if none is
  /// missing.
  fileprivate mutating func hide(allBut kept: [Bool]) {
    let known = labels.compactMap { $0 }
    if truth == nil, known.count == labels.count { truth = known }
    let before = hidden.isEmpty ? labels.map { _ in nil } : hidden
    hidden = labels.indices.map { kept[$0] ? before[$0] : labels[$0] ?? before[$0] }
    labels = zip(labels, kept).map { label, isKept in isKept ? label : nil }
  }

  /// Turns the observed labels that are `turned` into their opposite. A clip with all its labels
  /// keeps them as `truth`.
  fileprivate mutating func flip(_ turned: [Bool]) {
    let known = labels.compactMap { $0 }
    if truth == nil, known.count == labels.count { truth = known }
    labels = zip(labels, turned).map { label, isTurned in isTurned ? label.map { 1 - $0 } : label }
  }
}

/// The probabilities per class that a positive and a negative label is observed.
private struct MaskPattern {
  let rule: HidingRule
  let positive: [Double]
  let negative: [Double]
  /// For `quiet`: the probabilities of positives by their loudness.
  private let loudness: LoudnessOdds?
  /// The share of the pattern that is observed: 1, or share / 0.1 below a share of 0.1.
  let thinning: Double

  /// `quiet` redistributes the draws of `balanced`.
  private var isBalanced: Bool { rule == .balanced || rule == .quiet }

  init(share: Double, rule: HidingRule, clips: [Clip], seed: Int) {
    self.rule = rule
    let isBalanced = rule == .balanced || rule == .quiet
    let drawn = isBalanced ? max(share, 0.1) : share
    thinning = drawn > 0 ? share / drawn : 1
    let classes = clips.first?.labels.count ?? 0
    let rates = rule == .classes ? Self.rates(share, classes: classes, seed: seed) : []
    let odds = (0..<classes).map { k -> (Double, Double) in
      if rule == .positives { return (drawn, 0) }
      if rule == .classes { return (rates[k], rates[k]) }
      guard isBalanced else { return (drawn, drawn) }
      let known = clips.compactMap { $0.labels[k] }
      let q = Double(known.count { $0 >= 0.5 }) / Double(max(1, known.count))
      return MaskPattern.balanced(share: drawn, positives: q)
    }
    positive = odds.map(\.0)
    negative = odds.map(\.1)
    loudness = rule == .quiet ? LoudnessOdds(clips, mean: positive) : nil
  }

  /// The share of each class's labels, with the mean ρ: up to ρ = ½, ρ·(2j + 1)/C for the class in
  /// place j of a random order; above, 1 minus that of 1 − ρ.
  private static func rates(_ share: Double, classes: Int, seed: Int) -> [Double] {
    var places = Array(0..<classes)
    var generator = Generator(seed: seed, LabelMask.classStream)
    generator.shuffle(&places)
    let least = min(share, 1 - share)
    return places.map { place in
      let rate = least * Double(2 * place + 1) / Double(classes)
      return share <= 0.5 ? rate : 1 - rate
    }
  }

  /// p⁺ = min(1, 0.4ρ/q) and p⁻ = 0.6ρ/(1−q).
  ///
  /// Differs: if p⁺ is clipped at 1 (a rare class, or ρ > 2.5q), more negatives are observed, so
  /// that the observed share is ρ all the same.
  private static func balanced(share: Double, positives q: Double) -> (Double, Double) {
    let p = q > 0 ? min(1, 0.4 * share / q) : 0
    let n = q < 1 ? min(1, (share - q * p) / (1 - q)) : 0
    return (p, n)
  }

  /// Draws once per entry, whatever its label, so that other entries do not depend on it.
  func kept(_ clip: Clip, _ generator: inout Generator) -> [Bool] {
    if rule == .clips {
      let isKept = generator.uniform() < (positive.first ?? 0)
      return clip.labels.map { $0 != nil && isKept }
    }
    let parts = loudness == nil ? [] : clip.powerShares
    var kept = clip.labels.enumerated().map { k, label -> Bool in
      let draw = generator.uniform()
      guard let label else { return false }
      guard label >= 0.5 else { return draw < negative[k] }
      return draw < (loudness?.probability(of: k, share: parts[k]) ?? positive[k])
    }
    guard isBalanced else { return kept }
    if !kept.contains(true), let entry = rescued(clip.labels, parts, &generator) {
      kept[entry] = true
    }
    guard thinning < 1 else { return kept }
    return kept.map { generator.uniform() < thinning && $0 }
  }

  /// The entry that is observed in a clip without any: a positive with probability 0.4. `parts`:
  /// the relative probabilities of positives under `quiet`.
  private func rescued(
    _ labels: [Float?], _ parts: [Double], _ generator: inout Generator
  ) -> Int? {
    let wantsPositive = generator.uniform() < 0.4
    let place = generator.uniform()
    let answered = labels.indices.filter { labels[$0] != nil }
    let fitting = answered.filter { ((labels[$0] ?? 0) >= 0.5) == wantsPositive }
    if wantsPositive, !fitting.isEmpty, !parts.isEmpty {
      return LoudnessOdds.choice(among: fitting, parts, at: place)
    }
    let choice = fitting.isEmpty ? answered : fitting
    return choice.isEmpty ? nil : choice[Int(place * Double(choice.count))]
  }
}

/// Probabilities proportional to a source's share of the clip's power, per class.
///
/// For clip i and class k: p⁺ = min(1, cₖ·sᵢₖ) with s = Pᵢₖ / Σⱼ Pᵢⱼ over the sources of the clip.
/// cₖ is chosen so that the mean of p⁺ over the positives of the class has a given value. A single
/// source has s = 1; a source 6 dB below the only other one has s = 0.2.
package struct LoudnessOdds {
  /// cₖ; infinite if all are observed.
  private let scale: [Double]

  /// `mean`: the mean of p⁺ over the positives, per class.
  package init(_ clips: [Clip], mean: [Double]) {
    let parts = clips.map(\.powerShares)
    scale = mean.enumerated().map { k, mean in
      let positives = zip(clips, parts).compactMap { clip, parts in
        (clip.labels[k] ?? 0) >= 0.5 ? parts[k] : nil
      }
      return LoudnessOdds.scale(positives, mean: mean)
    }
  }

  package func probability(of k: Int, share: Double) -> Double {
    scale[k].isInfinite ? 1 : min(1, scale[k] * share)
  }

  /// c such that the mean of min(1, c·s) is `mean`: the loudest are clipped at 1 until the rest
  /// fits.
  private static func scale(_ shares: [Double], mean: Double) -> Double {
    let sorted = shares.sorted(by: >)
    var left = sorted.reduce(0, +)
    for (certain, largest) in sorted.enumerated() {
      let scale = (mean * Double(sorted.count) - Double(certain)) / max(left, 1e-300)
      if scale * largest <= 1 { return max(0, scale) }
      left -= largest
    }
    return .infinity
  }

  /// One of `entries` with probability proportional to its part, by a draw from 0..<1.
  static func choice(among entries: [Int], _ parts: [Double], at draw: Double) -> Int? {
    var place = draw * entries.reduce(0) { $0 + parts[$1] }
    for entry in entries {
      place -= parts[entry]
      if place < 0 { return entry }
    }
    return entries.last
  }
}

extension Clip {
  /// The share of each class in the power of all sources, [C]; 0 for absent classes. In a clip
  /// without levels every positive has 1.
  var powerShares: [Double] {
    guard let levels else { return labels.map { ($0 ?? 0) >= 0.5 ? 1 : 0 } }
    let powers = levels.map { $0.map { pow(10, Double($0) / 10) } ?? 0 }
    let sum = powers.reduce(0, +)
    return powers.map { sum > 0 ? $0 / sum : 0 }
  }
}
