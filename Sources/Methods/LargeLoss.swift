// Large loss: assumed negatives that the network contradicts most are dropped or turned.
import Autograd
import Datasets
import Foundation
import Layers

/// Missing labels count as negatives. From the second epoch on, those with the largest loss in the
/// batch are taken for false negatives, since a network learns true labels before false ones. They
/// are rejected (their loss is 0), corrected for this step (their target becomes 1), or corrected
/// for the rest of the training. In epoch t, counted from 1, the share of the batch that is
/// rejected or corrected for a step is (t − 1)·δ; a permanent correction takes δ in each step.
/// Paper: Kim et al. 2022, arXiv:2206.03740, "LL-R", "LL-Ct", "LL-Cp"; δ `auto` is that of Kim et
/// al. 2023, arXiv:2304.01804.
/// Differs: only missing labels are ever rejected or corrected. If fewer are missing than the share
/// asks for, the authors' code takes the observed labels as well. A permanent correction changes
/// all labels that the step corrects; in the code of 2022, all but the one with the smallest loss.
public final class LargeLoss: Method {
  /// Id, title, summary, paper and hyperparameters.
  public static let card = Card(
    id: "large-loss", title: "Large loss",
    summary: "missing labels are negatives until the network contradicts them most",
    paper: "Kim et al. 2022, arXiv:2206.03740", hyperparameters: [variant, share])

  /// What happens to the assumed negatives with the largest loss.
  public enum Variant: String, CaseIterable, HyperparameterValue, Sendable {
    /// Their loss is 0 (LL-R).
    case rejection
    /// Their target is 1 in this step (LL-Ct).
    case temporary
    /// Their target is 1 from this step on (LL-Cp).
    case permanent

    /// δ of Kim et al. 2023.
    var usualShare: Double {
      switch self {
      case .rejection: 0.005
      case .temporary: 0.002
      case .permanent: 0.001
      }
    }
  }
  static let variant = Hyperparameter<Variant>(
    "variant", "variant", help: "what happens to assumed negatives with the largest loss",
    initial: .rejection)
  static let share = Hyperparameter<Adaptive>(
    "share", "share per epoch",
    help: "share of a batch's entries, more in each epoch; auto: 0.005, 0.002, 0.001", range: 0...1)

  public let model: any Classifier
  private let variant: Variant
  private let share: Double
  private let augmentation: Augmentation
  private let stepsPerEpoch: Int
  private var corrections: CorrectedLabels

  public init(_ setup: MethodSetup) throws {
    model = try setup.makeModel()
    let variant = setup[Self.variant]
    self.variant = variant
    share =
      switch setup[Self.share] {
      case .auto: variant.usualShare
      case .fixed(let share): share
      }
    augmentation = setup.augmentation
    stepsPerEpoch = setup.stepsPerEpoch
    corrections = CorrectedLabels(of: setup.clips.map(\.id), classes: setup.classes)
  }

  public func loss(_ batch: Batch, _ mode: Mode) -> Loss {
    let augmented = augmentation(batch, mode)
    let prediction = model(augmented.input, mode)
    let targets = corrections.added(to: augmented.missingAsNegative.targets, of: batch.clips)
    let isMissing = zip(augmented.observed.values, targets.values).map { $0 == 0 && $1 == 0 }
    let count = Self.count(
      entries: targets.count, epoch: mode.step / stepsPerEpoch + 1, share: share, variant)
    let rule = LargeLossRule(prediction.logits, targets, isMissing: isMissing, count: count)
    let chosen = zip(rule.isLarge, isMissing).map { $0 && $1 }
    if variant == .permanent { corrections.add(chosen, of: batch.clips) }
    let term = Loss.Term(
      "cls", rule.losses(variant, of: chosen).mean(),
      counting: Tensor(repeating: 1, targets.shape))
    return Loss(
      [term], probabilities: prediction.probabilities,
      measures: ["mask/ratio": Float(chosen.count { $0 }) / Float(max(1, chosen.count))])
  }

  /// The number of entries to reject or correct in a batch of `entries`; 0 in epoch 1. The share of
  /// an epoch is summed in floating point, as the authors do, which can give one more.
  public static func count(entries: Int, epoch: Int, share: Double, _ variant: Variant) -> Int {
    guard epoch > 1 else { return 0 }
    guard variant != .permanent else { return Int((Double(entries) * share).rounded(.up)) }
    var cleanShare = 1.0
    for _ in 1..<epoch { cleanShare -= share }
    return min(entries, Int((Double(entries) * (1 - cleanShare)).rounded(.up)))
  }

  public var memory: [String: Tensor] {
    variant == .permanent ? ["corrected": corrections.table] : [:]
  }

  public func restore(_ memory: [String: Tensor], stage: Int, context: StageContext) throws {
    guard variant == .permanent else { return }
    let shape = corrections.table.shape
    corrections.table = try SavedState.entry("corrected", shape, in: memory)
  }
}

/// Which assumed negatives of a batch have the largest loss.
public struct LargeLossRule {
  /// The entries whose loss reaches that of the k-th missing label with the largest loss. Ties are
  /// included. If fewer than k labels are missing, these are all entries, as in the authors' code.
  public let isLarge: [Bool]
  private let logits, targets: Tensor

  /// - Parameters:
  ///   - logits: [B, C].
  ///   - targets: [B, C], 0 for missing labels.
  ///   - isMissing: B · C, row by row.
  ///   - count: k; none are large if it is 0.
  public init(_ logits: Tensor, _ targets: Tensor, isMissing: [Bool], count: Int) {
    self.logits = logits
    self.targets = targets
    let losses = zip(logits.values, isMissing).map { z, isMissing in
      isMissing ? Dual(Double(z)).softplus.value : 0
    }
    guard count > 0, count <= losses.count else {
      isLarge = losses.map { _ in false }
      return
    }
    let limit = losses.sorted(by: >)[count - 1]
    isLarge = losses.map { $0 >= limit }
  }

  /// The loss of each entry, [B, C], with those of `chosen` rejected or corrected.
  public func losses(_ variant: LargeLoss.Variant, of chosen: [Bool]) -> Tensor {
    let values = targets.values
    return logits.mapEntries { z, index in
      guard chosen[index] else { return z.crossEntropy(Double(values[index])) }
      return variant == .rejection ? Dual(0) : z.crossEntropy(1 - Double(values[index]))
    }
  }
}

/// The missing labels that were corrected to positives for good.
private struct CorrectedLabels {
  private let rows: [String: Int]
  /// [N, C]; 1 for a corrected label.
  var table: Tensor

  init(of ids: [String], classes: Int) {
    rows = Dictionary(ids.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    table = .zeros([ids.count, classes])
  }

  func added(to targets: Tensor, of clips: [String]) -> Tensor {
    var values = targets.values
    let (corrected, classes) = (table.values, table.shape[1])
    for (place, id) in clips.enumerated() {
      guard let row = rows[id] else { continue }
      for c in 0..<classes where corrected[row * classes + c] == 1 {
        values[place * classes + c] = 1
      }
    }
    return Tensor(values, targets.shape)
  }

  mutating func add(_ chosen: [Bool], of clips: [String]) {
    guard chosen.contains(true) else { return }
    var values = table.values
    let classes = table.shape[1]
    for (place, id) in clips.enumerated() {
      guard let row = rows[id] else { continue }
      for c in 0..<classes where chosen[place * classes + c] { values[row * classes + c] = 1 }
    }
    table = Tensor(values, table.shape)
  }
}

extension Dual {
  /// −[y·ln σ(z) + (1 − y)·ln(1 − σ(z))] for this logit z.
  func crossEntropy(_ target: Double) -> Dual { self.softplus - target * self }
}
