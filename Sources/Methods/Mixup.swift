// Mixup: weighted means of two clips, and what is known of their labels.
import Autograd
import Datasets
import Foundation
import Layers

/// The labels of a mixture λ·x + (1 − λ)·x′ of two clips, where a label may be missing.
public enum MixupLabels: String, CaseIterable, HyperparameterValue {
  /// The mean of the labels, weighted as the clips are. An entry counts if both are known.
  /// Paper: Zhang et al. 2018, arXiv:1710.09412.
  case both
  /// The mean of the known labels. An entry counts with the weight of the clips that know it: the
  /// loss is the mean of the losses of both clips, each over its own known labels. No paper.
  case known
  /// Present if known to be present in one, absent if known to be absent in both, as for sounds
  /// that are heard at once. Neither clip weighs less than 0.3.
  /// Paper: the "hard" rule of Nam et al. 2022, arXiv:2110.03282.
  case union
}

extension Augmentation {
  /// Mixes each clip with a partner by one permutation; λ ~ Beta(α, α), at least ½.
  func mixed(_ batch: Batch, _ labels: MixupLabels, _ generator: inout Generator) -> Batch {
    let partners = Array(0..<batch.clips.count).shuffled(using: &generator)
    let shares = partners.map { _ in
      let share = Float(beta(mixup, &generator))
      return labels == .union ? 0.4 * share + 0.3 : share
    }
    return batch.mixed(with: partners, shares: shares, labels)
  }

  /// The larger of λ and 1 − λ, λ ~ Beta(α, α). Jöhnk 1964: accept u^(1/α) + v^(1/α) ≤ 1.
  private func beta(_ alpha: Double, _ generator: inout Generator) -> Double {
    while true {
      let x = pow(generator.uniform(), 1 / alpha)
      let y = pow(generator.uniform(), 1 / alpha)
      if x + y > 0 && x + y <= 1 { return max(x, y) / (x + y) }
    }
  }
}

extension Batch {
  /// λ·x + (1 − λ)·x′ of each clip x and its partner x′, for input and features, with labels by a
  /// rule.
  ///
  /// - Parameters:
  ///   - partners: The row of each clip's partner, [B].
  ///   - shares: λ of each clip, [B].
  ///   - labels: The rule of the labels.
  package func mixed(
    with partners: [Int], shares: [Float], _ labels: MixupLabels = .both
  ) -> Batch {
    var mixed = self
    mixed.input = input.blended(with: partners, shares)
    mixed.embeddings = embeddings.mapValues { $0.blended(with: partners, shares) }
    (mixed.targets, mixed.observed) = mixedLabels(partners, shares, labels)
    return mixed
  }

  private func mixedLabels(
    _ partners: [Int], _ shares: [Float], _ rule: MixupLabels
  ) -> (targets: Tensor, observed: Tensor) {
    let classes = targets.shape[1]
    let (values, known) = (targets.values, observed.values)
    var (newTargets, newKnown) = (values, known)
    for place in values.indices {
      let (row, column) = place.quotientAndRemainder(dividingBy: classes)
      let other = partners[row] * classes + column
      (newTargets[place], newKnown[place]) = rule.label(
        (values[place], known[place]), (values[other], known[other]), share: shares[row])
    }
    return (Tensor(newTargets, targets.shape), Tensor(newKnown, observed.shape))
  }
}

extension MixupLabels {
  /// Target and weight of an entry of a mixture, whose first clip has a share.
  func label(
    _ one: (target: Float, observed: Float), _ other: (target: Float, observed: Float),
    share: Float
  ) -> (target: Float, observed: Float) {
    switch self {
    case .both:
      return (
        one.target * share + other.target * (1 - share), min(one.observed, other.observed)
      )
    case .known:
      let (own, added) = (share * one.observed, (1 - share) * other.observed)
      let weight = own + added
      guard weight > 0 else { return (0, 0) }
      return (min(1, (own * one.target + added * other.target) / weight), weight)
    case .union: return Batch.union(one, other)
    }
  }
}

extension Tensor {
  /// λ·x + (1 − λ)·x′ of rows and their partners.
  fileprivate func blended(with partners: [Int], _ shares: [Float]) -> Tensor {
    let values = self.values
    let stride = values.count / Swift.max(partners.count, 1)
    var result = values
    for (row, partner) in partners.enumerated() {
      for i in 0..<stride {
        let (own, other) = (values[row * stride + i], values[partner * stride + i])
        result[row * stride + i] = own * shares[row] + other * (1 - shares[row])
      }
    }
    return Tensor(result, shape)
  }
}
