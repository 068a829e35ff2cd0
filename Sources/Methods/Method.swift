// What varies between papers, and nothing else: a loss over a batch, perhaps an after-step.
import Acoustics
import Autograd
import Datasets
import Layers

/// One way to learn from partly labelled clips. Lives on the queue that trains it.
public protocol Method: AnyObject, SendableMetatype {
  /// Id, paper and hyperparameters: forms, options and help follow from it.
  static var card: Card { get }
  /// Names of the trainings that follow each other; every one takes all epochs of the recipe,
  /// with an optimizer and a schedule of its own.
  static func stages(_ settings: Settings) -> [String]
  /// Extractors whose features every training batch must bring along, by id.
  static func extractors(_ settings: Settings) -> [String]
  /// What its networks are fed, where the recipe's model is fed `model`.
  static func input(_ model: ModelInput, _ settings: Settings) -> ModelInput
  /// Which of its networks is its result: what lists, curves, tables and tests compare.
  static var result: NetworkName { get }
  /// Builds the networks. Throws when a model does not fit.
  init(_ setup: MethodSetup) throws
  /// What is evaluated and saved in the end.
  var model: any Classifier { get }
  /// Evaluated and saved beside the model, where there is one.
  var teacher: (any Classifier)? { get }
  /// What the optimizer moves in a stage.
  func trained(in stage: Int) -> any Classifier
  /// What is worth scoring in a stage; the first one's score picks the best epoch.
  func scored(in stage: Int) -> [ScoredNetwork]
  /// The terms of the loss for one batch.
  func loss(_ batch: Batch, _ mode: Mode) -> Loss
  /// How far apart the clips lie for the model and for the extractors it learns from; empty where
  /// there is nothing to compare. Draws no chance and changes nothing.
  func distances(_ batch: Batch) -> [DistanceReport]
  /// Called after the optimizer's update; `step` counts from 1 in each stage. Moving averages
  /// live here.
  func stepEnded(_ step: Int)
  /// Called when a stage's best weights are in place. Returns what it did to the labels, if
  /// anything.
  func stageEnded(_ stage: Int, _ context: StageContext) throws -> MaskReport?
  /// What a resumed run needs beside the weights of model and teacher. The number of updates is
  /// not part of it: `Mode.step` and `StageContext.step` tell it.
  var memory: [String: Tensor] { get }
  /// Takes over what `memory` gave, with the position it was taken at. Throws on what does not fit.
  func restore(_ memory: [String: Tensor], stage: Int, context: StageContext) throws
}

extension Method {
  public static func stages(_ settings: Settings) -> [String] { ["student"] }
  public static func extractors(_ settings: Settings) -> [String] { [] }
  public static func input(_ model: ModelInput, _ settings: Settings) -> ModelInput { model }
  public static var result: NetworkName { .student }

  public var card: Card { Self.card }
  public var teacher: (any Classifier)? { nil }
  public func trained(in stage: Int) -> any Classifier { model }

  public func scored(in stage: Int) -> [ScoredNetwork] {
    [ScoredNetwork("student", model)] + (teacher.map { [ScoredNetwork("teacher", $0)] } ?? [])
  }

  public func distances(_ batch: Batch) -> [DistanceReport] { [] }
  public func stepEnded(_ step: Int) {}
  public func stageEnded(_ stage: Int, _ context: StageContext) throws -> MaskReport? { nil }
  public var memory: [String: Tensor] { [:] }
  public func restore(_ memory: [String: Tensor], stage: Int, context: StageContext) throws {}
}

/// The networks that a method can have, by the names their scores go by.
public enum NetworkName: String, Sendable, CaseIterable {
  case student, teacher
}

/// A network under the name its curves go by: "student" or "teacher".
public struct ScoredNetwork {
  public let name: String
  public let classifier: any Classifier

  public init(_ name: String, _ classifier: any Classifier) {
    self.name = name
    self.classifier = classifier
  }
}

/// Training data available to a method between its stages.
public struct StageContext {
  /// The N training clips; `labels` are what training may know.
  public let clips: [Clip]
  /// Probabilities [N, C] of the training clips, row by row, in evaluation mode.
  public let predict: (any Classifier) -> [Float]
  /// The validation score that selects, larger is better; nil where it is undefined.
  public let validate: (any Classifier) throws -> Double?
  /// Updates made in this stage so far.
  public var step = 0

  public init(
    clips: [Clip], predict: @escaping (any Classifier) -> [Float],
    validate: @escaping (any Classifier) throws -> Double? = { _ in nil }
  ) {
    self.clips = clips
    self.predict = predict
    self.validate = validate
  }
}

/// What a method is built from.
public struct MethodSetup {
  /// A freshly initialised network; each call draws new weights.
  public var makeModel: () throws -> any Classifier
  /// A fresh pre-processor of pictures [B, H, W, 1] by id, such as "cnn".
  public var makePart: (String) throws -> any Layer
  /// C.
  public var classes: Int
  /// Shape of one clip in a training batch: [1, M, T] or [T, D].
  public var input: [Int]
  /// D of the features that batches bring along, by extractor.
  public var embeddings: [String: Int]
  /// Values of the hyperparameters on the method's card, checked.
  public var settings: Settings
  public var augmentation: Augmentation
  /// Updates one stage will take, for ramps.
  public var plannedSteps: Int
  /// Chance at building time; training draws from the mode it is given.
  public var random: RandomSource

  public init(
    makeModel: @escaping () throws -> any Classifier, classes: Int, input: [Int] = [],
    embeddings: [String: Int] = [:], settings: Settings = Settings(),
    augmentation: Augmentation = .none, plannedSteps: Int, random: RandomSource,
    makePart: @escaping (String) throws -> any Layer = Self.noPart
  ) {
    self.makeModel = makeModel
    self.makePart = makePart
    self.classes = classes
    self.input = input
    self.embeddings = embeddings
    self.settings = settings
    self.augmentation = augmentation
    self.plannedSteps = plannedSteps
    self.random = random
  }
}

extension MethodSetup {
  /// The value of one of the method's hyperparameters.
  subscript<Value>(_ hyperparameter: Hyperparameter<Value>) -> Value { settings[hyperparameter] }

  /// Where nobody offers pre-processors.
  public static func noPart(_ id: String) throws -> any Layer {
    throw SettingsError(
      key: "part", problem: "no pre-processor '\(id)' here", expected: "a method without one")
  }
}
