// Missing labels as negatives, with smoothed targets.
import Autograd
import Layers

/// Every missing label is assumed negative, and all targets are smoothed: y becomes
/// y·(1 − ε) + (1 − y)·ε. Without smoothing this is B0 with a limited logarithm.
/// Paper: Cole et al. 2021, arXiv:2106.09708, "AN" and "AN-LS". Their paper may mean ε/2 where
/// their code uses ε; this is ε.
public struct AssumeNegative: EntryLoss {
  /// Id, title, summary, paper and hyperparameters.
  public static let card = Card(
    id: "assume-negative", title: "Assume negative",
    summary: "missing labels count as negatives, and no target is quite 0 or 1",
    paper: cole, hyperparameters: [smoothing])
  static let cole = "Cole et al. 2021, arXiv:2106.09708"

  static let smoothing = Hyperparameter<Double>(
    "smoothing", "label smoothing", help: "how far targets are moved from 0 and 1; 0: not",
    initial: 0.1, range: 0...0.5)

  private let smoothing: Double

  public init(_ setup: MethodSetup) { self.init(smoothing: setup[Self.smoothing]) }

  /// The loss with smoothing ε.
  public init(smoothing: Double) { self.smoothing = smoothing }

  public func losses(_ logits: Tensor, _ labels: [EntryLabel], epoch: Int) -> Tensor {
    logits.losses(of: labels) { z, label in
      let y = label.target
      return z.sigmoid.limitedCrossEntropy(y * (1 - smoothing) + (1 - y) * smoothing)
    }
  }
}
