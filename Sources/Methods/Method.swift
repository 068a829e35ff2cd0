// What varies between papers, and nothing else: a loss over a batch, perhaps an after-step.
import Autograd
import Datasets
import Layers

/// One way to learn from partly labelled clips. Lives on the queue that trains it.
public protocol Method: AnyObject, SendableMetatype {
  /// Id, paper and hyperparameters: forms, options and help follow from it.
  static var card: Card { get }
  /// Builds the networks. Throws when a model or a hyperparameter does not fit.
  init(_ setup: MethodSetup) throws
  /// What is trained, evaluated and saved.
  var model: any Classifier { get }
  /// Evaluated and saved beside the model, where there is one.
  var teacher: (any Classifier)? { get }
  /// The terms of the loss for one batch.
  func loss(_ batch: Batch, _ mode: Mode) -> Loss
  /// Called after the optimizer's update; `step` counts from 1. Moving averages live here.
  func stepEnded(_ step: Int)
}

extension Method {
  public var card: Card { Self.card }
  public var teacher: (any Classifier)? { nil }
  public func stepEnded(_ step: Int) {}
}

/// What a method is built from.
public struct MethodSetup {
  /// A freshly initialised network; each call draws new weights.
  public var makeModel: () throws -> any Classifier
  /// Every hyperparameter of the method's card, by key.
  public var hyperparameters: [String: Hyperparameter.Value]
  public var augmentation: Augmentation
  /// Updates the training will take, for ramps.
  public var plannedSteps: Int
  /// Chance at building time; training draws from the mode it is given.
  public var random: RandomSource

  public init(
    makeModel: @escaping () throws -> any Classifier,
    hyperparameters: [String: Hyperparameter.Value] = [:],
    augmentation: Augmentation = .none, plannedSteps: Int, random: RandomSource
  ) {
    self.makeModel = makeModel
    self.hyperparameters = hyperparameters
    self.augmentation = augmentation
    self.plannedSteps = plannedSteps
    self.random = random
  }
}
