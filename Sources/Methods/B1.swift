// Baseline 1: a missing label is left out of the loss.
import Autograd
import Datasets
import Layers

/// Mean binary cross-entropy over the observed entries only.
/// Paper: Gururani & Lerch 2021, arXiv:2111.12761, baseline B1.
public final class B1: Method {
  /// Id, title, summary, paper and hyperparameters.
  public static let card = Card(
    id: "b1", title: "B1 missing-masked",
    summary: "missing labels are masked: only observed entries count",
    paper: "Gururani & Lerch 2021, arXiv:2111.12761")

  public let model: any Classifier
  private let augmentation: Augmentation

  public init(_ setup: MethodSetup) throws {
    model = try setup.makeModel()
    augmentation = setup.augmentation
  }

  public func loss(_ batch: Batch, _ mode: Mode) -> Loss {
    let seen = augmentation(batch, mode)
    return Loss(supervised: model(seen.input, mode), seen)
  }
}
