// From a spectrogram to the sequence that a transformer reads.
import Autograd
import Layers

/// Patches 16×16 every 10, each multiplied into a vector, behind a class token and a distillation
/// token (Touvron et al. 2021, arXiv:2012.12877), plus learned positions.
struct PatchEmbeddings: Parametric {
  /// The projection as checkpoints hold it: a convolution.
  private struct Projection: Parametric {
    let weight: Parameter  // [width, 1, 16, 16]
    let bias: Parameter
  }
  private struct Patches: Parametric { let projection: Projection }

  private let clsToken: Parameter  // [1, 1, width]
  private let distillationToken: Parameter
  private let positionEmbeddings: Parameter  // [1, 2 + F·T, width]
  private let patchEmbeddings: Patches

  static let size = 16
  static let stride = 10
  /// Tokens in front of the patches.
  static let tokens = 2

  init(width: Int, frames: Int, mels: Int, random: RandomSource) {
    func count(_ length: Int) -> Int { (length - Self.size) / Self.stride + 1 }
    let length = Self.tokens + count(mels) * count(frames)
    clsToken = Parameter(.zeros([1, 1, width]))
    distillationToken = Parameter(.zeros([1, 1, width]))
    positionEmbeddings = Parameter(
      Tensor(
        (0..<length * width).map { _ in Float(random.generator.normal(std: 0.02)) },
        [1, length, width]))
    let dense = Linear(Self.size * Self.size, width, random: random)
    patchEmbeddings = Patches(
      projection: Projection(
        weight: Parameter(dense.weight.value.reshape([width, 1, Self.size, Self.size])),
        bias: Parameter(dense.bias?.value ?? .zeros([width]))))
  }

  /// [B, frames, mels] → [B, 2 + F·T, width]
  func callAsFunction(_ x: Tensor, _ mode: Mode) -> Tensor {
    let weight = mode.use(patchEmbeddings.projection.weight)
    let patches = x.patches(size: Self.size, stride: Self.stride).linear(
      weight.reshape([weight.shape[0], -1]), mode.use(patchEmbeddings.projection.bias),
      precision: mode.precision)
    return patches.sequence(
      after: [mode.use(clsToken), mode.use(distillationToken)],
      positions: mode.use(positionEmbeddings))
  }
}
