// The methods that reprogram, tune or do without a pre-trained network: one table.
// Paper: Chen & Lerch 2022, arXiv:2211.08379.
import Autograd
import Datasets
import Layers

/// One row of the table: what stands before the output mapping, a layer norm and a linear layer.
public protocol ReprogrammingDesign: Sendable {
  static var card: Card { get }
  static var backbone: ReprogrammingBackbone { get }
  /// The pre-processor of the input, by id; nil: none.
  static func part(_ settings: Settings) -> String?
}

/// What becomes of the recipe's model.
public enum ReprogrammingBackbone: Sendable {
  /// Its weights stay as they are; gradients flow through it to its input.
  case frozen
  /// Every weight is trained, but not its own head, which no loss reaches.
  case trained
  /// It says what the input is, and is not made. The output mapping takes 8 × 96 window means of
  /// the pre-processor's picture, where the authors' file flattens the picture.
  case none
}

/// A linear probe: the frozen network's embedding, read anew. 16,916 parameters are trained from
/// 768 values to 20 classes.
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

/// A U-Net with additive skips in front of a frozen network. 18,201 parameters are trained for 20
/// classes.
/// Paper: URP.
/// Differs: the authors' released file lets no gradient reach the U-Net; the number of parameters
/// in the paper counts it, and it is trained here.
public enum UNetBefore: ReprogrammingDesign {
  /// Id, title, summary, paper and hyperparameters.
  public static let card = Card(
    id: "reprogram-unet", title: "Reprogramming, U-Net",
    summary: "a U-Net changes what a frozen network sees; a linear layer reads its embedding",
    paper: paper)
  public static let backbone = ReprogrammingBackbone.frozen
  public static func part(_ settings: Settings) -> String? { "unet" }
}

/// The two convolutions by themselves, each with a ReLU behind it: a baseline without pre-training.
/// Paper: "CNN"; the ReLUs are those of its authors' file.
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

/// The U-Net by itself: what 18,201 parameters can do without pre-training.
/// Paper: "U-Net".
public enum UNetAlone: ReprogrammingDesign {
  /// Id, title, summary, paper and hyperparameters.
  public static let card = Card(
    id: "unet-only", title: "U-Net without the network",
    summary: "the U-Net of reprogramming and a linear layer, nothing pre-trained", paper: paper)
  public static let backbone = ReprogrammingBackbone.none
  public static func part(_ settings: Settings) -> String? { "unet" }
}

/// The network of the linear probe with every weight trained: the expensive way to use what was
/// learned before.
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

/// B1's loss on a network of one design. Targets may be soft (openmic2018 with `dataset.soft`):
/// cross-entropy takes any probability.
public final class Reprogramming<Design: ReprogrammingDesign>: Method {
  public static var card: Card { Design.card }

  public let model: any Classifier
  private let augmentation: Augmentation

  /// Throws where the recipe's model has no embedding to build on.
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
      backbone, input: try part(), isFrozen: Design.backbone == .frozen,
      classes: setup.classes, random: setup.random)
  }

  public func loss(_ batch: Batch, _ mode: Mode) -> Loss {
    let seen = augmentation(batch, mode)
    return Loss(supervised: model(seen.input, mode), seen)
  }
}

/// pre-processor (perhaps none) → backbone → output mapping of its embedding.
///
/// A frozen backbone computes as in evaluation, keeps no gradient of its weights and lets that of
/// its input through. Weights that came from a file are not part of the state: the state has a mark
/// of the file in their place, and nothing else than that file fits it.
/// Paper: Chen & Lerch 2022, arXiv:2211.08379.
final class ReprogrammedClassifier: InputChanging {
  private let input: (any Layer)?
  private let backbone: any Backbone
  private let output: OutputMapping
  private let isFrozen: Bool
  /// Of a frozen backbone from a file.
  private let mark: Parameter?

  init(
    _ backbone: any Backbone, input: (any Layer)? = nil, isFrozen: Bool, classes: Int,
    random: RandomSource
  ) {
    self.input = input
    self.backbone = backbone
    self.isFrozen = isFrozen
    output = OutputMapping(backbone.embeddingWidth, classes, random: random)
    mark = isFrozen ? backbone.origin.map { Parameter(fixed: $0.mark) } : nil
    if isFrozen { for (_, parameter) in backbone.namedParameters { parameter.freeze() } }
  }

  /// `input.…`, `output.…`, and `backbone.…` or `backbone.digest`.
  var namedParameters: [(name: String, parameter: Parameter)] {
    func named(_ prefix: String, _ all: [(name: String, parameter: Parameter)])
      -> [(name: String, parameter: Parameter)]
    { all.map { ("\(prefix).\($0.name)", $0.parameter) } }
    let own =
      named("input", input?.namedParameters ?? []) + named("output", output.namedParameters)
    if let mark { return own + [("backbone.digest", mark)] }
    return own + named("backbone", backbone.body)
  }

  var parameterCount: Int {
    let parts = (input?.parameterCount ?? 0) + output.parameterCount
    return backbone.body.map(\.parameter.value.count).reduce(parts, +)
  }

  /// [B, 1, M, T] or [B, T, D] to logits [B, C]; the embedding is the backbone's.
  func callAsFunction(_ input: Tensor, _ mode: Mode) -> Prediction {
    let backbone = self.backbone
    let seen = changed(input, mode)
    let embedding = backbone(seen, isFrozen ? mode.frozen : mode).embedding
    return Prediction(.logits(output(embedding, mode)), embedding: embedding)
  }

  var changesInput: Bool { input != nil }

  func changed(_ input: Tensor, _ mode: Mode) -> Tensor {
    guard let layer = self.input else { return input }
    return layer(input.asPicture, mode).reshape(input.shape)
  }
}
