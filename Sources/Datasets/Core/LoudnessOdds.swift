// How likely a positive label is to be kept where annotators overhear what is quiet.
import Foundation

/// Probabilities proportional to a source's share of the clip's power, per class.
///
/// Of clip i and class k: p⁺ = min(1, cₖ·sᵢₖ), where s = Pᵢₖ / Σⱼ Pᵢⱼ over the sources of the clip
/// and cₖ is such that the mean of p⁺ over the positives of the class is a given one. A source on
/// its own has s = 1; one 6 dB below the only other has 0.2.
package struct LoudnessOdds {
  /// cₖ; infinite where all are kept.
  private let scale: [Double]

  /// `mean`: of p⁺ over the positives of each class.
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

  /// c with mean min(1, c·s) = `mean`: the loudest are cut at 1 until the rest fits.
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

  /// One of `entries` with probability proportional to its part, by a draw in 0..<1.
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
  /// Of the power of all sources, that of each class: [C], 0 for what is absent. A clip without
  /// levels shares out nothing: all of its positives count as on their own.
  var powerShares: [Double] {
    guard let levels else { return labels.map { ($0 ?? 0) >= 0.5 ? 1 : 0 } }
    let powers = levels.map { $0.map { pow(10, Double($0) / 10) } ?? 0 }
    let sum = powers.reduce(0, +)
    return powers.map { sum > 0 ? $0 / sum : 0 }
  }
}
