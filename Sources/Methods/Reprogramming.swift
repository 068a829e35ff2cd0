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
  /// What the backbone's input goes through first; nil for nothing. The default is `part`.
  ///
  /// - Throws: An error if there is no such pre-processor.
  static func input(_ setup: MethodSetup) throws -> (any Layer)?
  /// The learned changes inside the backbone; nil for none.
  static func updates(_ backbone: any Backbone, _ setup: MethodSetup) -> (any BackboneUpdates)?
}

extension ReprogrammingDesign {
  public static func part(_ settings: Settings) -> String? { nil }

  public static func input(_ setup: MethodSetup) throws -> (any Layer)? {
    try part(setup.settings).map(setup.makePart)
  }

  public static func updates(
    _ backbone: any Backbone, _ setup: MethodSetup
  ) -> (any BackboneUpdates)? { nil }
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
    paper: paper, hyperparameters: OutputChoice.hyperparameters)
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
    paper: paper, hyperparameters: OutputChoice.hyperparameters)
  public static let backbone = ReprogrammingBackbone.frozen
  public static func part(_ settings: Settings) -> String? { "unet" }
}

/// A trained picture that is added to the input of a frozen network, the same for all clips. AST's
/// input has 131,072 values.
/// Paper: NRP.
/// Differs: the picture starts at 0, so that training starts from the network as it is.
public enum NoiseBefore: ReprogrammingDesign {
  /// Id, title, summary, paper and hyperparameters.
  public static let card = Card(
    id: "reprogram-noise", title: "Reprogramming, noise",
    summary: "a trained picture is added to what a frozen network sees; a linear layer reads it",
    paper: paper, hyperparameters: OutputChoice.hyperparameters)
  public static let backbone = ReprogrammingBackbone.frozen

  public static func input(_ setup: MethodSetup) throws -> (any Layer)? {
    guard setup.input.count > 1 else {
      throw SettingsError(
        key: card.id, problem: "a clip of shape \(setup.input)", expected: "a picture")
    }
    return AddedPicture(Array(setup.input.suffix(2)))
  }
}

/// A picture of the input's size that is added to every clip.
struct AddedPicture: Layer {
  private let noise: Parameter

  /// `shape`: [H, W].
  init(_ shape: [Int]) { noise = Parameter(.zeros(shape + [1])) }

  /// [B, H, W, 1] → [B, H, W, 1]
  func callAsFunction(_ x: Tensor, _ mode: Mode) -> Tensor { x + mode.use(noise) }
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
}

private let paper = "Chen & Lerch 2022, arXiv:2211.08379"

public typealias ReprogramLinear = Reprogramming<LinearProbe>
public typealias ReprogramCNN = Reprogramming<ConvolutionsBefore>
public typealias ReprogramUNet = Reprogramming<UNetBefore>
public typealias ReprogramNoise = Reprogramming<NoiseBefore>
public typealias CNNOnly = Reprogramming<ConvolutionsOnly>
public typealias UNetOnly = Reprogramming<UNetAlone>
public typealias FineTune = Reprogramming<WholeNetwork>
public typealias LoRA = Reprogramming<LowRankAdaptation>
public typealias BitFit = Reprogramming<BiasesOnly>
public typealias Adapters = Reprogramming<BottleneckAdapters>
