// The pre-processors of reprogramming: a U-Net, and two convolutions.
import Acoustics
import Autograd
import Layers

/// A U-Net with additive skip connections: [B, H, W, 1] → [B, H, W, 1], with output ≥ 0. It has
/// 1,285 parameters.
///
/// ```swift
/// let net = UNet(random: RandomSource(Generator(seed: 1)))
/// let spectrograms = Tensor(repeating: 1, [2, 64, 48, 1])
/// let changed = net(spectrograms, .evaluation())  // [2, 64, 48, 1]
/// ```
///
/// Papers: Ronneberger, Fischer & Brox 2015, arXiv:1505.04597; as an input transformation, Chen &
/// Lerch 2023.
public final class UNet: Parametric {
  private let unet_1, unet_2, unet_3, unet_4, unet_5, unet_6: Block

  /// A U-Net with random initial weights.
  public init(random: RandomSource) {
    unet_1 = Block(1, 4, pool: Extent(2), random)
    unet_2 = Block(4, 8, pool: Extent(2), random)
    unet_3 = Block(8, 8, pool: Extent(2), random)
    unet_4 = Block(8, 4, random)
    unet_5 = Block(4, 1, random)
    unet_6 = Block(1, 1, random)
  }

  /// Transforms images [B, H, W, 1].
  ///
  /// - Precondition: H and W are divisible by 8.
  public func callAsFunction(_ x: Tensor, _ mode: Mode) -> Tensor {
    precondition(
      x.shape.count == 4 && x.shape[3] == 1 && x.shape[1] % 8 == 0 && x.shape[2] % 8 == 0,
      "U-Net on \(x.shape); expected [B, H, W, 1] with sides divisible by 8")
    let half = unet_1(x, mode)  // [B, H/2, W/2, 4]
    let quarter = unet_2(half, mode)  // [B, H/4, W/4, 8]
    var y = unet_3(quarter, mode).upsample()
    y = unet_4(y + quarter, mode).upsample()
    y = unet_5(y + half, mode).upsample()
    return unet_6(y + x, mode)
  }

  /// A 3×3 convolution without bias, batch normalisation, ReLU and optional max-pooling. The layers
  /// are named by their index in a sequence, as in published checkpoints.
  private struct Block: Parametric {
    let conv: Conv2d
    let norm: BatchNorm
    let pool: Extent?

    init(_ inputs: Int, _ outputs: Int, pool: Extent? = nil, _ random: RandomSource) {
      conv = Conv2d(
        inputs, outputs, kernel: Extent(3), padding: Extent(1), bias: false, random: random)
      norm = BatchNorm(outputs)
      self.pool = pool
    }

    var namedParameters: NamedParameters {
      conv.namedParameters(under: "0") + norm.namedParameters(under: "1")
    }

    func callAsFunction(_ x: Tensor, _ mode: Mode) -> Tensor {
      norm(conv(x, mode), relu: true, pool: pool, mode)
    }
  }
}

/// Two 3×3 convolutions with one channel, 20 parameters; if rectified, each is followed by a ReLU.
/// Paper: Chen & Lerch 2022, arXiv:2211.08379. In their code the convolutions in front of the
/// transformer have no ReLU; those of the stand-alone network have one each.
struct TwoConvolutions: Layer {
  private let conv1, conv2: Conv2d
  private let isRectified: Bool

  init(isRectified: Bool, random: RandomSource) {
    self.isRectified = isRectified
    conv1 = Conv2d(1, 1, kernel: Extent(3), padding: Extent(1), random: random)
    conv2 = Conv2d(1, 1, kernel: Extent(3), padding: Extent(1), random: random)
  }

  /// [B, H, W, 1] → [B, H, W, 1]
  func callAsFunction(_ x: Tensor, _ mode: Mode) -> Tensor {
    guard isRectified else { return conv2(conv1(x, mode), mode) }
    return conv2(conv1(x, mode).relu(), mode).relu()
  }
}

/// The U-Net on spectrograms of any size: both axes are zero-padded to a multiple of 8, and the
/// padding is cut off again.
struct PaddedUNet: Layer {
  private let net: UNet

  init(_ net: UNet) { self.net = net }

  var namedParameters: NamedParameters { net.namedParameters }

  /// [B, H, W, 1] → [B, H, W, 1] ≥ 0
  func callAsFunction(_ x: Tensor, _ mode: Mode) -> Tensor {
    let missing = [1, 2].map { (8 - x.shape[$0] % 8) % 8 }
    guard missing != [0, 0] else { return net(x, mode) }
    let padded = x.pad(1, after: missing[0]).pad(2, after: missing[1])
    return net(padded, mode).slice(1, 0..<x.shape[1]).slice(2, 0..<x.shape[2])
  }
}

/// A U-Net, the means of 8 × 96 windows, a layer norm and a linear layer: 18,201 parameters for 20
/// classes.
public enum UNetModel: ModelBlueprint {
  /// Id, title, summary, paper and settings.
  public static let card = Card(
    id: "unet", title: "U-Net and a linear layer",
    summary: "The pre-processor of reprogramming by itself; 18,201 parameters",
    paper:
      "Ronneberger, Fischer & Brox 2015, arXiv:1505.04597; Chen & Lerch 2022, arXiv:2211.08379",
    hyperparameters: KaldiInput.hyperparameters)

  public static func input(_ settings: Settings) -> ModelInput {
    KaldiInput.input(settings)
  }

  public static func make(
    classes: Int, input: InputSize, settings: Settings, random: RandomSource
  ) throws -> any Classifier {
    PooledClassifier(
      try Preprocessors.make("unet", random: random), classes: classes, random: random)
  }
}
