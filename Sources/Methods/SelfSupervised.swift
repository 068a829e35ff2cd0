// Self-supervised learning on one's own clips, and what is then learned from labels.
import Autograd
import Datasets
import Layers

/// Stage 1 trains the recipe's model on the sounds of all training clips; labels are not looked at,
/// and nothing is scored. Stage 2 trains it further with B1's loss (`fine-tune`), or a layer norm
/// and a linear layer on its frozen embedding (`probe`). With `use` `none` there is no stage 2: no
/// label is needed, and the weights are the result.
///
/// Stage 1 compares two views of each clip (`TwoViewPretext`), or reconstructs hidden patches for
/// a network of patches (`MaskedPatchPretext`).
/// Papers: Niizumi et al. 2021, arXiv:2103.06695 (BYOL-A); Gong et al. 2022, arXiv:2110.09784
/// (SSAST).
/// Differs: see the two tasks. The papers pre-train on AudioSet; here the clips are those of the
/// data set.
public final class SelfSupervised: Method {
  /// Id, title, summary, paper and hyperparameters.
  public static let card = Card(
    id: "self-supervised", title: "Self-supervised",
    summary: "the network first learns from the sounds of all clips, then from their labels",
    paper: "Niizumi et al. 2021, arXiv:2103.06695; Gong et al. 2022, arXiv:2110.09784",
    hyperparameters: [use, objective, pretrainEpochs, emaDecay, hidden, masked])

  static let use = Hyperparameter<Use>(
    "use", "use", help: "of the labels, afterwards: all weights, a frozen network's head, or none",
    initial: .fineTune)
  static let objective = Hyperparameter<Objective>(
    "objective", "objective",
    help: "views: BYOL-A; auto: masked patches for a network of patches such as ast, else views",
    initial: .auto)
  static let pretrainEpochs = Hyperparameter<Int>(
    "pretrainEpochs", "pretrain epochs", help: "epochs without labels; 0: as training.epochs",
    initial: 0, range: 0...100_000)
  static let emaDecay = Hyperparameter<Double>(
    "emaDecay", "EMA decay", help: "views: EMA decay of the target network's weights",
    initial: 0.99, range: 0...0.999999)
  static let hidden = Hyperparameter<Int>(
    "hidden", "hidden units", help: "views: width of projector and predictor", initial: 512,
    range: 1...8192)
  static let masked = Hyperparameter<Double>(
    "masked", "masked share", help: "patches: share of the spectrogram that is hidden",
    initial: 0.75, range: 0.05...0.95)

  enum Use: String, CaseIterable, HyperparameterValue {
    case fineTune = "fine-tune"
    case probe, none
  }
  enum Objective: String, CaseIterable, HyperparameterValue { case auto, views }

  /// All clips are heard.
  public static let usesUnlabelledClips = true
  /// Below this spread, the embeddings of all clips are nearly the same.
  static let collapse: Float = 0.05

  public static func stages(_ settings: Settings) -> [String] {
    settings[use] == .none ? ["pretrain"] : ["pretrain", "student"]
  }

  public static func epochs(_ settings: Settings, in stage: Int, of epochs: Int) -> Int {
    stage == 0 && settings[pretrainEpochs] > 0 ? settings[pretrainEpochs] : epochs
  }

  public static func learnsLabels(_ settings: Settings) -> Bool { settings[use] != .none }

  public let model: any Classifier
  private let probe: ProbedNetwork?
  private let pretext: any Pretext
  private let augmentation: Augmentation
  private var stage = 0
  private var spread: Float = 1

  /// - Throws: `SettingsError` if the model has no embedding or its input is no spectrogram.
  public init(_ setup: MethodSetup) throws {
    let backbone = try Self.backbone(setup)
    probe =
      setup[Self.use] == .probe
      ? ProbedNetwork(backbone, classes: setup.classes, random: setup.random) : nil
    model = probe ?? backbone
    augmentation = setup.augmentation
    pretext = try Self.pretext(backbone, setup)
  }

  private static func backbone(_ setup: MethodSetup) throws -> any Backbone {
    guard let backbone = try setup.makeModel() as? any Backbone else {
      throw SettingsError(
        key: card.id, problem: "the model has no embedding to pre-train",
        expected: "another one, such as cnn")
    }
    guard setup.input.count == 3 else {
      throw SettingsError(
        key: card.id, problem: "the input of the model is no spectrogram",
        expected: "a model on spectrograms, such as cnn or ast")
    }
    return backbone
  }

  private static func pretext(
    _ backbone: any Backbone, _ setup: MethodSetup
  ) throws -> any Pretext {
    if setup[objective] == .auto, let patches = backbone as? any PatchBackbone {
      return MaskedPatchPretext(patches, share: setup[masked], random: setup.random)
    }
    return TwoViewPretext(
      backbone, target: try self.backbone(setup), hidden: setup[hidden], decay: setup[emaDecay],
      random: setup.random)
  }

  public func trained(in stage: Int) -> any Classifier {
    stage == 0 ? pretext.trained : probe?.head ?? model
  }

  public func scored(in stage: Int) -> [ScoredNetwork] {
    stage == 0 ? [] : [ScoredNetwork("student", model)]
  }

  public func loss(_ batch: Batch, _ mode: Mode) -> Loss {
    guard stage == 0 else {
      let augmented = augmentation(batch, mode)
      return Loss(supervised: model(augmented.input, mode), augmented)
    }
    let found = pretext.loss(batch.input, mode)
    spread = found.embedding.spread
    // Batch norm makes the same of every clip where there is only one.
    let clips = batch.clips.count
    return Loss(
      [.init(found.name, found.value, denominator: clips > 1 ? clips : 0, entries: clips)],
      measures: ["embedding/spread": spread])
  }

  public func stepEnded(_ step: Int) { if stage == 0 { pretext.stepEnded() } }

  public var warning: String? {
    guard stage == 0, pretext.canCollapse, spread < Self.collapse else { return nil }
    return "the embeddings of all clips are nearly the same: the pre-training has collapsed; "
      + "expected an embedding/spread above \(Self.collapse)"
  }

  public func stageEnded(_ stage: Int, _ context: StageContext) throws -> MaskReport? {
    self.stage = stage + 1
    return nil
  }

  public var memory: [String: Tensor] { stage == 0 ? pretext.memory : [:] }

  public func restore(_ memory: [String: Tensor], stage: Int, context: StageContext) throws {
    self.stage = stage
    if stage == 0 { try pretext.restore(memory, step: context.step) }
  }
}

/// A backbone in evaluation mode, and an output mapping of its embedding that is trained.
private final class ProbedNetwork: Classifier {
  private let backbone: any Backbone
  private let output: OutputMapping

  /// The trained part.
  var head: any Classifier { Head(network: self) }

  init(_ backbone: any Backbone, classes: Int, random: RandomSource) {
    self.backbone = backbone
    output = OutputMapping(backbone.embeddingWidth, classes, random: random)
  }

  var namedParameters: NamedParameters {
    backbone.body.map { ("backbone.\($0.name)", $0.parameter) }
      + output.namedParameters(under: "output")
  }

  func callAsFunction(_ input: Tensor, _ mode: Mode) -> Prediction {
    let embedding = backbone(input, mode.frozen).embedding
    return Prediction(.logits(output(embedding, mode)), embedding: embedding)
  }

  private struct Head: Classifier {
    let network: ProbedNetwork

    var namedParameters: NamedParameters { network.output.namedParameters(under: "output") }

    func callAsFunction(_ input: Tensor, _ mode: Mode) -> Prediction { network(input, mode) }
  }
}
