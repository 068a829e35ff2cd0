// The pre-processors for reprogramming: small networks from spectrogram to spectrogram.
import Autograd
import Formats
import Layers

/// The catalogue of pre-processors, which transform the input of a frozen network.
public enum Preprocessors: CatalogProtocol {
  /// A pre-processor [B, H, W, 1] → [B, H, W, 1].
  public struct Entry: Sendable {
    public let id: String
    /// A pre-processor with random initial weights.
    let make: @Sendable (RandomSource) -> any Layer
  }

  public static let kind = "pre-processor"
  /// All pre-processors. A new one is a line here.
  public static let all = [
    Entry(id: "cnn") { TwoConvolutions(isRectified: false, random: $0) },
    Entry(id: "cnn-relu") { TwoConvolutions(isRectified: true, random: $0) },
    Entry(id: "unet") { PaddedUNet(UNet(random: $0)) },
  ]

  public static func id(of entry: Entry) -> String { entry.id }

  /// A pre-processor with random initial weights.
  ///
  /// - Throws: `Problem` if there is no such id.
  public static func make(_ id: String, random: RandomSource) throws -> any Layer {
    try entry(id).make(random)
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

  var namedParameters: [(name: String, parameter: Parameter)] { net.namedParameters }

  /// [B, H, W, 1] → [B, H, W, 1] ≥ 0
  func callAsFunction(_ x: Tensor, _ mode: Mode) -> Tensor {
    let missing = [1, 2].map { (8 - x.shape[$0] % 8) % 8 }
    guard missing != [0, 0] else { return net(x, mode) }
    let padded = x.pad(1, after: missing[0]).pad(2, after: missing[1])
    return net(padded, mode).slice(1, 0..<x.shape[1]).slice(2, 0..<x.shape[2])
  }
}
