// The network of VGGish: a log-mel patch to 128 numbers.
import Autograd
import Layers

/// Six 3×3 convolutions with ReLU, pooled after the first, second, fourth and sixth, and three
/// dense layers with ReLU. 72,141,184 parameters, named as in torchvggish's state dict.
/// Paper: Hershey et al. 2017, arXiv:1609.09430.
package struct VGGishNetwork: Sendable {
  /// Frames and bands of a patch.
  package static let frames = 96
  package static let bands = 64
  /// D.
  package static let width = 128

  private struct Affine: Sendable { let weight, bias: Tensor }

  private let convolutions: [Affine]
  private let dense: [Affine]

  /// Names and shapes of the weights; each has a bias of as many values as outputs.
  package static let convolutionShapes = [
    ("features.0", [64, 1, 3, 3]), ("features.3", [128, 64, 3, 3]),
    ("features.6", [256, 128, 3, 3]), ("features.8", [256, 256, 3, 3]),
    ("features.11", [512, 256, 3, 3]), ("features.13", [512, 512, 3, 3]),
  ]
  package static let denseShapes = [
    ("embeddings.0", [4096, 6 * 4 * 512]), ("embeddings.2", [4096, 4096]),
    ("embeddings.4", [width, 4096]),
  ]
  private static let pooled: Set = ["features.0", "features.3", "features.8", "features.13"]

  /// Throws `Problem` where a tensor is missing, of another shape or one too many.
  package init(_ weights: WeightTable) throws {
    func affine(_ layer: (name: String, shape: [Int])) throws -> Affine {
      Affine(
        weight: try weights.take("\(layer.name).weight", layer.shape),
        bias: try weights.take("\(layer.name).bias", [layer.shape[0]]))
    }
    convolutions = try Self.convolutionShapes.map(affine)
    dense = try Self.denseShapes.map(affine)
    // torchvggish's later versions keep the PCA in the same module; it is read from its own file.
    let names = (Self.convolutionShapes + Self.denseShapes).map(\.0)
    try weights.expectOnly(
      names.flatMap { ["\($0).weight", "\($0).bias"] } + ["pproc.pca_matrix", "pproc.pca_means"])
  }

  /// [B, 96, 64] → [B, 128]
  package func callAsFunction(_ patches: Tensor) -> Tensor {
    var x = patches.reshape([patches.shape[0], Self.frames, Self.bands, 1])
    for ((name, _), layer) in zip(Self.convolutionShapes, convolutions) {
      x = x.conv2d(layer.weight, layer.bias, padding: Extent(1)).relu()
      if Self.pooled.contains(name) { x = x.maxPool2d(Extent(2)) }
    }
    x = x.reshape([x.shape[0], -1])  // time, band, channel: as in TensorFlow
    for layer in dense { x = x.linear(layer.weight, layer.bias).relu() }
    return x
  }
}

/// The whitening and 8-bit quantization that AudioSet's released embeddings went through.
package struct VGGishPostprocessor: Sendable {
  /// What becomes of fractions: torchvggish rounds, AudioSet and OpenMIC-2018 cut.
  package enum Rounding: Sendable { case nearest, down }

  private let matrix: Tensor  // [128, 128]
  private let means: Tensor  // [128]
  package let rounding: Rounding

  package init(_ weights: WeightTable, rounding: Rounding) throws {
    let width = VGGishNetwork.width
    matrix = try weights.take("pca_eigen_vectors", [width, width])
    let column = weights.tensors["pca_means"]?.shape == [width, 1]
    means = try weights.take("pca_means", column ? [width, 1] : [width]).reshape([width])
    self.rounding = rounding
  }

  /// [B, 128] → [B, 128], whole numbers 0...255 that stand for -2...2.
  package func callAsFunction(_ embeddings: Tensor) -> Tensor {
    let whitened = (embeddings - means).linear(matrix).clamp(-2, 2)
    let rule: FloatingPointRoundingRule = rounding == .nearest ? .toNearestOrEven : .down
    return Tensor(
      whitened.values.map { (($0 + 2) * (255.0 / 4)).rounded(rule) }, whitened.shape)
  }
}
