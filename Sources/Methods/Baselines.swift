// Baseline 0: a missing label is read as a negative.
import Autograd
import Datasets
import Layers

/// Mean binary cross-entropy over all entries, with target 0 wherever nobody answered.
/// Paper: Gururani & Lerch 2021, arXiv:2111.12761, baseline B0.
public final class B0: Method {
  /// Id, title, summary, paper and hyperparameters.
  public static let card = Card(
    id: "b0", title: "B0 missing-as-negative",
    summary: "every missing label counts as a negative",
    paper: "Gururani & Lerch 2021, arXiv:2111.12761")

  public let model: any Classifier
  private let augmentation: Augmentation

  public init(_ setup: MethodSetup) throws {
    model = try setup.makeModel()
    augmentation = setup.augmentation
  }

  public func loss(_ batch: Batch, _ mode: Mode) -> Loss {
    // Before augmentation: mixing must find every entry answered.
    let seen = augmentation(batch.missingAsNegative, mode)
    let prediction = model(seen.input, mode)
    return Loss(supervised: prediction, seen)
  }
}

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
