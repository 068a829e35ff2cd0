// Methods whose loss is a mean over single entries (clip, class) of the batch.
import Autograd
import Datasets
import Layers

/// The label of one entry (clip, class) of a batch.
public struct EntryLabel: Sendable {
  /// y in 0...1; 0 if the label is missing.
  public let target: Double
  /// Whether the label is known. A missing label is not.
  public let isObserved: Bool
  /// The class, 0..<C.
  public let classIndex: Int

  /// A label y of a class; a missing label has the target 0.
  public init(target: Double, isObserved: Bool, classIndex: Int = 0) {
    self.target = target
    self.isObserved = isObserved
    self.classIndex = classIndex
  }
}

/// A loss of single entries, which an `EntryLossMethod` trains one network with. Missing labels
/// count: each rule says what they stand for.
public protocol EntryLoss: SendableMetatype {
  /// The card of the method.
  static var card: Card { get }
  /// Reads its settings.
  init(_ setup: MethodSetup) throws
  /// The loss of each entry, [B, C].
  ///
  /// - Parameters:
  ///   - logits: [B, C].
  ///   - labels: B · C labels, row by row.
  ///   - epoch: The epoch of the stage, from 0.
  func losses(_ logits: Tensor, _ labels: [EntryLabel], epoch: Int) -> Tensor
}

/// Trains one network with a loss of single entries: its mean over all entries of the batch.
public final class EntryLossMethod<Rule: EntryLoss>: Method {
  /// The card of the rule.
  public static var card: Card { Rule.card }

  public let model: any Classifier
  private let rule: Rule
  private let augmentation: Augmentation
  private let stepsPerEpoch: Int

  public init(_ setup: MethodSetup) throws {
    rule = try Rule(setup)
    model = try setup.makeModel()
    augmentation = setup.augmentation
    stepsPerEpoch = setup.stepsPerEpoch
  }

  public func loss(_ batch: Batch, _ mode: Mode) -> Loss {
    let augmented = augmentation(batch, mode)
    let prediction = model(augmented.input, mode)
    let losses = rule.losses(
      prediction.logits, augmented.entryLabels, epoch: mode.step / stepsPerEpoch)
    let term = Loss.Term(
      "cls", losses.mean(), counting: Tensor(repeating: 1, augmented.observed.shape))
    return Loss([term], probabilities: prediction.probabilities)
  }
}

extension Batch {
  /// The B · C labels, row by row.
  var entryLabels: [EntryLabel] {
    let classes = targets.shape.last ?? 1
    return zip(targets.values, observed.values).enumerated().map { index, label in
      let isObserved = label.1 > 0
      return EntryLabel(
        target: isObserved ? Double(label.0) : 0, isObserved: isObserved,
        classIndex: index % classes)
    }
  }
}

extension Tensor {
  /// The loss of each entry by a formula of its logit and its label.
  func losses(of labels: [EntryLabel], _ formula: (Dual, EntryLabel) -> Dual) -> Tensor {
    mapEntries { formula($0, labels[$1]) }
  }
}

extension Dual {
  /// −ln(p + 1e-5), the logarithm of Cole et al. 2021. It stays below 11.6, and the gradient of an
  /// entry that is confidently wrong vanishes.
  var limitedMinusLog: Dual { -(self + 1e-5).log }

  /// y · −ln(p + 1e-5) + (1 − y) · −ln(1 − p + 1e-5) for this probability p.
  func limitedCrossEntropy(_ target: Double) -> Dual {
    target * limitedMinusLog + (1 - target) * (1 - self).limitedMinusLog
  }
}
