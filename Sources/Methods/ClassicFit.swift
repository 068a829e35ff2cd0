// The method of models that are fitted, not trained.
import Autograd
import Datasets
import Layers

/// Hands every batch to the model, labels that nobody gave left out; one epoch is enough. There is
/// no loss to follow: its one term is 0 and counts no entry, so that no optimizer moves anything.
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
