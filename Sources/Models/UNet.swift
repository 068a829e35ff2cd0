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

    var namedParameters: [(name: String, parameter: Parameter)] {
      conv.namedParameters.map { ("0.\($0.name)", $0.parameter) }
        + norm.namedParameters.map { ("1.\($0.name)", $0.parameter) }
    }

    func callAsFunction(_ x: Tensor, _ mode: Mode) -> Tensor {
      norm(conv(x, mode), relu: true, pool: pool, mode)
    }
  }
}

/// U-Net, means of 8 × 96 windows, layer norm, linear: 18,201 parameters for 20 classes.
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
