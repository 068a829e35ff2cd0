// The methods that reprogram or fine-tune a pre-trained network, and their baselines without one.
// Paper: Chen & Lerch 2022, arXiv:2211.08379.
import Autograd
import Datasets
import Layers

/// The layers before the output mapping (a layer norm and a linear layer).
public protocol ReprogrammingDesign: Sendable {
  /// Id, title, summary, paper and hyperparameters.
  static var card: Card { get }
  /// The use of the recipe's model.
  static var backbone: ReprogrammingBackbone { get }
  /// The id of the pre-processor of the input; nil for none.
  static func part(_ settings: Settings) -> String?
  /// The learned changes of the backbone's weights; nil for none.
  static func updates(_ backbone: any Backbone, _ setup: MethodSetup) -> LowRankUpdates?
}

extension ReprogrammingDesign {
  public static func updates(
    _ backbone: any Backbone, _ setup: MethodSetup
  ) -> LowRankUpdates? { nil }
}

/// The use of the recipe's model as a backbone.
public enum ReprogrammingBackbone: Sendable {
  /// Its weights are frozen; gradients flow through it to its input.
  case frozen
  /// All weights are trained, except those of its own head, which is not used.
  case trained
  /// Only its biases are trained.
  case biases
  /// It only selects the input and is not built. The output mapping takes the means of 8 × 96
  /// windows of the pre-processor's output; the authors' code flattens that output instead.
  case none
}

/// A linear probe: the output mapping on the embedding of the frozen network. 16,916 parameters are
/// trained for 768 values and 20 classes.
/// Paper: "AST with simple mapping", AST-BS.
public enum LinearProbe: ReprogrammingDesign {
  /// Id, title, summary, paper and hyperparameters.
  public static let card = Card(
    id: "reprogram-linear", title: "Linear probe",
    summary: "a frozen network; layer norm and a linear layer on its embedding learn the classes",
    paper: paper)
  public static let backbone = ReprogrammingBackbone.frozen
  public static func part(_ settings: Settings) -> String? { nil }
}

/// Two 3×3 convolutions of one channel in front of a frozen network. 16,936 parameters are trained
/// for 20 classes.
/// Paper: CNNRP.
public enum ConvolutionsBefore: ReprogrammingDesign {
  /// Id, title, summary, paper and hyperparameters.
  public static let card = Card(
    id: "reprogram-cnn", title: "Reprogramming, CNN",
    summary:
      "two convolutions change what a frozen network sees; a linear layer reads its embedding",
    paper: paper)
  public static let backbone = ReprogrammingBackbone.frozen
  public static func part(_ settings: Settings) -> String? { "cnn" }
}

/// A U-Net with additive skip connections in front of a frozen network. 18,201 parameters are
/// trained for 20 classes.
/// Paper: URP.
/// Differs: in the authors' released code no gradient reaches the U-Net. The paper counts its
/// parameters, so it is trained here.
public enum UNetBefore: ReprogrammingDesign {
  /// Id, title, summary, paper and hyperparameters.
  public static let card = Card(
    id: "reprogram-unet", title: "Reprogramming, U-Net",
    summary: "a U-Net changes what a frozen network sees; a linear layer reads its embedding",
    paper: paper)
  public static let backbone = ReprogrammingBackbone.frozen
  public static func part(_ settings: Settings) -> String? { "unet" }
}

/// The two convolutions without a backbone, each followed by a ReLU: a baseline without
/// pre-training.
/// Paper: "CNN"; the ReLUs are those of the authors' code.
public enum ConvolutionsOnly: ReprogrammingDesign {
  /// Id, title, summary, paper and hyperparameters.
  public static let card = Card(
    id: "cnn-only", title: "CNN without the network",
    summary: "the two convolutions of reprogramming and a linear layer, nothing pre-trained",
    paper: paper, hyperparameters: [relu])
  public static let backbone = ReprogrammingBackbone.none
  public static func part(_ settings: Settings) -> String? {
    settings[relu] ? "cnn-relu" : "cnn"
  }

  private static let relu = Hyperparameter<Bool>(
    "relu", "ReLU", help: "behind each convolution, as in the authors' stand-alone network",
    initial: true, before: false)
}

/// The U-Net without a backbone, 18,201 parameters: a baseline without pre-training.
/// Paper: "U-Net".
public enum UNetAlone: ReprogrammingDesign {
  /// Id, title, summary, paper and hyperparameters.
  public static let card = Card(
    id: "unet-only", title: "U-Net without the network",
    summary: "the U-Net of reprogramming and a linear layer, nothing pre-trained", paper: paper)
  public static let backbone = ReprogrammingBackbone.none
  public static func part(_ settings: Settings) -> String? { "unet" }
}

/// Fine-tuning: the network of the linear probe with all weights trained.
/// Paper: AST-TL; Gong, Chung & Glass 2021, arXiv:2104.01778.
public enum WholeNetwork: ReprogrammingDesign {
  /// Id, title, summary, paper and hyperparameters.
  public static let card = Card(
    id: "fine-tune", title: "Fine-tuning",
    summary: "all weights of a pre-trained network are trained further, under a fresh linear layer",
    paper: paper)
  public static let backbone = ReprogrammingBackbone.trained
  public static func part(_ settings: Settings) -> String? { nil }
}

private let paper = "Chen & Lerch 2022, arXiv:2211.08379"

public typealias ReprogramLinear = Reprogramming<LinearProbe>
public typealias ReprogramCNN = Reprogramming<ConvolutionsBefore>
public typealias ReprogramUNet = Reprogramming<UNetBefore>
public typealias CNNOnly = Reprogramming<ConvolutionsOnly>
public typealias UNetOnly = Reprogramming<UNetAlone>
public typealias FineTune = Reprogramming<WholeNetwork>
public typealias LoRA = Reprogramming<LowRankAdaptation>
public typealias BitFit = Reprogramming<BiasesOnly>

/// B1's loss on a network of a design. Targets may be soft (openmic2018 with `dataset.soft`), since
/// cross-entropy accepts any probability.
public final class Reprogramming<Design: ReprogrammingDesign>: Method {
  public static var card: Card { Design.card }

  public let model: any Classifier
  private let augmentation: Augmentation

  /// - Throws: `SettingsError` if the recipe's model is not a ``Layers/Backbone``.
  public init(_ setup: MethodSetup) throws {
    model = try Self.network(setup)
    augmentation = setup.augmentation
  }

  private static func network(_ setup: MethodSetup) throws -> any Classifier {
    func part() throws -> (any Layer)? { try Design.part(setup.settings).map(setup.makePart) }
    if Design.backbone == .none, let part = try part() {
      return PooledClassifier(part, classes: setup.classes, random: setup.random)
    }
    guard let backbone = try setup.makeModel() as? any Backbone else {
      throw SettingsError(
        key: card.id, problem: "the model has no embedding to build on",
        expected: "another one, such as ast")
    }
    return ReprogrammedClassifier(
      backbone, input: try part(), use: Design.backbone,
      updates: Design.updates(backbone, setup), classes: setup.classes, random: setup.random)
  }

  public func loss(_ batch: Batch, _ mode: Mode) -> Loss {
    let augmented = augmentation(batch, mode)
    return Loss(supervised: model(augmented.input, mode), augmented)
  }
}

/// An optional pre-processor, a backbone, and an output mapping of its embedding.
///
/// A frozen backbone runs in evaluation mode. Gradients flow to its input, but not to its weights.
/// Weights from a file are not part of the state; the state has a digest of the file instead and
/// can be restored only with that file.
/// Paper: Chen & Lerch 2022, arXiv:2211.08379.
final class ReprogrammedClassifier: InputChanging {
  private let input: (any Layer)?
  private let backbone: any Backbone
  private let output: OutputMapping
  private let isFrozen: Bool
  private let updates: LowRankUpdates?
  /// The digest of the weight file of a frozen backbone; nil without a file.
  private let digest: Parameter?

  init(
    _ backbone: any Backbone, input: (any Layer)? = nil, use: ReprogrammingBackbone,
    updates: LowRankUpdates? = nil, classes: Int, random: RandomSource
  ) {
    self.input = input
    self.backbone = backbone
    self.updates = updates
    isFrozen = use == .frozen
    output = OutputMapping(backbone.embeddingWidth, classes, random: random)
    digest = isFrozen ? backbone.origin.map { Parameter(fixed: $0.mark) } : nil
    guard use != .trained else { return }
    for (name, parameter) in backbone.namedParameters
    where isFrozen || !name.hasSuffix("bias") { parameter.freeze() }
  }

  /// `input.…`, `updates.…`, `output.…`, and `backbone.…` or `backbone.digest`.
  var namedParameters: NamedParameters {
    let own =
      (input?.namedParameters(under: "input") ?? [])
      + (updates?.namedParameters(under: "updates") ?? [])
      + output.namedParameters(under: "output")
    if let digest { return own + [("backbone.digest", digest)] }
    return own + backbone.body.map { ("backbone.\($0.name)", $0.parameter) }
  }

  var parameterCount: Int {
    let parts =
      (input?.parameterCount ?? 0) + (updates?.parameterCount ?? 0) + output.parameterCount
    return backbone.body.map(\.parameter.value.count).reduce(parts, +)
  }

  /// Predicts inputs [B, 1, M, T] or [B, T, D]. The embedding is that of the backbone.
  func callAsFunction(_ input: Tensor, _ mode: Mode) -> Prediction {
    let backbone = self.backbone
    let own = isFrozen ? mode.frozen : mode
    let used = updates?.applied(in: mode, frozen: own) ?? own
    let embedding = backbone(changed(input, mode), used).embedding
    return Prediction(.logits(output(embedding, mode)), embedding: embedding)
  }

  var changesInput: Bool { input != nil }

  func changed(_ input: Tensor, _ mode: Mode) -> Tensor {
    guard let layer = self.input else { return input }
    return layer(input.asImages, mode).reshape(input.shape)
  }
}
