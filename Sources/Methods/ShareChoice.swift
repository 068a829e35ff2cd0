// Label enhancing: the masked share where nobody gave one.
import Datasets
import Foundation
import Layers

/// The choice of θ from validation labels and the teacher's predictions. No student is trained.
///
/// If θ masks well, it would mask most positives and few negatives. The observed validation labels
/// show both: a label would be masked if its clip is among the ⌊θ · N⌋ of N validation clips with
/// the highest probabilities of its class. The score of θ is ½ (share of observed positives that
/// would be masked + share of observed negatives that would not), over the labels of all classes.
/// It does not depend on how many positives there are among the observed labels, so it holds where
/// positives are more often labelled than negatives.
///
/// Few labels say little: of all candidates within one standard error of the best score, the one
/// nearest to `usual` is taken (the rule of Breiman et al. 1984, Classification and Regression
/// Trees, §3.4.3).
/// The mean of the two shares is Youden's index, scaled to 0...1: Youden 1950, Cancer 3:32.
public struct ShareChoice: Sendable, Equatable {
  /// A candidate and its score, in 0...1.
  public struct Candidate: Sendable, Equatable {
    public let share, score: Double
  }

  /// θ.
  public let share: Double
  /// The candidates in ascending order; empty without both positive and negative labels.
  public let candidates: [Candidate]

  /// θ without validation labels. It is that of the built-in data set's reference figures.
  static let usual = 0.3

  /// θ before the choice.
  static func share(_ setting: Adaptive) -> Double {
    switch setting {
    case .auto: usual
    case .fixed(let share): share
    }
  }

  /// `probabilities` [N, C] are those of the teacher for the N validation clips.
  package init(_ clips: [Clip], probabilities: [Float]) {
    let labels = RankedLabels(clips, probabilities)
    let found = LabelEnhancing.sweptShares.compactMap { share in
      labels.score(share).map { (share: share, score: $0.value, error: $0.error) }
    }
    candidates = found.map { Candidate(share: $0.share, score: $0.score) }
    let best = found.max { $0.score < $1.score }
    let good = found.filter { $0.score >= (best?.score ?? 0) - (best?.error ?? 0) }
    let nearest = good.min { abs($0.share - Self.usual) < abs($1.share - Self.usual) }
    share = nearest?.share ?? Self.usual
  }

  /// "masked share 0.3 of 0.05 (.61), 0.1 (.68), …", for the log.
  public var text: String {
    guard !candidates.isEmpty else {
      return "masked share \(share): validation has no positive and negative labels to choose by"
    }
    let scores = candidates.map { "\($0.share) \(Self.threeDecimals($0.score))" }
    return "masked share \(share), as good as the best on validation: "
      + scores.joined(separator: ", ")
  }

  private static func threeDecimals(_ value: Double) -> String {
    let digits = "\(Int((value * 1000).rounded()) + 1000)"
    return "\(digits.first == "2" ? "1" : "0").\(digits.dropFirst())"
  }
}

/// The observed labels by the rank of their clip, of all clips, in the predictions for their class.
private struct RankedLabels {
  /// Ranks from 0, the highest probability.
  private var positives: [Int] = []
  private var negatives: [Int] = []
  private let count: Int

  init(_ clips: [Clip], _ probabilities: [Float]) {
    count = clips.count
    let classes = clips.first?.labels.count ?? 0
    for k in 0..<classes {
      let order = clips.indices.sorted { a, b in
        let (x, y) = (probabilities[a * classes + k], probabilities[b * classes + k])
        return x == y ? a < b : x > y
      }
      for (rank, clip) in order.enumerated() {
        guard let label = clips[clip].labels[k] else { continue }
        if label >= 0.5 { positives.append(rank) } else { negatives.append(rank) }
      }
    }
  }

  /// The score of a share and its standard error; nil without positives or negatives.
  func score(_ share: Double) -> (value: Double, error: Double)? {
    guard !positives.isEmpty, !negatives.isEmpty else { return nil }
    let masked = Int(share * Double(count))
    let found = positives.count { $0 < masked }
    let kept = negatives.count { $0 >= masked }
    let value = Double(found) / Double(positives.count) + Double(kept) / Double(negatives.count)
    let variance =
      Self.variance(found, of: positives.count) + Self.variance(kept, of: negatives.count)
    return (value / 2, variance.squareRoot() / 2)
  }

  /// The variance of a share of `all`, with one more success and one more failure, so that it is
  /// not 0 where all agree.
  private static func variance(_ count: Int, of all: Int) -> Double {
    let share = Double(count + 1) / Double(all + 2)
    return share * (1 - share) / Double(all)
  }
}
