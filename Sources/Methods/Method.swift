import Acoustics
import Autograd
import Datasets
import Layers

/// A method to learn from partly labelled clips: a loss over a batch, with optional hooks. It
/// belongs to the queue that trains it.
public protocol Method: AnyObject, SendableMetatype {
  /// Id, summary, paper and hyperparameters, for forms, command line and help.
  static var card: Card { get }
  /// The names of successive training stages. Each takes all epochs of the recipe, unless
  /// `epochs(_:in:of:)` says otherwise, and has its own optimizer and schedule.
  static func stages(_ settings: Settings) -> [String]
  /// The number of epochs of a stage in a recipe with `epochs` epochs.
  static func epochs(_ settings: Settings, in stage: Int, of epochs: Int) -> Int
  /// Whether the method learns from labels. One that does not needs none, and is not scored.
  static func learnsLabels(_ settings: Settings) -> Bool
  /// The ids of extractors whose features every training batch contains.
  static func extractors(_ settings: Settings) -> [String]
  /// Whether those features are of the part of a clip that the model hears, if it hears a part.
  static func alignsFeatures(_ settings: Settings) -> Bool
  /// The input of the networks, given the input of the recipe's model.
  static func input(_ model: ModelInput, _ settings: Settings) -> ModelInput
  /// Whether the method learns from clips without any label. Clips of that kind are left out of the
  /// training batches of other methods.
  static var usesUnlabelledClips: Bool { get }
  /// The network that is the method's result, which lists, curves, tables and tests compare.
  static var result: NetworkName { get }
  /// What the settings that are `auto` stand for in a run of `plannedSteps` steps a stage. Settings
  /// with a number are left out.
  static func automatic(_ settings: Settings, plannedSteps: Int) -> [AutomaticSetting]
  /// Builds the networks.
  ///
  /// - Throws: An error if a model does not fit.
  init(_ setup: MethodSetup) throws
  /// The network that is evaluated and saved.
  var model: any Classifier { get }
  /// A second network that is evaluated and saved; nil if there is none.
  var teacher: (any Classifier)? { get }
  /// The share of itself that an averaged teacher kept at the last step; nil without one.
  var keptShare: Double? { get }
  /// The network that the optimizer updates in a stage.
  func trained(in stage: Int) -> any Classifier
  /// The networks to evaluate in a stage; empty for a stage whose networks predict no labels. The
  /// score of the first one selects the best epoch.
  func scored(in stage: Int) -> [ScoredNetwork]
  /// The terms of the loss for a batch. The method augments the batch itself.
  func loss(_ batch: Batch, _ mode: Mode) -> Loss
  /// What is wrong with the training, in one sentence; nil if nothing is. It is asked for at the
  /// end of each epoch.
  var warning: String? { get }
  /// The distances between clips for the model and for the extractors it learns from; empty if
  /// there are none. It draws no random numbers and changes nothing.
  func distances(_ batch: Batch) -> [DistanceReport]
  /// Called after each step of the optimizer, for example to update a moving average. `step` counts
  /// from 1 in each stage.
  func stepEnded(_ step: Int)
  /// Called at the end of a stage, with the best weights restored. Returns the labels that it
  /// masked, if any.
  func stageEnded(_ stage: Int, _ context: StageContext) throws -> MaskReport?
  /// The state for resuming, besides the weights of model and teacher. The number of steps is not
  /// part of it; `Mode.step` and `StageContext.step` provide it.
  var memory: [String: Tensor] { get }
  /// Restores `memory` at the position at which it was saved.
  ///
  /// - Throws: An error if the state does not fit.
  func restore(_ memory: [String: Tensor], stage: Int, context: StageContext) throws
}

extension Method {
  public static func stages(_ settings: Settings) -> [String] { ["student"] }
  public static func epochs(_ settings: Settings, in stage: Int, of epochs: Int) -> Int { epochs }
  public static func learnsLabels(_ settings: Settings) -> Bool { true }
  public static func extractors(_ settings: Settings) -> [String] { [] }
  public static func alignsFeatures(_ settings: Settings) -> Bool { false }
  public static func input(_ model: ModelInput, _ settings: Settings) -> ModelInput { model }
  public static var result: NetworkName { .student }
  public static var usesUnlabelledClips: Bool { false }
  public static func automatic(_ settings: Settings, plannedSteps: Int) -> [AutomaticSetting] { [] }

  /// The card of this method's type.
  public var card: Card { Self.card }
  public var teacher: (any Classifier)? { nil }
  public var keptShare: Double? { nil }
  public func trained(in stage: Int) -> any Classifier { model }

  public func scored(in stage: Int) -> [ScoredNetwork] {
    [ScoredNetwork("student", model)] + (teacher.map { [ScoredNetwork("teacher", $0)] } ?? [])
  }

  public var warning: String? { nil }
  public func distances(_ batch: Batch) -> [DistanceReport] { [] }
  public func stepEnded(_ step: Int) {}
  public func stageEnded(_ stage: Int, _ context: StageContext) throws -> MaskReport? { nil }
  public var memory: [String: Tensor] { [:] }
  public func restore(_ memory: [String: Tensor], stage: Int, context: StageContext) throws {}
}

/// The names of the networks of a method.
public enum NetworkName: String, Sendable, CaseIterable {
  /// The network that the optimizer updates.
  case student
  /// The network that provides targets.
  case teacher
}

/// A network to evaluate, with the name of its curves.
public struct ScoredNetwork {
  /// "student" or "teacher".
  public let name: String
  /// The network.
  public let classifier: any Classifier

  /// A network with the name of its curves.
  public init(_ name: String, _ classifier: any Classifier) {
    self.name = name
    self.classifier = classifier
  }
}

/// What an `auto` setting stands for in a run.
public struct AutomaticSetting: Sendable, Equatable {
  /// The key of the setting on the method's card, such as `emaDecay`.
  public let key: String
  /// The value and what it depends on, such as "0.975, a memory of 40 of 800 steps".
  public let text: String

  /// What the setting with this key stands for.
  public init(key: String, text: String) {
    self.key = key
    self.text = text
  }
}

/// Data available to a method between its stages.
public struct StageContext {
  /// The N training clips. `labels` are the labels that training may use.
  public let clips: [Clip]
  /// Predicts the training clips in evaluation mode: probabilities [N, C], row-major.
  public let predict: (any Classifier) -> [Float]
  /// The validation score for selection, larger is better; nil if it is undefined.
  public let validate: (any Classifier) throws -> Double?
  /// The validation clips; empty if there are none.
  public var validationClips: [Clip] = []
  /// Predicts the validation clips, as `predict` does the training clips.
  public var predictValidation: (any Classifier) -> [Float] = { _ in [] }
  /// The number of steps taken in this stage.
  public var step = 0

  /// A context of training clips and functions to evaluate networks on them.
  public init(
    clips: [Clip], predict: @escaping (any Classifier) -> [Float],
    validate: @escaping (any Classifier) throws -> Double? = { _ in nil }
  ) {
    self.clips = clips
    self.predict = predict
    self.validate = validate
  }
}

/// The arguments of a method's initializer.
public struct MethodSetup {
  /// Makes a network with new random weights at each call.
  public var makeModel: () throws -> any Classifier
  /// Makes a pre-processor of spectrograms [B, H, W, 1] by id, such as "cnn".
  public var makePart: (String) throws -> any Layer
  /// The number of classes C.
  public var classes: Int
  /// The shape of one clip in a training batch: [1, M, T] or [T, D].
  public var input: [Int]
  /// The size D of the features in batches, by extractor.
  public var embeddings: [String: Int]
  /// The values of the hyperparameters on the method's card, checked.
  public var settings: Settings
  /// The augmentation, which the method applies.
  public var augmentation: Augmentation
  /// The number of steps that one stage will take, for ramp-ups.
  public var plannedSteps: Int
  /// The number of steps of an epoch, for methods that change from epoch to epoch.
  public var stepsPerEpoch: Int
  /// The training clips with the labels that training may use; empty where a trained model is only
  /// read.
  public var clips: [Clip]
  /// The random numbers for initialization. In training, draw from the mode.
  public var random: RandomSource

  /// A setup with these arguments.
  public init(
    makeModel: @escaping () throws -> any Classifier, classes: Int, input: [Int] = [],
    embeddings: [String: Int] = [:], settings: Settings = Settings(),
    augmentation: Augmentation = .none, plannedSteps: Int, stepsPerEpoch: Int = 1,
    clips: [Clip] = [], random: RandomSource,
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
    self.stepsPerEpoch = max(1, stepsPerEpoch)
    self.clips = clips
    self.random = random
  }
}

extension MethodSetup {
  /// The value of one of the method's hyperparameters.
  subscript<Value>(_ hyperparameter: Hyperparameter<Value>) -> Value { settings[hyperparameter] }

  /// Throws: there are no pre-processors.
  public static func noPart(_ id: String) throws -> any Layer {
    throw SettingsError(
      key: "part", problem: "no pre-processor '\(id)' here", expected: "a method without one")
  }
}
