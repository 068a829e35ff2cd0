// The baselines B0 and B1, and the fit of models without gradients.
import Autograd
import Datasets
import Layers

/// The mean binary cross-entropy over all entries, with target 0 for missing labels.
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
    // Before augmentation, so that mixup finds every entry observed.
    let augmented = augmentation(batch.missingAsNegative, mode)
    return Loss(supervised: model(augmented.input, mode), augmented)
  }
}

/// The mean binary cross-entropy over the observed entries only.
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
    let augmented = augmentation(batch, mode)
    return Loss(supervised: model(augmented.input, mode), augmented)
  }
}

/// Fits a model without gradients, such as a random forest, to all batches; one epoch is enough.
/// The only term of the loss is 0 and counts no entry, so the optimizer changes nothing.
public final class ClassicFit: Method {
  /// Id, title, summary, paper and hyperparameters.
  public static let card = Card(
    id: "classic", title: "Classic fit",
    summary: "all rows at once, without a gradient; goes with the model 'classic'",
    paper: "Burred & Lerch 2004, JAES 52:724",
    defaults: [DefaultSetting("training.epochs", 1)])

  public var model: any Classifier { learner }
  private let learner: any RowLearner

  public init(_ setup: MethodSetup) throws {
    guard let learner = try setup.makeModel() as? any RowLearner else {
      throw SettingsError(
        key: "method.id", problem: "'classic' cannot train this model", expected: "model classic")
    }
    self.learner = learner
  }

  public func loss(_ batch: Batch, _ mode: Mode) -> Loss {
    learner.take(
      batch.input, targets: batch.targets, observed: batch.observed, names: batch.clips)
    return Loss([
      .init("none", Tensor(repeating: 0, [1]), denominator: 0, entries: batch.observed.count)
    ])
  }
}
